import TryoutCore
import Yams

extension Reader {
  /// A regular expression, compiled; what is wrong with it is told with the letter at which it is.
  func pattern(_ cursor: Cursor) -> Pattern? {
    guard let text = cursor.text("a regular expression", mayBeEmpty: false) else { return nil }
    do throws(Pattern.Refusal) {
      return try Pattern(text)
    } catch {
      cursor.error(
        "\(quoted(text)) in \(cursor.path), letter \(error.offset + 1): \(error.message)",
        expected: "a regular expression",
        advice: error.advice
      )
      return nil
    }
  }

  /// A JSON Schema, inline or in a file, compiled; its keywords that nobody knows are warnings.
  func schema(_ cursor: Cursor) -> JSONSchema? {
    let expected = "the path of a JSON Schema, or the schema itself"
    if cursor.isMap {
      guard let json = cursor.json() else { return nil }
      return schema(json.canonicalText, of: cursor.path) {
        cursor.descendant($0)?.place ?? cursor.place
      }
    }
    guard cursor.isScalar else { return cursor.refuse(expected) }
    guard let file = folder.text(of: cursor) else { return nil }
    // Nothing but the text knows lines; the pointer in the message leads to the place.
    return schema(file.text, of: quoted(file.name)) { _ in Place(file: file.name) }
  }

  private func schema(_ text: String, of name: String, at place: (String) -> Place) -> JSONSchema? {
    let (schema, remarks) = JSONSchema.read(text)
    for remark in remarks {
      let pointer = remark.pointer.isEmpty ? "" : " at \(remark.pointer)"
      let message = "the JSON Schema in \(name)\(pointer): \(remark.message)"
      if remark.isError {
        collector.error(
          message, at: place(remark.pointer), expected: "JSON Schema 2020-12", advice: remark.advice
        )
      } else {
        let advice = remark.unknownKeyword.flatMap {
          Suggestion.advice(for: $0, among: JSONSchema.keywords)
        }
        collector.warning(message, at: place(remark.pointer), advice: advice ?? remark.advice)
      }
    }
    return schema
  }
}

private extension Cursor {
  /// The node at a JSON pointer from here.
  func descendant(_ pointer: String) -> Cursor? {
    var cursor = self
    for step in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      let name = String(step.replacing("~1", with: "/").replacing("~0", with: "~"))
      switch cursor.node {
      case .mapping(let mapping):
        guard let pair = mapping.first(where: { $0.key.scalar?.string == name }) else { return nil }
        cursor = cursor.child(pair.value, path: "\(cursor.path).\(name)")
      case .sequence(let sequence):
        guard let index = Int(name), sequence.indices.contains(index) else { return nil }
        cursor = cursor.child(sequence[index], path: "\(cursor.path)[\(name)]")
      default: return nil
      }
    }
    return cursor
  }
}

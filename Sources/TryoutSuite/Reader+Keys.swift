import Foundation
import TryoutCore

extension Reader {
  /// Where an account's key comes from: what is written, else what the preset says.
  ///
  /// Nothing is opened and nothing runs here, so that a suite can be validated without its keys.
  func readKey(_ fields: Fields, or preset: KeySource?) -> KeySource? {
    let written = ["key_env", "key_file", "key_command"].filter(fields.has)
    guard let name = written.first, let cursor = fields[name] else { return preset }
    if written.count > 1, let second = fields[written[1]] {
      second.error("\(second.path) stands beside \(name)", expected: "one of them")
    }
    return switch name {
    case "key_env": readKeyVariable(cursor).map(KeySource.variable)
    case "key_file": readKeyFile(cursor).map(KeySource.file)
    default: readKeyCommand(cursor).map(KeySource.command)
    }
  }

  /// The text is never repeated: it may be the key itself.
  private func readKeyVariable(_ cursor: Cursor) -> String? {
    let expected = "the name of an environment variable, or none"
    guard let text = cursor.text(expected), text != "none" else { return nil }
    guard text.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil else {
      cursor.error("\(cursor.path) is not the name of a variable", expected: expected)
      return nil
    }
    guard !SecretLiteral.isUnlikelyName(text) else {
      cursor.error(
        "\(cursor.path) looks like the key itself",
        expected: expected,
        advice: "take the key out of the file, and do not use it again"
      )
      return nil
    }
    return text
  }

  /// The whole path of the file, which a suite may name outside its folder only where it was allowed to.
  private func readKeyFile(_ cursor: Cursor) -> String? {
    guard let text = cursor.text("the path of a file with nothing but the key", mayBeEmpty: false)
    else { return nil }
    return folder.path(of: text, at: cursor)
  }

  private func readKeyCommand(_ cursor: Cursor) -> [String]? {
    let expected = "a list of words such as [pass, show, openrouter]"
    guard !cursor.isScalar else {
      return cursor.refuse(
        expected, advice: "the program and each of its arguments, since no shell splits them")
    }
    let words = (cursor.list(expected, mayBeEmpty: false) ?? []).compactMap {
      $0.text(expected, mayBeEmpty: false)
    }
    return words.isEmpty ? nil : words
  }

  /// The identity of an application, each part one line that fits into a header.
  func readApp(_ cursor: Cursor) -> AppIdentity? {
    guard let fields = cursor.fields(["url", "title", "categories"]) else { return nil }
    func line(_ cursor: Cursor) -> String? {
      guard let text = cursor.text(mayBeEmpty: false) else { return nil }
      guard text.utf8.count <= 200, text.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) else {
        return cursor.refuse("one line of at most 200 ASCII characters")
      }
      return text
    }
    return AppIdentity(
      url: fields["url"].flatMap(line), title: fields["title"].flatMap(line),
      categories: fields["categories"]?.distinct("a category such as cli-agent", line) ?? [])
  }
}

/// A path to one value inside a JSON text: `$.team`, `$.items[0].name`, `$['odd key']`.
package struct JSONPath: Sendable, Hashable, Codable {
  package enum Step: Sendable, Hashable, Codable {
    case member(String)
    case element(Int)
  }

  package var steps: [Step]

  /// Reads a path; nil where the text is not one.
  ///
  /// Wildcards, filters and slices are not part of it.
  package init?(_ text: String) {
    guard text.first == "$" else { return nil }
    var steps: [Step] = []
    var rest = text.dropFirst()
    while let first = rest.first {
      rest = rest.dropFirst()
      switch first {
      case ".":
        let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
        guard !name.isEmpty else { return nil }
        steps.append(.member(String(name)))
        rest = rest.dropFirst(name.count)
      case "[":
        if let quote = rest.first, quote == "'" || quote == "\"" {
          rest = rest.dropFirst()
          guard let close = rest.firstRange(of: "\(quote)]") else { return nil }
          steps.append(.member(String(rest[..<close.lowerBound])))
          rest = rest[close.upperBound...]
        } else {
          guard
            let close = rest.firstIndex(of: "]"), let index = Int(rest[..<close]), index >= 0
          else { return nil }
          steps.append(.element(index))
          rest = rest[rest.index(after: close)...]
        }
      default:
        return nil
      }
    }
    self.steps = steps
  }

  /// The path as it is written.
  package var text: String {
    steps.reduce(into: "$") { text, step in
      switch step {
      case .member(let name):
        let plain = name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
        text += plain && !name.isEmpty ? ".\(name)" : "['\(name)']"
      case .element(let index): text += "[\(index)]"
      }
    }
  }

  /// The value at the path; nil where there is none.
  ///
  /// A JSON null is a value.
  package func value(in json: JSON) -> JSON? {
    var value = json
    for step in steps {
      switch (step, value) {
      case (.member(let name), .object(let members)):
        guard let next = members[name] else { return nil }
        value = next
      case (.element(let index), .array(let elements)) where elements.indices.contains(index):
        value = elements[index]
      default: return nil
      }
    }
    return value
  }
}

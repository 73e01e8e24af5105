/// A JSON value as it is written: numbers with all their digits, strings compared scalar by scalar.
///
/// `JSON` is for what is passed through; this is for what is judged.
enum ExactJSON: Hashable, Sendable {
  case null
  case bool(Bool)
  case number(ExactNumber)
  case string(ExactText)
  case array([ExactJSON])
  case object([ExactText: ExactJSON])

  /// The kinds of values as JSON Schema names them.
  enum Kind: String, Sendable, CaseIterable {
    case null, boolean, integer, number, string, array, object
  }

  func isOf(_ kind: Kind) -> Bool {
    switch (kind, self) {
    case (.null, .null), (.boolean, .bool), (.number, .number), (.string, .string),
      (.array, .array),
      (.object, .object):
      true
    case (.integer, .number(let number)): number.isInteger
    default: false
    }
  }

  subscript(key: String) -> ExactJSON? {
    if case .object(let members) = self { members[ExactText(key)] } else { nil }
  }

  var string: String? { if case .string(let text) = self { text.string } else { nil } }

  /// The canonical text: no white space, members in order of their names.
  var text: String {
    var text = ""
    write(into: &text)
    return text
  }

  private func write(into text: inout String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .number(let number): text += number.text
    case .string(let string): text += JSON.string(string.string).canonicalText
    case .array(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += "," }
        element.write(into: &text)
      }
      text += "]"
    case .object(let members):
      text += "{"
      for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
        if index > 0 { text += "," }
        text += JSON.string(member.key.string).canonicalText + ":"
        member.value.write(into: &text)
      }
      text += "}"
    }
  }
}

/// A string that equals only one with the same scalars; Swift's own equals every canonically equivalent one.
struct ExactText: Hashable, Comparable, Sendable {
  let string: String

  init(_ string: String) { self.string = string }

  static func == (left: ExactText, right: ExactText) -> Bool {
    left.string.utf8.elementsEqual(right.string.utf8)
  }

  static func < (left: ExactText, right: ExactText) -> Bool {
    left.string.utf8.lexicographicallyPrecedes(right.string.utf8)
  }

  func hash(into hasher: inout Hasher) {
    var string = string
    string.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

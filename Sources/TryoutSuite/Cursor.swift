import TryoutCore
import Yams

/// A node of the document with its way there, which reads itself as what a field expects.
///
/// Every reader returns nil after it has left a diagnostic. Scalars are read as the text that is
/// written, so that YAML 1.1 cannot turn `yes` into a truth value or `1:30` into a number.
struct Cursor {
  let node: Node
  /// The way from the root as messages show it: `run.timeout`, `gates[2]`.
  let path: String
  let file: String
  let collector: Collector

  /// What messages call the outermost map.
  static let rootPath = "the file"

  var place: Place {
    let mark = node.mark
    return Place(file: file, line: mark?.line ?? 1, column: mark?.column ?? 1)
  }

  var isScalar: Bool { node.scalar != nil }

  var isMap: Bool { node.mapping != nil }

  /// Whether it is this text and nothing else.
  func isWord(_ word: String) -> Bool { node.scalar?.string == word }

  func child(_ node: Node, path: String) -> Cursor {
    Cursor(node: node, path: path, file: file, collector: collector)
  }

  func error(_ message: String, expected: String? = nil, advice: String? = nil) {
    collector.error(message, at: place, expected: expected, advice: advice)
  }

  func warning(_ message: String, advice: String? = nil) {
    collector.warning(message, at: place, advice: advice)
  }

  /// Says that something else was expected here; always nil, for `return`.
  func refuse<Value>(_ expected: String, advice: String? = nil) -> Value? {
    switch node {
    case .scalar(let scalar) where !isNothing:
      error("found \(quoted(scalar.string)) for \(path)", expected: expected, advice: advice)
    case .scalar, .alias:
      error(
        "nothing is written for \(path)",
        expected: expected,
        advice: "write a value or take the key out"
      )
    case .mapping(let mapping):
      let isTemplate = mapping.first?.key.mapping != nil
      error(
        "found a map for \(path)",
        expected: expected,
        advice: isTemplate ? "put quotes around {{ name }}" : advice
      )
    case .sequence:
      error("found a list for \(path)", expected: expected, advice: advice)
    }
    return nil
  }
}

// MARK: - Scalars

extension Cursor {
  /// Whether the node is an empty or null scalar that no quotes make a text.
  var isNothing: Bool {
    guard case .scalar(let scalar) = node, scalar.style == .plain else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
  }

  /// The text of a scalar as it is written.
  func text(_ expected: String = "text", mayBeEmpty: Bool = true) -> String? {
    guard case .scalar(let scalar) = node, !isNothing,
      mayBeEmpty || scalar.string.contains(where: { !$0.isWhitespace })
    else { return refuse(expected) }
    return scalar.string
  }

  /// A name that other parts of the suite, the command line and reports can use.
  func identifier() -> String? {
    guard let text = text("an id", mayBeEmpty: false) else { return nil }
    return identifierProblem(text) == nil ? text : refuse("an id of one line, at most 200 letters")
  }

  /// A number of occurrences, without a unit.
  func integer(_ range: ClosedRange<Int>) -> Int? {
    let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    guard let text = text(expected) else { return nil }
    guard text.allSatisfy({ $0.isASCII && $0.isNumber }), let value = Int(text),
      range.contains(value)
    else { return refuse(expected) }
    return value
  }

  func number(_ range: ClosedRange<Double>, _ expected: String) -> Double? {
    quantity(expected) { Units.number($0).flatMap { range.contains($0) ? $0 : nil } }
  }

  /// A quantity with a unit; a bare number is told how to write `example`.
  func quantity<Value>(
    _ expected: String,
    unit example: String? = nil,
    _ parse: (String) -> Value?
  ) -> Value? {
    guard let text = text(expected) else { return nil }
    if let value = parse(text) { return value }
    guard let example, Units.number(text) != nil else { return refuse(expected) }
    return refuse(expected, advice: "the unit is missing: write it as in \(example)")
  }

  func duration(zero: Bool = false) -> Duration? {
    let expected = "a duration\(zero ? "" : " above zero") such as 8s, 250ms, 5m or 2h"
    return quantity(expected, unit: "8s or 250ms") { text in
      Units.duration(text).flatMap { zero || $0 > .zero ? $0 : nil }
    }
  }

  func count(_ range: ClosedRange<Int>) -> Int? {
    quantity("a count from \(range.lowerBound) such as 600, 20k or 1M") { text in
      Units.count(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  func share() -> Double? {
    quantity("a share such as 95% or 0.95", Units.share)
  }

  func bool() -> Bool? {
    guard let text = text("true or false") else { return nil }
    switch text {
    case "true": return true
    case "false": return false
    default:
      let yes = ["yes", "on", "y", "t"].contains(text.lowercased()) || text.lowercased() == "true"
      let no = ["no", "off", "n", "f"].contains(text.lowercased()) || text.lowercased() == "false"
      return refuse("true or false", advice: yes ? "write true" : no ? "write false" : nil)
    }
  }

  /// One of the raw values of an enumeration.
  func choice<Value: RawRepresentable & CaseIterable>(
    _: Value.Type,
    among values: [Value] = Array(Value.allCases)
  ) -> Value? where Value.RawValue == String {
    choice(among: values.map(\.rawValue)).flatMap(Value.init)
  }

  func choice(among names: [String]) -> String? {
    let expected = names.count == 1 ? names[0] : "one of \(names.joined(separator: ", "))"
    guard let text = text(expected) else { return nil }
    guard names.contains(text) else {
      return refuse(expected, advice: Suggestion.advice(for: text, among: names))
    }
    return text
  }

  /// What the tags of YAML's own types begin with.
  private static let tagPrefix = "tag:yaml.org,2002:"

  /// Explicit tags could change what a value means, and nothing here reads them.
  func refuseTag() {
    let tag: String
    let silent: Set<String>
    switch node {
    case .scalar(let scalar):
      (tag, silent) = (
        scalar.tag.rawValue, scalar.style == .plain ? [] : [Cursor.tagPrefix + "str"]
      )
    case .mapping(let mapping): (tag, silent) = (mapping.tag.rawValue, [Cursor.tagPrefix + "map"])
    case .sequence(let sequence):
      (tag, silent) = (sequence.tag.rawValue, [Cursor.tagPrefix + "seq"])
    case .alias: return
    }
    guard !tag.isEmpty, !silent.contains(tag) else { return }
    let name = tag.hasPrefix(Cursor.tagPrefix) ? "!!\(tag.dropFirst(Cursor.tagPrefix.count))" : tag
    error("the YAML tag \(quoted(name)) is not read", expected: "a value without a tag")
  }

  /// Whether this key is `<<` without quotes.
  var isMergeKey: Bool {
    if case .scalar(let scalar) = node {
      scalar.style == .plain && scalar.string == "<<"
    } else {
      false
    }
  }
}

/// Why a text cannot be an id; nil where it can.
func identifierProblem(_ text: String) -> String? {
  if text.allSatisfy(\.isWhitespace) { return "is empty" }
  if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
    return "has more than one line"
  }
  return text.unicodeScalars.count > 200 ? "is longer than 200 letters" : nil
}

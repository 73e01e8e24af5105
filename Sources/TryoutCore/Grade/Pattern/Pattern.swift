/// A regular expression that is searched in linear time, whatever the pattern and whatever the text.
///
/// It is a set of states that read the text once, after Thompson and Pike, so there is no backtracking; what needs
/// backtracking (back-references, look-around) is refused. A pattern is written as its text wherever it is stored.
package struct Pattern: Sendable {
  /// Whose classes and anchors count.
  package enum Dialect: Sendable {
    /// That of ICU: `\d`, `\w`, `\s` and `\b` know all of Unicode, `$` also stands before a last line break.
    case unicode
    /// That of ECMA 262 with the flag `u`: `\d` and `\w` are ASCII, `$` is the very end.
    case ecma
  }

  /// Why a text is no pattern that can be searched for.
  package struct Refusal: Error, Equatable {
    package var message: String
    /// Scalars before the place, from 0.
    package var offset: Int
    package var advice: String?
  }

  package let text: String
  private let program: PatternProgram

  /// Reads a pattern; throws a `Refusal` for what is malformed, not supported, or too large.
  package init(_ text: String, dialect: Dialect = .unicode) throws(Refusal) {
    var parser = PatternParser(text, dialect)
    let node = try parser.pattern()
    var builder = PatternBuilder()
    try builder.add(node)
    self.text = text
    program = builder.program()
  }

  /// Whether the pattern occurs; nil where finding that out takes more than `steps`.
  ///
  /// A step is one state at one scalar, so that the limit is the same on every machine.
  package func occurs(in text: String, steps: Int = mostSteps) -> Bool? {
    var steps = steps
    return occurs(in: text, steps: &steps)
  }

  /// The same, with what is left of the steps for further searches.
  func occurs(in text: String, steps: inout Int) -> Bool? {
    program.search(PatternText(text), steps: &steps)
  }

  /// About a second's work.
  package static let mostSteps = 100_000_000
}

extension Pattern: Hashable {
  package static func == (left: Pattern, right: Pattern) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension Pattern: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    do {
      try self.init(container.decode(String.self))
    } catch let refusal as Refusal {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: refusal.message)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

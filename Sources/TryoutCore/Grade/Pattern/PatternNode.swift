/// What a regular expression says, before it is made into states.
indirect enum PatternNode: Sendable {
  case empty
  case scalar(Unicode.Scalar)
  case set(ScalarSet)
  case assertion(PatternAssertion)
  case sequence([PatternNode])
  case choice([PatternNode])
  /// So often at least, and at most where there is a bound. Whether as much or as little as possible is taken decides
  /// what a match holds and never whether there is one.
  case repeated(PatternNode, least: Int, most: Int?)
}

/// A condition on a place between two scalars.
enum PatternAssertion: Sendable {
  case textStart, textEnd
  /// The end, or before the line break that ends the text.
  case lastLineEnd
  case lineStart, lineEnd
  case wordBoundary(ScalarProperty?, isNegated: Bool)

  /// Whether it holds before the scalar at a place, or at the end.
  func holds(at place: Int, in text: PatternText) -> Bool {
    let previous = place > 0 ? text.scalars[place - 1] : nil
    let next = place < text.scalars.count ? text.scalars[place] : nil
    return switch self {
    case .textStart: place == 0
    case .textEnd: next == nil
    case .lastLineEnd: next == nil || place == text.lastLineEnd
    case .lineStart: previous.map(\.isLineBreak) ?? true
    case .lineEnd: next.map(\.isLineBreak) ?? true
    case .wordBoundary(let word, let isNegated):
      (PatternAssertion.isWord(previous, word) != PatternAssertion.isWord(next, word)) != isNegated
    }
  }

  /// Whether a scalar belongs to a word: in a property, or by ECMA's ASCII letters, digits and underscore.
  private static func isWord(_ scalar: Unicode.Scalar?, _ word: ScalarProperty?) -> Bool {
    guard let scalar else { return false }
    if let word { return word.contains(scalar) }
    return switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_": true
    default: false
    }
  }
}

/// A text as a search sees it.
struct PatternText {
  let scalars: [Unicode.Scalar]
  /// Where the line break begins that ends the text; the end where none does.
  let lastLineEnd: Int

  init(_ text: String) {
    scalars = Array(text.unicodeScalars)
    let length = scalars.suffix(2) == ["\r", "\n"] ? 2 : scalars.last?.isLineBreak == true ? 1 : 0
    lastLineEnd = scalars.count - length
  }
}

extension Unicode.Scalar {
  var isLineBreak: Bool {
    switch self {
    case "\n", "\r", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}": true
    default: false
    }
  }
}

/// Recognises texts that look like a key or token, and keeps them out of messages.
enum SecretLiteral {
  /// What keys of known issuers begin with.
  ///
  /// Only long tails count: `sk-learn` is a word.
  private static let prefixes = [
    "sk-", "ghp_", "gho_", "ghs_", "github_pat_", "gsk_", "AIza", "hf_", "xai-", "Bearer ",
  ]

  static func isIn(_ text: String) -> Bool { ranges(in: text).isEmpty == false }

  /// The text with everything that looks like a key replaced by `***`.
  static func redacted(_ text: String) -> String {
    var result = text
    for range in ranges(in: text).reversed() { result.replaceSubrange(range, with: "***") }
    return result
  }

  /// Whether a name of a variable is rather the key itself: a long piece of letters and digits.
  static func isUnlikelyName(_ name: String) -> Bool {
    isIn(name)
      || name.split(separator: "_").contains { piece in
        piece.utf8.count >= 20 && piece.contains(where: \.isNumber)
          && piece.contains(where: \.isLetter)
      }
  }

  private static func ranges(in text: String) -> [Range<String.Index>] {
    // No key is shorter; this also keeps the search off most scalars.
    guard text.utf8.count >= 16 else { return [] }
    var found: [Range<String.Index>] = []
    for prefix in prefixes {
      var rest = text[...]
      while let start = rest.firstRange(of: prefix) {
        let tail = rest[start.upperBound...].prefix(while: isKeyCharacter)
        rest = rest[max(tail.endIndex, start.upperBound)...]
        let startsWord =
          start.lowerBound == text.startIndex
          || !isKeyCharacter(text[text.index(before: start.lowerBound)])
        if startsWord, looksRandom(tail) { found.append(start.lowerBound..<tail.endIndex) }
      }
    }
    return found.sorted { $0.lowerBound < $1.lowerBound }
  }

  private static func isKeyCharacter(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "_-".contains(character))
  }

  /// Words and numbers joined by hyphens are no key: one long piece, or mixtures of letters and digits, make it one.
  private static func looksRandom(_ tail: Substring) -> Bool {
    guard tail.utf8.count >= 16 else { return false }
    let pieces = tail.split { $0 == "-" || $0 == "_" }
    return pieces.contains { $0.utf8.count >= 16 } || pieces.contains(where: isMixed)
  }

  private static func isMixed(_ piece: Substring) -> Bool {
    piece.utf8.count >= 6 && piece.contains(where: \.isNumber) && piece.contains(where: \.isLetter)
  }
}

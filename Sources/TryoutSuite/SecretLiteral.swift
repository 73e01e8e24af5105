import TryoutCore

/// Recognises texts that look like a key or token, and keeps them out of messages.
enum SecretLiteral {
  static func isIn(_ text: String) -> Bool { ranges(in: text).isEmpty == false }

  /// The text with everything that looks like a key replaced by `***`.
  static func redacted(_ text: String) -> String {
    var bytes = Array(text.utf8)
    for range in ranges(in: text).reversed() { bytes.replaceSubrange(range, with: "***".utf8) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether a name of a variable is rather the key itself: a long piece of letters and digits.
  static func isUnlikelyName(_ name: String) -> Bool {
    isIn(name)
      || name.split(separator: "_").contains { piece in
        piece.utf8.count >= 20 && piece.contains(where: \.isNumber)
          && piece.contains(where: \.isLetter)
      }
  }

  /// Keys are ASCII, so that each range of bytes is one of whole characters.
  private static func ranges(in text: String) -> [Range<Int>] {
    guard text.utf8.count >= 16 else { return [] }
    var text = text
    return text.withUTF8 { KeyShape.places(in: UnsafeRawBufferPointer($0)).map(\.0) }
  }
}

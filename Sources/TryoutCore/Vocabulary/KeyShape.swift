/// What keys and tokens of known issuers look like.
package enum KeyShape {
  /// What they begin with.
  ///
  /// Only long tails count: `sk-learn` is a word.
  package static let prefixes = [
    "sk-", "ghp_", "gho_", "ghs_", "github_pat_", "gsk_", "AIza", "hf_", "xai-", "fw_", "pplx-",
    "nvapi-", "tgp_v1_", "Bearer ",
  ]

  /// Where texts that look like a key stand in bytes, each with the position of its prefix in `prefixes`.
  package static func places(in bytes: UnsafeRawBufferPointer) -> [(Range<Int>, prefix: Int)] {
    // No key is shorter; this also keeps the search off most scalars of a suite.
    guard bytes.count >= 16 else { return [] }
    var found: [(Range<Int>, prefix: Int)] = []
    for (number, prefix) in prefixes.enumerated() {
      var start = 0
      while let place = bytes.firstPlace(of: Array(prefix.utf8), from: start) {
        var end = place.upperBound
        while end < bytes.count, isKeyByte(bytes[end]) { end += 1 }
        start = end
        let startsWord = place.lowerBound == 0 || !isKeyByte(bytes[place.lowerBound - 1])
        if startsWord, looksRandom(bytes[place.upperBound..<end]) {
          found.append((place.lowerBound..<end, number))
        }
      }
    }
    // `Bearer sk-…` is one place and not two.
    return found.sorted { $0.0.lowerBound < $1.0.lowerBound }.reduce(into: []) { places, next in
      if let last = places.last, last.0.overlaps(next.0) { return }
      places.append(next)
    }
  }

  private static func isKeyByte(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  /// Words and numbers joined by hyphens are no key: one long piece, or mixtures of letters and digits, make it one.
  private static func looksRandom(_ tail: Slice<UnsafeRawBufferPointer>) -> Bool {
    guard tail.count >= 16 else { return false }
    return tail.split { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }.contains { piece in
      piece.count >= 16
        || piece.count >= 6 && piece.contains(where: isDigit) && piece.contains(where: isLetter)
    }
  }
}

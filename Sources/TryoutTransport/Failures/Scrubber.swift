import TryoutCore

/// Takes secrets out of what providers send back: keys, bearer tokens and account ids.
struct Scrubber: Sendable {
  let key: String?

  /// The text with every secret replaced by a mark.
  func clean(_ text: String) -> String {
    var text = text
    if let key, key.count >= 4 {
      for form in KeyDisguise.forms(of: key) { text = text.redacting(form) }
      text = text.redacting(beginningOf: key)
    }
    text = text.replacing(/(?i)(authorization["']?\s*[:=]\s*["']?[a-z]+\s+)[^\s"'<,]{4,}/) {
      "\($0.1)[key]"
    }
    text = text.replacing(/(?i)(bearer\s+)[A-Za-z0-9._~+\/=*\-]{4,}/) { "\($0.1)[key]" }
    text = text.replacing(/\b(?:sk|pk|rk|gsk|xai|hf|key)[\-_][A-Za-z0-9*._\-]{6,}/, with: "[key]")
    text = text.replacing(/AIza[A-Za-z0-9_\-]{10,}/, with: "[key]")
    // Inside of a text that holds JSON the quotes have backslashes.
    text = text.replacing(/(user_id\\*"\s*:\s*\\*")[^"\\]*/) { "\($0.1)[account]" }
    return text.replacing(/\b(?:user_|org[_\-])[A-Za-z0-9]{6,}/, with: "[account]")
  }

  /// The beginning of a body, clean and short enough to keep; nil without one.
  func excerpt(_ bytes: [UInt8]) -> String? {
    excerpt(String(repairing: Array(bytes.prefix(1 << 16))))
  }

  /// The beginning of a text; secrets go before it is cut, so that no half of one is left.
  func excerpt(_ text: String) -> String? {
    guard text.contains(where: { !$0.isWhitespace }) else { return nil }
    return Self.cut(clean(text), to: Bounds.excerpt)
  }

  /// A sentence in one line.
  func sentence(_ text: String) -> String {
    let line = clean(text).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return Self.cut(line, to: 400)
  }

  private static func cut(_ text: String, to bytes: Int) -> String {
    guard text.utf8.count > bytes else { return text }
    var end = text.utf8.index(text.startIndex, offsetBy: bytes - 3)
    while String.Index(end, within: text) == nil { end = text.utf8.index(before: end) }
    return text[..<end] + "…"
  }
}

extension String {
  /// The text with a mark in the place of the key, wherever it stands.
  ///
  /// Code points are compared: as characters, a key is another text where an accent follows it.
  func redacting(_ key: String) -> String {
    String(unicodeScalars.replacing(key.unicodeScalars, with: "[key]".unicodeScalars))
  }

  /// The text with a mark in the place of a key that was cut: of at least twelve code points, and a third of the key.
  func redacting(beginningOf key: String) -> String {
    let start = Array(key.unicodeScalars.prefix(max(12, key.unicodeScalars.count / 3)))
    guard start.count < key.unicodeScalars.count else { return self }
    var clean = String.UnicodeScalarView()
    var rest = unicodeScalars[...]
    while let match = rest.firstRange(of: start) {
      clean += rest[..<match.lowerBound]
      clean += "[key]".unicodeScalars
      rest = rest[match.lowerBound...]
      rest = rest.dropFirst(zip(rest, key.unicodeScalars).prefix { $0 == $1 }.count)
    }
    return String(clean + rest)
  }
}

import Foundation

/// The last number of a text, as people and models write them: `1,234.5`, `-3`, `2e5`.
enum LastNumber {
  static func find(in text: String) -> Double? {
    var last: Double?
    var rest = text[...]
    while let start = rest.firstIndex(where: \.isASCIIDigit) {
      let (value, end) = longestNumber(in: rest[start...])
      last = isNegated(text[..<start]) ? -value : value
      rest = rest[end...]
    }
    return last
  }

  /// Whether a minus precedes that is a sign and no hyphen: not `2024-05`, `GPT-4`, `5-7`.
  private static func isNegated(_ before: Substring) -> Bool {
    guard let sign = before.last, "-−".contains(sign) else { return false }
    return before.dropLast().last.map { !$0.isLetter && !$0.isNumber } ?? true
  }

  /// Reads digits, groups of three behind a comma, a fraction and an exponent.
  private static func longestNumber(in text: Substring) -> (Double, Substring.Index) {
    var digits = String(text.prefix(while: \.isASCIIDigit))
    var end = text.index(text.startIndex, offsetBy: digits.count)
    while end < text.endIndex, text[end] == "," {
      let group = text[text.index(after: end)...].prefix(while: \.isASCIIDigit)
      guard group.count == 3 else { break }
      digits += group
      end = group.endIndex
    }
    if end < text.endIndex, text[end] == "." {
      let fraction = text[text.index(after: end)...].prefix(while: \.isASCIIDigit)
      if !fraction.isEmpty {
        digits += "." + fraction
        end = fraction.endIndex
      }
    }
    if end < text.endIndex, text[end] == "e" || text[end] == "E" {
      let exponent = text[text.index(after: end)...]
      let sign = exponent.prefix { $0 == "+" || $0 == "-" }.prefix(1)
      let power = exponent.dropFirst(sign.count).prefix(while: \.isASCIIDigit)
      if !power.isEmpty, let value = Double("\(digits)e\(sign)\(power)"), value.isFinite {
        return (value, power.endIndex)
      }
    }
    return (Double(digits) ?? .infinity, end)
  }
}

/// Whether an answer declines instead of answering: a short list of openings that chat models use.
enum Refusal {
  static func isLikely(in answer: String) -> Bool {
    let start = answer.trimmed.prefix(160).lowercased()
      .replacingOccurrences(of: "’", with: "'")
    return openings.contains { start.contains($0) }
  }

  private static let openings = [
    "i can't help", "i cannot help", "i can't assist", "i cannot assist", "i can't provide",
    "i cannot provide", "i can't comply", "i cannot comply", "i'm not able to", "i am not able to",
    "i'm unable to", "i am unable to", "i won't be able to", "i must decline", "i have to decline",
    "i can't do that", "i cannot do that", "i'm sorry, but i can", "i am sorry, but i can",
    "as an ai language model, i can",
  ]
}

private extension Character {
  var isASCIIDigit: Bool { isASCII && isNumber }
}

extension String {
  /// Without white space at both ends.
  var trimmed: String {
    let isVisible = { (scalar: Unicode.Scalar) in !scalar.properties.isWhitespace }
    guard let start = unicodeScalars.firstIndex(where: isVisible),
      let end = unicodeScalars.lastIndex(where: isVisible)
    else { return "" }
    return String(unicodeScalars[start...end])
  }
}

import TryoutCore

/// An answer that came in one piece, whatever the dialect.
struct WholeBody {
  var answer = ""
  var reasoning = ""
  var hasToolCall = false
  var finishReason: String?
  var model: String?
  var upstream: String?
  var id: String?
  var usage: Usage?
  var costUSD: Double?

  /// Parses a body; white space that kept the connection alive may come before it.
  static func json(_ bytes: [UInt8]) -> JSON? {
    guard
      let start = bytes.firstIndex(where: { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") })
    else { return nil }
    guard bytes[..<start].allSatisfy({ $0 <= 0x20 || [0xEF, 0xBB, 0xBF].contains($0) }) else {
      return nil
    }
    return try? JSON(parsing: bytes[start...])
  }

  /// Whether there is visible text or a tool call.
  var hasAnswer: Bool { hasToolCall || answer.contains { !$0.isWhitespace } }

  /// Copies everything but the texts.
  func copyFacts(into exchange: inout Exchange) {
    exchange.finishReason = finishReason
    exchange.servedModel = model
    exchange.upstream = upstream
    exchange.generationID = exchange.generationID ?? id
    if let usage { exchange.usage = usage }
    exchange.costUSD = costUSD
  }

  /// A believable number of tokens.
  static func count(_ value: JSON?) -> Int? { Usage.believed(value?.int) }

  /// A text that is not empty.
  static func filled(_ value: JSON?) -> String? {
    value?.text.flatMap { $0.isEmpty ? nil : $0 }
  }
}

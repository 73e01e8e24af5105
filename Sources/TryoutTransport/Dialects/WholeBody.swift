import TryoutCore

/// A chat completion that came in one piece.
struct WholeBody {
  private let json: JSON
  private let choice: JSON

  /// Nil for values of another shape.
  init?(_ json: JSON) {
    guard let choice = json["choices"]?[0] else { return nil }
    self.json = json
    self.choice = choice
  }

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

  private var message: JSON? { choice["message"] }

  var finishReason: String? { choice["finish_reason"]?.text }

  /// The visible text; parts are joined.
  var answer: String {
    guard let content = message?["content"] else { return message?["refusal"]?.text ?? "" }
    return content.text ?? content.elements.compactMap { $0["text"]?.text }.joined()
  }

  var reasoning: String {
    if let text = (message?["reasoning"] ?? message?["reasoning_content"])?.text { return text }
    return (message?["content"]?.elements ?? []).compactMap { part in
      part["thinking"]?.text ?? part["thinking"]?.elements.compactMap { $0["text"]?.text }.joined()
    }.joined()
  }

  /// Whether there is visible text or a tool call.
  var hasAnswer: Bool {
    answer.contains { !$0.isWhitespace } || message?["tool_calls"]?[0] != nil
  }

  /// Copies everything but the texts.
  func copyFacts(into exchange: inout Exchange) {
    exchange.finishReason = finishReason
    exchange.servedModel = nonEmpty("model")
    exchange.upstream = nonEmpty("provider")
    exchange.generationID = exchange.generationID ?? nonEmpty("id")
    guard let usage = json["usage"] else { return }
    func count(_ value: JSON?) -> Int? { value?.int.flatMap { $0 < 0 ? nil : $0 } }
    exchange.usage = Usage(
      prompt: count(usage["prompt_tokens"]),
      completion: count(usage["completion_tokens"]),
      reasoning: count(usage["completion_tokens_details"]?["reasoning_tokens"]),
      cached: count(usage["prompt_tokens_details"]?["cached_tokens"]),
      total: count(usage["total_tokens"])
    )
    exchange.costUSD = usage["cost"]?.double.flatMap { $0 < 0 ? nil : $0 }
  }

  private func nonEmpty(_ name: String) -> String? {
    json[name]?.text.flatMap { $0.isEmpty ? nil : $0 }
  }
}

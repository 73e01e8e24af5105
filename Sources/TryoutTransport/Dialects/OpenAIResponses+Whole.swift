import TryoutCore

extension WholeBody {
  /// A response that came in one piece; nil for values of another shape.
  init?(response json: JSON) {
    guard case .array(let items)? = json["output"] else { return nil }
    func parts(_ name: String, of kind: String) -> [JSON] {
      items.filter { $0["type"]?.text == kind }.flatMap { $0[name]?.elements ?? [] }
    }
    answer = parts("content", of: "message")
      .compactMap { ($0["text"] ?? $0["refusal"])?.text }.joined()
    reasoning = (parts("summary", of: "reasoning") + parts("content", of: "reasoning"))
      .compactMap { $0["text"]?.text }.joined()
    hasToolCall = items.contains { $0["type"]?.text == "function_call" }
    finishReason = OpenAIResponses.finishReason(
      status: json["status"]?.text, incomplete: json["incomplete_details"]?["reason"]?.text,
      hasToolCall: hasToolCall)
    model = Self.filled(json["model"])
    upstream = Self.filled(json["provider"])
    id = Self.filled(json["id"])
    guard let told = json["usage"] else { return }
    usage = Usage(
      prompt: Self.count(told["input_tokens"]),
      completion: Self.count(told["output_tokens"]),
      reasoning: Self.count(told["output_tokens_details"]?["reasoning_tokens"]),
      cached: Self.count(told["input_tokens_details"]?["cached_tokens"]),
      total: Self.count(told["total_tokens"])
    )
    costUSD = told["cost"]?.double.flatMap { $0 < 0 ? nil : $0 }
  }
}

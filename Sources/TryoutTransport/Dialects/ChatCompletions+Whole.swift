import TryoutCore

extension WholeBody {
  /// A chat completion that came in one piece; nil for values of another shape.
  init?(completion json: JSON) {
    guard let choice = json["choices"]?[0] else { return nil }
    let message = choice["message"]
    answer = Self.answer(of: message)
    reasoning = Self.reasoning(of: message)
    hasToolCall = message?["tool_calls"]?[0] != nil
    finishReason = choice["finish_reason"]?.text
    model = Self.filled(json["model"])
    upstream = Self.filled(json["provider"])
    id = Self.filled(json["id"])
    guard let told = json["usage"] else { return }
    usage = Usage(
      prompt: Self.count(told["prompt_tokens"]),
      completion: Self.count(told["completion_tokens"]),
      reasoning: Self.count(told["completion_tokens_details"]?["reasoning_tokens"]),
      cached: Self.count(
        told["prompt_tokens_details"]?["cached_tokens"] ?? told["cached_tokens"]
          ?? told["prompt_cache_hit_tokens"]),
      total: Self.count(told["total_tokens"])
    )
    costUSD = told["cost"]?.double.flatMap { $0 < 0 ? nil : $0 }
  }

  /// The visible text; parts are joined.
  private static func answer(of message: JSON?) -> String {
    guard let content = message?["content"] else { return message?["refusal"]?.text ?? "" }
    return content.text ?? content.elements.compactMap { $0["text"]?.text }.joined()
  }

  private static func reasoning(of message: JSON?) -> String {
    if let text = (message?["reasoning"] ?? message?["reasoning_content"])?.text { return text }
    return (message?["content"]?.elements ?? []).compactMap { part in
      part["thinking"]?.text ?? part["thinking"]?.elements.compactMap { $0["text"]?.text }.joined()
    }.joined()
  }
}

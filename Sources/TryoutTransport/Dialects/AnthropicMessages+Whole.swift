import TryoutCore

extension WholeBody {
  /// A message that came in one piece; nil for values of another shape.
  init?(message json: JSON) {
    guard case .array(let blocks)? = json["content"] else { return nil }
    answer = blocks.compactMap { $0["text"]?.text }.joined()
    reasoning = blocks.compactMap { $0["thinking"]?.text }.joined()
    hasToolCall = blocks.contains { $0["type"]?.text == "tool_use" }
    finishReason = Self.filled(json["stop_reason"]).map(AnthropicMessages.finishReason)
    model = Self.filled(json["model"])
    id = Self.filled(json["id"])
    guard let told = json["usage"] else { return }
    usage =
      MessageUsage(
        input: Self.count(told["input_tokens"]),
        cacheWritten: Self.count(told["cache_creation_input_tokens"]),
        cacheRead: Self.count(told["cache_read_input_tokens"]),
        output: Self.count(told["output_tokens"]),
        thinking: Self.count(told["output_tokens_details"]?["thinking_tokens"])
      ).usage
  }
}

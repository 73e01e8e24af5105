/// What is promised of streams in the Messages dialect.
extension StreamRow {
  static let messages: [StreamRow] = [
    .ok(
      "messages", "sends a message with a ping in it and ends with `message_stop`",
      clocks: "ttfb ≤ ttft = ttfa ≤ latency ≤ end"),
    .ok(
      "messages-thinking", "thinks aloud, signs its thoughts, then answers",
      tokens: 5, clocks: "ttfb = ttft ≤ ttfa ≤ latency"),
    .ok(
      "messages-thinking-hidden", "sends its thoughts encrypted, and counts them",
      tokens: 60, clocks: "ttfb ≤ ttft = ttfa ≤ latency"),
    .ok(
      "messages-tool-use", "calls a tool, after a text without a character",
      finish: "tool_calls", tokens: 8, clocks: "ttfb ≤ ttft = ttfa ≤ latency"),
    .ok("messages-unnamed", "leaves out the `event` lines", clocks: severalTokens),
    .ok(
      "messages-whole", "ignores `stream` and sends a message in one piece",
      clocks: "no ttft, no ttfa, latency = end"),
    .ok(
      "messages-stop-then-silence", "leaves the connection open after `message_stop`",
      clocks: "ttfb ≤ ttft = ttfa = latency, latency + 2000ms < end"),
    .failed(
      "messages-reasoning-only", "empty", "uses up its tokens with thinking",
      finish: "length", tokens: 40, clocks: "ttfb = ttft = latency, no ttfa"),
    .failed(
      "messages-refusal", "moderated", "withholds the answer", finish: "content_filter", tokens: 1),
    .failed("messages-error", "overloaded", "is overloaded in mid-answer", clocks: oneToken),
    .failed("messages-error-server", "stream_error", "fails in mid-answer", clocks: oneToken),
    .failed(
      "messages-truncated", "truncated_stream",
      "tells a stop reason and its usage, but sends no `message_stop`",
      finish: "stop", tokens: 2, clocks: "ttfb ≤ ttft = ttfa = latency"),
    .failed(
      "messages-done", "truncated_stream", "sends `[DONE]` after half an answer, as a gateway may",
      clocks: "ttfb ≤ ttft = ttfa = latency"),
    .failed("messages-other-dialect", "malformed", "answers with a chat completion"),
    .failed(
      "messages-pings-for-ever", "timeout_stall", "sends pings for ever after the first token",
      clocks: "ttfb = ttft = ttfa = latency, latency + 80ms < end"),
    .failed("messages-redirect", "unsupported", "redirects to another host, which gets no request"),
  ]
}

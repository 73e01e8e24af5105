/// What is promised of streams in the Responses dialect.
extension StreamRow {
  static let responses: [StreamRow] = [
    .ok(
      "responses", "sends a response and ends with `response.completed`",
      clocks: "ttfb ≤ ttft = ttfa ≤ latency ≤ end"),
    .ok(
      "responses-reasoning", "sums up its thoughts, then answers, and tells both once more",
      tokens: 60, clocks: "ttfb ≤ ttft ≤ ttfa ≤ latency"),
    .ok(
      "responses-tool-call", "calls a tool",
      finish: "tool_calls", tokens: 8, clocks: "ttfb ≤ ttft = ttfa ≤ latency"),
    .ok(
      "responses-without-deltas", "sends bare comments, a message without deltas, and `[DONE]`",
      clocks: "ttfb ≤ ttft = ttfa = latency"),
    .ok("responses-unnamed", "leaves out the `event` lines", clocks: severalTokens),
    .ok(
      "responses-whole", "ignores `stream` and sends a response in one piece",
      clocks: "no ttft, no ttfa, latency = end"),
    .ok(
      "responses-incomplete", "is cut at the allowance", finish: "length", tokens: 7,
      clocks: "ttfb ≤ ttft = ttfa = latency"),
    .failed(
      "responses-reasoning-only", "empty", "uses up its tokens with thinking",
      finish: "length", tokens: 40, clocks: "ttfb ≤ ttft = latency, no ttfa"),
    .failed(
      "responses-failed", "rate_minute", "ends with `response.failed`, its rate being used up",
      clocks: "ttfb ≤ ttft = ttfa = latency"),
    .failed(
      "responses-error", "stream_error", "sends an `error` event in mid-answer",
      clocks: "ttfb ≤ ttft = ttfa = latency"),
    .failed(
      "responses-truncated", "truncated_stream",
      "tells the whole text, but not that it is complete",
      clocks: "ttfb ≤ ttft = ttfa = latency"),
    .failed("responses-other-dialect", "malformed", "answers with a chat completion"),
    .failed(
      "responses-keepalive-for-ever", "timeout_stall",
      "sends `keepalive` events for ever after the first token",
      clocks: "ttfb = ttft = ttfa = latency, latency + 80ms < end"),
  ]
}

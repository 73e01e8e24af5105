/// What is promised of streams that differ in tokens, in usage, and in how an answer may end well.
extension StreamRow {
  static let tokens: [StreamRow] = [
    .ok(
      "reasoning", "thinks aloud in `reasoning`, then answers",
      tokens: 5, clocks: "ttfb ≤ ttft ≤ ttfa ≤ latency"),
    .ok(
      "reasoning-content", "thinks aloud in `reasoning_content`, then answers",
      tokens: 5, clocks: "ttfb ≤ ttft ≤ ttfa ≤ latency"),
    .ok(
      "reasoning-hidden", "thinks without a word and counts it in the usage",
      tokens: 60, clocks: "ttfb ≤ ttft = ttfa ≤ latency"),
    .failed(
      "reasoning-only", "empty", "uses up its tokens with reasoning",
      finish: "length", tokens: 40, clocks: "ttfb = ttft = latency, no ttfa"),
    .ok(
      "usage-empty-choices", "sends usage in a chunk with empty `choices`", clocks: severalTokens),
    .ok(
      "usage-late", "sends usage 20 ms after the answer",
      clocks: "ttfb = ttft = ttfa = latency, latency + 20ms < end"),
    .ok("usage-in-finish", "sends usage in the chunk with the finish reason", clocks: oneToken),
    .ok("usage-repeated", "repeats usage in each chunk, counting up", clocks: severalTokens),
    .ok("usage-missing", "sends no usage", tokens: nil, clocks: oneToken),
    .ok(
      "no-done", "ends with a finish reason, at a provider that need not send `[DONE]`",
      clocks: oneToken),
    .ok(
      "no-finish-reason", "ends with `[DONE]` and no finish reason", finish: nil, clocks: oneToken),
    .ok(
      "words-between", "keeps the connection alive with words in place of chunks",
      clocks: "ttfb ≤ ttft = ttfa ≤ latency"),
    .ok(
      "done-then-reset", "resets the connection after finish reason and `[DONE]`",
      clocks: oneToken),
    .ok(
      "done-then-silence", "leaves the connection open after `[DONE]`",
      clocks: "ttfb = ttft = ttfa = latency, latency + 2000ms < end"),
    .ok(
      "whole-json", "ignores `stream` and sends white space and one JSON object",
      clocks: "no ttft, no ttfa, latency = end"),
    .ok(
      "million-events", "sends a million tokens as fast as it can, each in an event of its own",
      clocks: severalTokens),
  ]
}

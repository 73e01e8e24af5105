/// What is promised of streams that differ in how events, lines and bytes are written.
extension StreamRow {
  static let shapes: [StreamRow] = [
    .ok(
      "plain", "sends a role, two chunks of content, a finish reason, usage and `[DONE]`",
      clocks: "ttfb ≤ ttft = ttfa ≤ latency ≤ end"),
    .ok(
      "role-first", "sends the role long before the answer",
      clocks: "ttfb ≤ ttft = ttfa = latency"),
    .ok(
      "comments", "keeps the connection alive with comments before and between events",
      clocks: "ttfb ≤ ttft = ttfa ≤ latency"),
    .ok("no-space", "writes `data:{…}` without a space", clocks: severalTokens),
    .ok("lf", "ends lines with LF", clocks: severalTokens),
    .ok("crlf", "ends lines with CRLF", clocks: severalTokens),
    .ok("cr", "ends lines with CR", clocks: severalTokens),
    .ok(
      "multi-line", "spreads the JSON of an event over several `data` lines",
      clocks: severalTokens),
    .ok("no-final-blank-line", "ends with `data: [DONE]` and no line end", clocks: severalTokens),
    .ok("tokens-per-chunk", "sends seven tokens in two chunks", tokens: 7, clocks: severalTokens),
    .ok(
      "one-chunk", "sends the whole answer and the finish reason in one chunk",
      clocks: "ttfb ≤ ttft = ttfa = latency"),
    .ok(
      "buffered", "sends everything at once, 20 ms late, as a buffering proxy does",
      clocks: "ttfb = ttft = ttfa = latency, sent + 20ms < ttft", flags: "buffered"),
    .ok("parts", "sends content as arrays of parts", clocks: severalTokens),
    .ok(
      "tool-call", "answers with a tool call and no text",
      finish: "tool_calls", tokens: 8, clocks: severalTokens),
    .ok(
      "unknown-keys",
      "adds members and fields that nobody knows, some of which look like an answer",
      clocks: severalTokens),
    .ok("nulls", "sends null wherever it may", clocks: severalTokens),
    .ok(
      "invalid-utf8", "sends bytes that are no UTF-8; each becomes U+FFFD",
      clocks: "ttfb ≤ ttft = ttfa = latency"),
    .ok(
      "split-code-points", "splits code points over chunks, as bytes and as `\\u` escapes",
      clocks: severalTokens),
    .ok("split-bytes", "writes each byte alone", clocks: "ttfb ≤ ttft = ttfa = latency"),
    .ok(
      "octet-stream", "calls the stream `application/octet-stream`",
      clocks: "ttfb ≤ ttft = ttfa = latency"),
  ]
}

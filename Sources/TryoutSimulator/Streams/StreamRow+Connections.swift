/// What is promised of connections that break, close, redirect, or answer out of turn.
extension StreamRow {
  static let connections: [StreamRow] = [
    .failed(
      "reset", "truncated_stream", "resets the connection in the middle of the answer",
      clocks: oneToken),
    .failed(
      "reset-first", "reset", "resets the connection before it answers",
      clocks: "no headers, no ttft, no ttfa, no latency"),
    .failed(
      "reset-after-headers", "reset", "resets the connection after the headers",
      clocks: "headers ≤ end, no ttfb, no ttft, no ttfa, no latency"),
    .failed(
      "done-without-finish-then-reset", "truncated_stream",
      "sends `[DONE]` without a finish reason, and the connection breaks",
      tokens: 2, clocks: oneToken),
    .ok(
      "connection-close", "says `Connection: close`, and closes at the end",
      clocks: "ttfb ≤ ttft = ttfa = latency"),
    .failed(
      "connection-close-early", "truncated_stream",
      "says `Connection: close`, and closes in mid-answer",
      clocks: oneToken),
    .failed(
      "close-in-chunk", "truncated_stream", "closes within a chunk of the chunked encoding",
      clocks: oneToken),
    .failed(
      "half-closed", "truncated_stream", "closes its half of the connection in mid-answer",
      clocks: oneToken),
    .failed(
      "half-closed-first", "reset", "closes its half of the connection before it answers",
      clocks: "no headers, no ttft, no ttfa, no latency"),
    .ok(
      "half-closed-end", "ends a good answer by closing its half of the connection",
      clocks: "ttfb ≤ ttft = ttfa = latency"),
    .ok(
      "interim", "sends 100 and 103 before the answer",
      clocks: "sent ≤ headers, ttfb ≤ ttft = ttfa = latency"),
    .ok("trailers", "sends header fields after a chunked body", clocks: oneToken),
    .failed("redirect", "unsupported", "redirects to another host, which gets no request"),
    .failed("switching-protocols", "malformed", "answers 101, for which nobody asked"),
    .ok(
      "early-answer", "answers before it has read the request of 10 MB",
      clocks: "ttfb ≤ ttft = ttfa = latency"),
    .failed("early-refusal", "context_length", "refuses before it has read the request of 10 MB"),
    .ok(
      "stale-connection",
      "resets a connection that is used again, before it answers; on a new one it answers",
      clocks: "ttfb ≤ ttft = ttfa = latency", flags: "resent"),
    .ok(
      "closes-after-each",
      "closes after every answer, without having said so; 50 requests one after the other",
      clocks: oneToken, flags: "resent?"),
  ]
}

/// What is promised of streams that fail although the connection does what HTTP asks for.
extension StreamRow {
  static let failures: [StreamRow] = [
    .failed("error-first", "stream_error", "sends an error in the first event, under HTTP 200"),
    .failed("error-rate-limit", "rate_day", "sends its rate limit in the first event"),
    .failed(
      "error-mid-stream", "stream_error", "sends an error after the first token",
      finish: "error", clocks: oneToken),
    .failed(
      "error-after-length", "stream_error",
      "sends an error after the finish reason `length`, then `[DONE]`",
      finish: "length", clocks: oneToken),
    .failed(
      "error-event", "stream_error", "sends an event named `error` whose data is a text",
      clocks: oneToken),
    .failed(
      "truncated", "truncated_stream", "ends in good order in the middle of the answer",
      clocks: oneToken),
    .failed(
      "truncated-after-finish", "truncated_stream",
      "sends a finish reason, but not the `[DONE]` that its provider always sends",
      finish: "stop", tokens: 2, clocks: oneToken),
    .failed(
      "broken-chunk", "malformed", "sends half the JSON of a chunk, then finishes",
      finish: "stop", tokens: 2, clocks: oneToken),
    .failed(
      "words-mid-stream", "malformed",
      "sends words that are no chunk, then `[DONE]` and no finish reason", clocks: oneToken),
    .failed("empty", "empty", "sends no content", finish: "stop", tokens: 0),
    .failed("white-space", "empty", "sends nothing but white space", finish: "stop", tokens: 2),
    .failed(
      "empty-length", "empty", "thinks without a word until its tokens are used up",
      finish: "length", tokens: 200),
    .failed("content-filter", "moderated", "withholds the answer", finish: "content_filter"),
    .failed("html", "malformed", "sends a web page"),
    .failed("json-array", "malformed", "sends a JSON array"),
    .failed("json-array-error", "server", "sends an error within a JSON array, under HTTP 200"),
    .failed("error-body", "server", "sends an error as a JSON body, under HTTP 200"),
    .failed("binary", "malformed", "sends bytes that mean nothing"),
    .failed("gzip", "malformed", "compresses the answer, though `identity` was asked for"),
    .failed("long-line", "too_large", "sends a line of 10 MB"),
    .failed("endless-json", "too_large", "sends a JSON body of 1 GB and more"),
    .failed("endless-event", "too_large", "sends an event of 1 GB and more, in lines of 1 kB"),
    .failed("endless-events", "too_large", "sends events without a token for ever"),
    .failed(
      "endless-text", "too_large", "sends 1 GB and more of content, in chunks of 64 kB",
      clocks: "ttft = ttfa ≤ latency"),
    .failed(
      "comments-first", "timeout_first_token", "sends comments for ever before the first token"),
    .failed(
      "comments-for-ever", "timeout_stall", "sends comments for ever after the first token",
      clocks: "ttfb = ttft = ttfa = latency, latency + 80ms < end"),
  ]
}

/// Streams of a provider that speaks the Responses dialect.
extension StreamScript {
  static let responses: [StreamScript] = [
    response(
      "responses", ResponseEvent.start + ResponseEvent.message, ResponseEvent.text("Hel"),
      ResponseEvent.text("lo", number: 5)),
    response(
      "responses-reasoning", ResponseEvent.start, ResponseEvent.reasoning("Hm"),
      ResponseEvent.message + ResponseEvent.text("Hel"), ResponseEvent.text("lo"),
      end: ResponseEvent.done("Hello") + ResponseEvent.end(tokens: 60)
    ) { $0.reasoning = "Hm" },
    response(
      "responses-tool-call", ResponseEvent.start,
      ResponseEvent.item("added", #""id":"fc_1","type":"function_call","name":"f","arguments":"""#),
      ResponseEvent.event(
        "response.function_call_arguments.delta", #","item_id":"fc_1","delta":"{}""#),
      end: ResponseEvent.item(
        "done", #""id":"fc_1","type":"function_call","name":"f","arguments":"{}""#)
        + ResponseEvent.end(text: "", tokens: 8)
    ) { $0.answer = "" },
    response(
      "responses-without-deltas", ": \n\n" + ResponseEvent.start,
      ResponseEvent.message + ResponseEvent.done("Hello"), end: ResponseEvent.end() + SSE.done),
    response(
      "responses-unnamed",
      (ResponseEvent.start + ResponseEvent.text("Hel")).replacing(/event: [a-z_.]+\n/, with: ""),
      ResponseEvent.text("lo").replacing(/event: [a-z_.]+\n/, with: "")),
    StreamScript(
      "responses-whole", type: "application/json", body: ResponseEvent.whole
    ) { $0.provider = "openai-responses" },
    response(
      "responses-incomplete", ResponseEvent.start, ResponseEvent.text("Hello"),
      end: ResponseEvent.end("incomplete", tokens: 7)),
    response(
      "responses-reasoning-only", ResponseEvent.start, ResponseEvent.reasoning("Hm"),
      end: ResponseEvent.end("incomplete", text: "", tokens: 40)
    ) { ($0.answer, $0.reasoning) = ("", "Hm") },
    response(
      "responses-failed", ResponseEvent.start, ResponseEvent.text("Hello"),
      end: ResponseEvent.event(
        "response.failed",
        #","response":{"id":"resp_1","status":"failed","error":{"code":"rate_limit_exceeded","#
          + #""message":"Rate limit reached for requests."},"output":[]}"#)),
    response(
      "responses-error", ResponseEvent.start, ResponseEvent.text("Hello"),
      end: ResponseEvent.event(
        "error", #","code":"server_error","message":"The server had an error.","param":null"#)),
    response(
      "responses-truncated", ResponseEvent.start, ResponseEvent.text("Hello"),
      end: ResponseEvent.done("Hello")),
    response("responses-other-dialect", SSE.answer, end: "") { $0.answer = "" },
    StreamScript("responses-keepalive-for-ever") {
      ($0.provider, $0.stall) = ("openai-responses", .milliseconds(80))
    } steps: { _ in
      [
        .write(
          RawHTTP.streamHead + RawHTTP.chunked(ResponseEvent.start + ResponseEvent.text("Hello"))),
        .flood(Array(RawHTTP.chunked(ResponseEvent.event("keepalive")).utf8), every: 5),
      ]
    },
  ]

  /// Segments of a stream, each of which the client reads apart.
  private static func response(
    _ id: String, _ segments: String...,
    end: String = ResponseEvent.done("Hello") + ResponseEvent.end(),
    change: (inout StreamScript) -> Void = { _ in }
  ) -> StreamScript {
    StreamScript(id, (segments + [end]).map { Array($0.utf8) }) { script in
      script.provider = "openai-responses"
      change(&script)
    }
  }
}

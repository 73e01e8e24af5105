/// Streams of a provider that speaks the Messages dialect.
extension StreamScript {
  static let messages: [StreamScript] = [
    message("messages", Message.start, Message.ping + Message.text("Hel"), Message.text("lo")),
    message(
      "messages-thinking", Message.start + Message.thinking("Hm"),
      Message.delta(#""type":"signature_delta","signature":"EqQB""#), Message.text("Hel"),
      Message.text("lo"), end: Message.end(tokens: 5)
    ) { $0.reasoning = "Hm" },
    message(
      "messages-thinking-hidden", Message.start,
      Message.block(#""type":"redacted_thinking","data":"EmwK""#), Message.text("Hel"),
      Message.text("lo"),
      end: Message.end(tokens: 60, more: #","output_tokens_details":{"thinking_tokens":58}"#)),
    message(
      "messages-tool-use", Message.start + Message.delta(#""type":"text_delta","text":"""#),
      Message.block(#""type":"tool_use","id":"toolu_1","name":"f","input":{}"#),
      Message.delta(#""type":"input_json_delta","partial_json":"""#)
        + Message.delta(#""type":"input_json_delta","partial_json":"{}""#),
      end: Message.end("tool_use", tokens: 8)
    ) { $0.answer = "" },
    message(
      "messages-unnamed",
      (Message.start + Message.text("Hel")).replacing(/event: [a-z_]+\n/, with: ""),
      Message.text("lo").replacing(/event: [a-z_]+\n/, with: "")),
    message(
      "messages-whole",
      steps: [
        .write(
          RawHTTP.response(
            type: "application/json",
            #"{"type":"message","role":"assistant","content":[{"type":"text","text":"Hello"}],"#
              + #""stop_reason":"end_turn","usage":{"input_tokens":9,"output_tokens":2}}"#))
      ]),
    message(
      "messages-stop-then-silence",
      steps: [
        .write(RawHTTP.streamHead + RawHTTP.chunked(Message.start)), .waitUntilRead,
        .write(RawHTTP.chunked(Message.text("Hello") + Message.end())), .waitForClose,
      ]),
    message(
      "messages-reasoning-only", Message.start + Message.thinking("Hm"),
      end: Message.end("max_tokens", tokens: 40)
    ) { ($0.answer, $0.reasoning) = ("", "Hm") },
    message("messages-refusal", Message.start, end: Message.end("refusal", tokens: 1)) {
      $0.answer = ""
    },
    message(
      "messages-error", Message.start + Message.text("Hello"),
      end: Message.error("overloaded_error", "Overloaded")),
    message(
      "messages-error-server", Message.text("Hello"),
      end: Message.error("api_error", "Internal server error")),
    message(
      "messages-truncated", Message.start, Message.text("Hello"),
      end: Message.end().replacing(/event: message_stop.*\n\n/.dotMatchesNewlines(), with: "")),
    message(
      "messages-done", Message.start, Message.text("Hello"), end: SSE.done),
    message("messages-other-dialect", SSE.answer, end: "") { $0.answer = "" },
    message(
      "messages-pings-for-ever",
      steps: [
        .write(RawHTTP.streamHead + RawHTTP.chunked(Message.start + Message.text("Hello"))),
        .flood(Array(RawHTTP.chunked(Message.ping).utf8), every: 5),
      ]
    ) { $0.stall = .milliseconds(80) },
    StreamScript("messages-redirect") {
      ($0.provider, $0.answer, $0.message) = ("anthropic", "", "Redirects are not followed")
    } steps: { scene in
      let fields = ["Location: \(scene.other)/messages"]
      return [.write(RawHTTP.response("307 Temporary Redirect", fields: fields, ""))]
    },
  ]

  /// Segments of a stream, each of which the client reads apart.
  private static func message(
    _ id: String, _ segments: String..., end: String = Message.end(),
    change: (inout StreamScript) -> Void = { _ in }
  ) -> StreamScript {
    StreamScript(id, (segments + [end]).map { Array($0.utf8) }) { script in
      script.provider = "anthropic"
      change(&script)
    }
  }

  private static func message(
    _ id: String, steps: [Step], change: (inout StreamScript) -> Void = { _ in }
  ) -> StreamScript {
    StreamScript(id) { script in
      script.provider = "anthropic"
      change(&script)
    } steps: { _ in
      steps
    }
  }
}

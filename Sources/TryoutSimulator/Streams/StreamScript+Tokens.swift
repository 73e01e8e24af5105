/// Streams that differ in what counts as a token, in usage, and in how an answer may end well.
extension StreamScript {
  static let tokens: [StreamScript] = [
    StreamScript(
      "reasoning", SSE.role, SSE.delta(#""content":"","reasoning":"Hm""#), SSE.content("Hel"),
      SSE.content("lo") + SSE.finish() + SSE.usage(5) + SSE.done
    ) { $0.reasoning = "Hm" },
    StreamScript(
      "reasoning-content", SSE.role, SSE.delta(#""content":null,"reasoning_content":"Hm""#),
      SSE.content("Hel"), SSE.content("lo") + SSE.finish() + SSE.usage(5) + SSE.done
    ) { $0.reasoning = "Hm" },
    StreamScript(
      "reasoning-hidden", SSE.role, SSE.content("Hel"), SSE.content("lo"),
      SSE.finish() + SSE.usage(60, more: #","completion_tokens_details":{"reasoning_tokens":58}"#)
        + SSE.done),
    StreamScript(
      "reasoning-only", SSE.delta(#""reasoning":"Hm""#),
      SSE.finish("length") + SSE.usage(40) + SSE.done
    ) { ($0.answer, $0.reasoning) = ("", "Hm") },

    StreamScript("usage-empty-choices", SSE.content("Hel"), SSE.content("lo"), SSE.end),
    StreamScript(
      "usage-late", SSE.content("Hello") + SSE.finish(),
      end: [.wait(20), .write(RawHTTP.chunked(SSE.usage(2) + SSE.done) + RawHTTP.lastChunk)]),
    StreamScript(
      "usage-in-finish", SSE.content("Hello"),
      SSE.event(
        #"{"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"completion_tokens":2}}"#)
        + SSE.done),
    StreamScript(
      "usage-repeated",
      SSE.event(
        #"{"choices":[{"delta":{"content":"Hel"}}],"usage":{"completion_tokens":1}}"#),
      SSE.event(#"{"choices":[{"delta":{"content":"lo"}}],"usage":{"completion_tokens":2}}"#),
      SSE.finish() + SSE.usage(2) + SSE.done),
    StreamScript("usage-missing", SSE.content("Hello"), SSE.finish() + SSE.done),

    StreamScript("no-done", SSE.content("Hello"), SSE.finish() + SSE.usage(2)) {
      $0.provider = "openai"
    },
    StreamScript("no-finish-reason", SSE.content("Hello"), SSE.usage(2) + SSE.done),
    StreamScript("words-between", SSE.event("ping"), SSE.content("Hello"), SSE.end),
    StreamScript("done-then-reset", SSE.content("Hello"), SSE.end, end: [.reset]),
    StreamScript("done-then-silence", SSE.content("Hello"), SSE.end, end: [.waitForClose]),
    StreamScript(
      "whole-json", type: "application/json",
      body: "\n         \n\n" + whole(#"{"role":"assistant","content":"Hello"}"#)),
    StreamScript("million-events") {
      $0.answer = String(repeating: "x", count: 1_000_000)
    } steps: { _ in
      let token = Array("data:{\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n".utf8)
      let tokens = Array(repeating: token, count: 10_000).flatMap(\.self)
      return [.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")]
        + Array(repeating: .writeBytes(tokens), count: 100) + [.write(SSE.end), .close]
    },
  ]

  /// A chat completion in one piece.
  private static func whole(_ message: String) -> String {
    #"{"choices":[{"message":\#(message),"finish_reason":"stop"}],"usage":{"completion_tokens":2}}"#
  }
}

/// Streams that differ in how events, lines and bytes are written.
extension StreamScript {
  static let shapes: [StreamScript] = [
    StreamScript("plain", SSE.role, SSE.content("Hel"), SSE.content("lo"), SSE.end),
    StreamScript("role-first", SSE.role, SSE.content("Hello"), SSE.end),
    StreamScript(
      "comments", ": OPENROUTER PROCESSING\n\n", ": OPENROUTER PROCESSING\n\n",
      SSE.role + SSE.content("Hel") + ": ping\n\n", ":\n\n", SSE.content("lo") + ":\n" + SSE.end),
    StreamScript(
      "no-space", SSE.content("Hel").replacing("data: ", with: "data:"),
      (SSE.content("lo") + SSE.end).replacing("data: ", with: "data:")),
    lines("lf", "\n"), lines("crlf", "\r\n"), lines("cr", "\r"),
    StreamScript(
      "multi-line",
      "data: {\"choices\":[{\"delta\":\ndata: {\"content\":\"Hel\"}}]}\n\n",
      "data: {\"choices\":[{\"delta\":\n", "data: {\"content\":\"lo\"}}]}\n\n", SSE.end),
    StreamScript(
      "no-final-blank-line", SSE.content("Hel"), SSE.content("lo") + SSE.finish() + SSE.usage(2),
      "data: [DONE]"),
    StreamScript(
      "tokens-per-chunk", SSE.content("One two three four five"), SSE.content(" six"),
      SSE.finish() + SSE.usage(7) + SSE.done
    ) { $0.answer = "One two three four five six" },
    StreamScript(
      "one-chunk", SSE.role, SSE.delta(#""content":"Hello""#, finish: "stop"),
      SSE.usage(2) + SSE.done),
    StreamScript("buffered") { _ in
      [.wait(20), .write(RawHTTP.streamHead + RawHTTP.chunked(SSE.answer) + RawHTTP.lastChunk)]
    },
    StreamScript(
      "parts", SSE.delta(#""content":[{"type":"text","text":"Hel"}]"#),
      SSE.delta(#""content":[{"type":"text","text":"l"},{"type":"text","text":"o"}]"#), SSE.end),
    StreamScript(
      "tool-call",
      SSE.delta(
        #""content":null,"tool_calls":[{"index":0,"function":{"name":"f","arguments":""}}]"#),
      SSE.delta(#""tool_calls":[{"index":0,"function":{"arguments":"{}"}}]"#),
      SSE.finish("tool_calls") + SSE.usage(8) + SSE.done
    ) { $0.answer = "" },
    StreamScript(
      "unknown-keys",
      "retry: 10\nid: 1\nevent: chunk\nfoo: bar\n"
        + SSE.event(
          #"{"x":[{"choices":[1]},"]"],"choices":[{"y":{},"delta":{"z":[[]],"content":"Hel"}}]}"#),
      SSE.event(#"{"choices":[{"delta":{"content":"lo","content_filter_results":{}}}],"w":-1e9}"#),
      SSE.end),
    StreamScript(
      "nulls",
      SSE.event(
        #"{"id":null,"model":null,"provider":null,"error":null,"usage":null,"choices":["#
          + #"{"delta":{"role":null,"content":"Hel","reasoning":null,"refusal":null,"#
          + #""tool_calls":null},"finish_reason":null,"logprobs":null,"error":null}]}"#),
      SSE.event(#"{"choices":null}"#) + SSE.event(#"{"choices":[{"delta":null}]}"#)
        + SSE.event(#"{"choices":[{"delta":{"content":null}}]}"#) + SSE.content("lo"),
      SSE.finish()
        + SSE.event(
          #"{"choices":[],"usage":{"prompt_tokens":null,"completion_tokens":2,"cost":null,"#
            + #""completion_tokens_details":null,"prompt_tokens_details":{"cached_tokens":null}}}"#)
        + SSE.done),
    StreamScript(
      "invalid-utf8",
      [
        Array(SSE.role.utf8), bytes(of: [0x61, 0xFF, 0xC0, 0x62]), Array(SSE.end.utf8),
      ]
    ) { $0.answer = "a\u{FFFD}\u{FFFD}b" },
    StreamScript(
      "split-code-points",
      [
        bytes(of: [0xC3]), bytes(of: [0xBC, 0xF0]), bytes(of: [0x9F]), bytes(of: [0xA4, 0x94]),
        Array((SSE.content(#"\uD83E"#) + SSE.content(#"\uDD14"#) + SSE.end).utf8),
      ]
    ) { $0.answer = "ü🤔🤔" },
    StreamScript("split-bytes") {
      $0.answer = "Grüße, 🤔!"
    } steps: { _ in
      [.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")]
        + SSE.content("Grüße, 🤔!").utf8.flatMap { [.writeBytes([$0]), .waitUntilRead] }
        + [.write(SSE.end), .close]
    },
    StreamScript("octet-stream") { _ in
      let head = RawHTTP.streamHead.replacing("text/event-stream", with: "application/octet-stream")
      return [.write(head + RawHTTP.chunked(SSE.role)), .waitUntilRead]
        + [.write(RawHTTP.chunked(SSE.content("Hello") + SSE.end) + RawHTTP.lastChunk)]
    },
  ]

  private static func lines(_ id: String, _ end: String) -> StreamScript {
    StreamScript(
      id, (SSE.role + SSE.content("Hel")).replacing("\n", with: end),
      (SSE.content("lo") + SSE.end).replacing("\n", with: end))
  }

  /// A chunk whose content is these bytes, whatever they are.
  private static func bytes(of content: [UInt8]) -> [UInt8] {
    let frame = SSE.content("|").utf8.split(separator: UInt8(ascii: "|"), maxSplits: 1)
    return Array(frame[0]) + content + Array(frame[1])
  }
}

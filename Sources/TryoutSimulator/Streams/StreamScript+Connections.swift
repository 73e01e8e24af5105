/// Streams over connections that break, close, redirect, or answer out of turn.
extension StreamScript {
  static let connections: [StreamScript] = [
    StreamScript("reset", SSE.content("Hello"), end: [.reset]),
    StreamScript("reset-first") {
      $0.answer = ""
    } steps: { _ in
      [.reset]
    },
    StreamScript("reset-after-headers") {
      $0.answer = ""
    } steps: { _ in
      [.write(RawHTTP.streamHead), .waitUntilRead, .reset]
    },
    StreamScript(
      "done-without-finish-then-reset", SSE.content("Hello"), SSE.usage(2) + SSE.done,
      end: [.reset]),
    StreamScript("connection-close") { _ in
      [.write(closingHead + SSE.role), .waitUntilRead, .write(SSE.content("Hello") + SSE.end)]
        + [.close]
    },
    StreamScript("connection-close-early") { _ in
      [.write(closingHead + SSE.content("Hello")), .close]
    },
    StreamScript("close-in-chunk") { _ in
      [
        .write(RawHTTP.streamHead + RawHTTP.chunked(SSE.content("Hello")) + "ff\r\ndata: {"),
        .close,
      ]
    },
    StreamScript("half-closed", SSE.content("Hello"), end: [.closeHalf, .waitForClose]),
    StreamScript("half-closed-first") {
      $0.answer = ""
    } steps: { _ in
      [.closeHalf, .waitForClose]
    },
    StreamScript("half-closed-end") { _ in
      [.write(closingHead + SSE.role), .waitUntilRead, .write(SSE.content("Hello") + SSE.end)]
        + [.closeHalf, .waitForClose]
    },
    StreamScript("interim") { _ in
      [
        .write("HTTP/1.1 100 Continue\r\n\r\n"), .waitUntilRead,
        .write("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"), .waitUntilRead,
      ] + hello
    },
    StreamScript("trailers") { _ in
      let body = RawHTTP.chunked(SSE.role + SSE.content("Hello") + SSE.end)
      return [.write(RawHTTP.streamHead + body + "0\r\nX-Cost: 1\r\nRetry-After: 9\r\n\r\n")]
    },
    StreamScript("redirect") {
      ($0.answer, $0.message) = ("", "Redirects are not followed")
    } steps: { scene in
      let fields = ["Location: \(scene.other)/chat/completions"]
      return [.write(RawHTTP.response("307 Temporary Redirect", fields: fields, ""))]
    },
    StreamScript("switching-protocols") {
      $0.answer = ""
    } steps: { _ in
      let fields = "Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
      return [.write("HTTP/1.1 101 Switching Protocols\r\n" + fields), .waitUntilRead, .close]
    },
    StreamScript("early-answer") {
      ($0.readsBodies, $0.prompt) = (false, String(repeating: "word ", count: 2_000_000))
    } steps: { _ in
      hello + [.waitUntilRead, .close]
    },
    StreamScript("early-refusal") {
      ($0.readsBodies, $0.prompt) = (false, String(repeating: "word ", count: 2_000_000))
      $0.answer = ""
    } steps: { _ in
      [.write(RawHTTP.response("413 Content Too Large", "")), .waitUntilRead, .close]
    },
    StreamScript("stale-connection") {
      $0.requests = 2
    } steps: { scene in
      scene.onConnection == 0 ? hello : [.reset]
    },
    StreamScript("closes-after-each") {
      $0.requests = 50
    } steps: { _ in
      [
        .write(
          RawHTTP.streamHead + RawHTTP.chunked(SSE.content("Hello") + SSE.end) + RawHTTP.lastChunk)
      ]
        + [.close]
    },
  ]

  /// A body that ends with the connection, as announced.
  private static let closingHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"

  /// A good answer in two reads.
  private static let hello: [Step] = [
    .write(RawHTTP.streamHead + RawHTTP.chunked(SSE.role)), .waitUntilRead,
    .write(RawHTTP.chunked(SSE.content("Hello") + SSE.end) + RawHTTP.lastChunk),
  ]

  /// Every script, in the order of the table.
  package static let all = shapes + tokens + failures + connections + messages + responses
}

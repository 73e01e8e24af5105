/// Streams that fail although the connection does what HTTP asks for, and bodies that are none.
extension StreamScript {
  static let failures: [StreamScript] = [
    StreamScript("error-first", SSE.event("{\(SSE.error)}") + SSE.done) { $0.answer = "" },
    StreamScript(
      "error-rate-limit",
      SSE.event(#"{"error":{"code":429,"message":"Rate limit exceeded: free-models-per-day"}}"#)
    ) { $0.answer = "" },
    StreamScript(
      "error-mid-stream", SSE.content("Hello"),
      SSE.event(#"{\#(SSE.error),"choices":[{"delta":{"content":""},"finish_reason":"error"}]}"#)
        + SSE.done),
    StreamScript(
      "error-after-length", SSE.content("Hello"), SSE.finish("length"),
      SSE.event("{\(SSE.error)}") + SSE.done),
    StreamScript("error-event", SSE.content("Hello"), "event: error\ndata: upstream failed\n\n"),
    StreamScript("truncated", SSE.content("Hello")),
    StreamScript("truncated-after-finish", SSE.content("Hello"), SSE.finish() + SSE.usage(2)),
    StreamScript("broken-chunk", SSE.content("Hello"), SSE.event(#"{"choices":[{"del"#) + SSE.end),
    StreamScript(
      "words-mid-stream", SSE.content("Hello"), SSE.event("Internal Server Error") + SSE.done),

    StreamScript("empty", SSE.role, SSE.finish() + SSE.usage(0) + SSE.done) { $0.answer = "" },
    StreamScript("white-space", SSE.role, SSE.content(#" \n"#), SSE.end) { $0.answer = " \n" },
    StreamScript(
      "empty-length", SSE.role,
      SSE.finish("length")
        + SSE.usage(200, more: #","completion_tokens_details":{"reasoning_tokens":200}"#)
        + SSE.done
    ) { $0.answer = "" },
    StreamScript("content-filter", SSE.role, SSE.finish("content_filter") + SSE.done) {
      $0.answer = ""
    },

    StreamScript("html", type: "text/html", body: "<!DOCTYPE html><title>App</title>") {
      ($0.answer, $0.message) = ("", "a web page")
    },
    StreamScript("json-array", type: "application/json", body: #"["Hello"]"#) { $0.answer = "" },
    StreamScript("json-array-error", type: "application/json", body: "[{\(SSE.error)}]") {
      $0.answer = ""
    },
    StreamScript("error-body", type: "application/json", body: "{\(SSE.error)}") {
      $0.answer = ""
    },
    StreamScript("binary") {
      $0.answer = ""
    } steps: { _ in
      let bytes: [UInt8] = [0x00, 0x7F, 0x45, 0x4C, 0x46, 0xFF, 0x0A, 0x0A]
      let head = RawHTTP.response(type: "application/octet-stream", "12345678").dropLast(8)
      return [.write(String(head)), .writeBytes(bytes)]
    },
    StreamScript("gzip") {
      ($0.answer, $0.message) = ("", "compressed data, which was not asked for")
    } steps: { _ in
      let fields = ["Content-Encoding: gzip"]
      let head = RawHTTP.response(type: "text/event-stream", fields: fields, "1234567890")
        .dropLast(10)
      return [
        .write(String(head)),
        .writeBytes([0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03]),
      ]
    },

    StreamScript("long-line") {
      $0.answer = ""
    } steps: { _ in
      let text = String(repeating: "x", count: 10_000_000)
      return [
        .write(
          RawHTTP.streamHead + RawHTTP.chunked(SSE.content(text) + SSE.end) + RawHTTP.lastChunk)
      ]
    },
    endless("endless-json", head: "application/json", start: #"{"x":""#, "x"),
    endless(
      "endless-event", start: "data: {\n", "data: \(String(repeating: ",", count: 1000))\n"),
    endless("endless-events", start: "", "data:{}\n\n"),
    StreamScript("endless-text") {
      $0.answer = String(repeating: "x", count: (16 << 20) / text.count * text.count + text.count)
    } steps: { _ in
      [.write(openHead("text/event-stream")), .flood(Array(SSE.content(text).utf8))]
    },
    StreamScript("comments-first") {
      ($0.answer, $0.firstToken) = ("", .milliseconds(80))
    } steps: { _ in
      [.write(RawHTTP.streamHead + RawHTTP.chunked(SSE.role)), .flood(ping, every: 5)]
    },
    StreamScript("comments-for-ever") {
      $0.stall = .milliseconds(80)
    } steps: { _ in
      [.write(RawHTTP.streamHead + RawHTTP.chunked(SSE.content("Hello"))), .flood(ping, every: 5)]
    },
  ]

  private static let ping = Array(RawHTTP.chunked(": keep-alive\n\n").utf8)
  private static let text = String(repeating: "x", count: 65_536)

  /// The head of a body that ends with the connection.
  private static func openHead(_ type: String) -> String {
    "HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\n\r\n"
  }

  /// A body that goes on until the client has had enough.
  private static func endless(
    _ id: String, head type: String = "text/event-stream", start: String, _ piece: String
  ) -> StreamScript {
    let bytes = Array(repeating: Array(piece.utf8), count: 65_536 / piece.utf8.count)
    return StreamScript(id) {
      $0.answer = ""
    } steps: { _ in
      [.write(openHead(type) + start), .flood(bytes.flatMap(\.self))]
    }
  }
}

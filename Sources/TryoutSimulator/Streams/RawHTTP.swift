/// HTTP as servers write it, byte by byte.
package enum RawHTTP {
  /// The head of an event stream in a chunked body.
  package static let streamHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"

  /// The end of a chunked body.
  package static let lastChunk = "0\r\n\r\n"

  /// One chunk of a chunked body.
  package static func chunked(_ text: String) -> String {
    "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n"
  }

  /// A whole response with a body of known length.
  package static func response(
    _ status: String = "200 OK",
    type: String = "application/json",
    fields: [String] = [],
    _ body: String
  ) -> String {
    (["HTTP/1.1 \(status)", "Content-Type: \(type)", "Content-Length: \(body.utf8.count)"] + fields)
      .joined(separator: "\r\n") + "\r\n\r\n" + body
  }
}

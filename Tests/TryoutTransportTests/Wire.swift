import Testing
import TryoutCore

@testable import TryoutTransport

/// Bytes as servers send them.
enum Wire {
  static let streamHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"

  /// The end of a chunked body.
  static let lastChunk = "0\r\n\r\n"

  /// One event in one chunk of a chunked body.
  static func event(_ data: String) -> String { chunked("data: \(data)\n\n") }

  static func chunked(_ text: String) -> String {
    "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n"
  }

  static let role = event(#"{"choices":[{"delta":{"role":"assistant","content":""}}]}"#)

  /// A chunk with content; the text must need no escapes.
  static func content(_ text: String) -> String {
    event(#"{"choices":[{"delta":{"content":"\#(text)"}}]}"#)
  }

  static let finish = event(#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#)
  static let done = event("[DONE]")

  /// A whole response with a body of known length.
  static func response(
    _ status: String = "200 OK",
    type: String = "application/json",
    fields: [String] = [],
    _ body: String
  ) -> String {
    (["HTTP/1.1 \(status)", "Content-Type: \(type)", "Content-Length: \(body.utf8.count)"] + fields)
      .joined(separator: "\r\n") + "\r\n\r\n" + body
  }

  /// A complete good stream.
  static let stream = streamHead + role + content("Hello") + finish + done + lastChunk
}

/// Questions and accounts for tests.
enum Fixture {
  static func account(_ provider: String = "openrouter") throws -> Account {
    let preset = try #require(Provider.preset(named: provider))
    return Account(id: "test", provider: preset, keyVariable: "TEST_KEY")
  }

  static func question(
    _ provider: String = "openrouter",
    stream: Bool = true,
    change: (inout Question) -> Void = { _ in }
  ) throws -> Question {
    var question = Question(
      account: try account(provider),
      model: "vendor/model:free",
      user: "Say hello.",
      stream: stream
    )
    change(&question)
    return question
  }
}

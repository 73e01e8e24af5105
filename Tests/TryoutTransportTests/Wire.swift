import Testing
import TryoutCore
import TryoutSimulator

@testable import TryoutTransport

/// Bytes as servers send them, each event in a chunk of its own.
enum Wire {
  static let streamHead = RawHTTP.streamHead
  static let lastChunk = RawHTTP.lastChunk
  static let role = RawHTTP.chunked(SSE.role)
  static let finish = RawHTTP.chunked(SSE.finish())
  static let done = RawHTTP.chunked(SSE.done)

  static func event(_ data: String) -> String { RawHTTP.chunked(SSE.event(data)) }

  /// A chunk with content; the text must need no escapes.
  static func content(_ text: String) -> String { RawHTTP.chunked(SSE.content(text)) }

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

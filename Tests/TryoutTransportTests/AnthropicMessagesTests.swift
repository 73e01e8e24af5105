import Testing
import TryoutCore
import TryoutSimulator

@testable import TryoutTransport

struct AnthropicMessagesTests {
  private func order(
    url: String = "https://x.example/v1", key: String? = "sk-1",
    change: (inout Question) -> Void = { _ in }
  ) throws -> Order {
    try Fixture.question("anthropic", change: change)
      .dialect(at: Endpoint(url: url, key: key)).order(userAgent: "tryout/1")
  }

  private func body(change: (inout Question) -> Void) throws -> String {
    String(decoding: try order(change: change).body, as: UTF8.self)
  }

  @Test func aQuestionIsPutIntoAMessage() throws {
    let body = try body { question in
      question.system = "Be \"brief\"."
      question.parameters = [
        "temperature": 0, "max_tokens": 100, "thinking": ["type": "disabled"], "model": "sneaky",
        "stream": false,
      ]
      question.route = ["order": ["a"]]
      question.freeOnly = true
    }
    #expect(
      body
        == #"{"max_tokens":100,"messages":[{"content":"Say hello.","role":"user"}],"#
        + #""model":"vendor/model:free","stream":true,"system":"Be \"brief\".","temperature":0,"#
        + #""thinking":{"type":"disabled"}}"#
    )
  }

  @Test(
    arguments: [
      ([:], 4096), (["max_tokens": 7], 7), (["max_completion_tokens": 8], 8),
      (["max_tokens": 7, "max_completion_tokens": 8], 8),
    ] as [([String: JSON], Int)])
  func theAllowanceIsAlwaysSaidUnderOneName(parameters: [String: JSON], tokens: Int) throws {
    let body = try body { $0.parameters = parameters }
    #expect(body.hasPrefix(#"{"max_tokens":\#(tokens),"messages""#))
    #expect(!body.contains("max_completion_tokens"))
    #expect(try Fixture.question("anthropic") { $0.parameters = parameters }.maxTokens == tokens)
  }

  @Test(arguments: [
    "https://x.example/v1", "https://x.example/v1/", "https://x.example", "https://x.example//",
  ])
  func theVersionStandsOnceInThePath(url: String) throws {
    #expect(try order(url: url).url == "https://x.example/v1/messages")
  }

  @Test func theKeyStandsInOneHeader() throws {
    let headers = try order().headers
    #expect(headers.filter { $0.contains("sk-1") } == ["x-api-key: sk-1"])
    #expect(headers.contains("anthropic-version: 2023-06-01"))
    #expect(headers.contains("Accept: text/event-stream"))
    for key in [nil, ""] {
      #expect(try !order(key: key).headers.contains { $0.hasPrefix("x-api-key") })
    }
  }

  @Test func aQuestionGoesOverASocket() async throws {
    let server = try RawServer(
      .write(Wire.streamHead + RawHTTP.chunked(Message.answer) + Wire.lastChunk))
    defer { server.stop() }
    let key = "sk-ant-0123456789"
    let transport = try CurlTransport(endpoints: ["test": Endpoint(url: server.url, key: key)])
    defer { transport.shutdown() }
    let exchange = await transport.ask(try Fixture.question("anthropic"))
    #expect(exchange.failure == nil)
    #expect(exchange.answer == "Hello")
    #expect(exchange.usage == Usage(prompt: 9, completion: 2, cached: 2))
    let received = try #require(server.received.first)
    #expect(received.head.hasPrefix("POST /v1/messages HTTP/1.1\r\n"))
    #expect(received.head.contains("\r\nx-api-key: \(key)\r\n"))
    #expect(received.head.ranges(of: key).count == 1)
    #expect(!received.head.lowercased().contains("authorization"))
    #expect(!received.body.contains(key))
    #expect(try JSON(parsing: received.body.utf8)["max_tokens"]?.int == 4096)
  }
}

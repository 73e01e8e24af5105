import Testing
import TryoutCore

@testable import TryoutTransport

struct ChatCompletionsTests {
  private func order(_ question: Question, url: String = "https://x.example/v1", key: String? = "k")
    -> Order
  {
    ChatCompletions(question: question, endpoint: Endpoint(url: url, key: key))
      .order(userAgent: "tryout/1")
  }

  private func body(_ question: Question) -> String {
    String(decoding: order(question).body, as: UTF8.self)
  }

  @Test func aFreeModelBehindARouterIsGuarded() throws {
    let question = try Fixture.question { question in
      question.system = "Be \"brief\"."
      question.parameters = ["temperature": 0, "max_tokens": 100]
      question.route = ["allow_fallbacks": false, "max_price": ["prompt": "9"]]
      question.freeOnly = true
    }
    #expect(
      body(question)
        == #"{"max_tokens":100,"messages":[{"content":"Be \"brief\".","role":"system"},"#
        + #"{"content":"Say hello.","role":"user"}],"model":"vendor/model:free","#
        + #""plugins":[{"enabled":false,"id":"context-compression"}],"#
        + #""provider":{"allow_fallbacks":false,"#
        + #""max_price":{"completion":"0","prompt":"0","request":"0"}},"#
        + #""stream":true,"temperature":0}"#
    )
  }

  @Test func othersGetNoRoutingAndAreAskedForUsage() throws {
    let question = try Fixture.question("openai") { question in
      question.route = ["order": ["a"]]
      question.freeOnly = true
      question.parameters = ["stream_options": ["x": 1], "model": "sneaky", "stream": false]
    }
    #expect(
      body(question)
        == #"{"messages":[{"content":"Say hello.","role":"user"}],"model":"vendor/model:free","#
        + #""stream":true,"stream_options":{"include_usage":true,"x":1}}"#
    )
  }

  @Test func wholeAnswersAreNotAskedForStreamOptions() throws {
    let text = body(try Fixture.question("openai", stream: false))
    #expect(text.contains(#""stream":false"#))
    #expect(!text.contains("stream_options"))
  }

  @Test func ownPluginsStay() throws {
    let own = try Fixture.question { $0.parameters["plugins"] = [["id": "web"]] }
    #expect(
      body(own).contains(#""plugins":[{"id":"web"},{"enabled":false,"id":"context-compression"}]"#)
    )
    let set = try Fixture.question { $0.parameters["plugins"] = [["id": "context-compression"]] }
    #expect(body(set).contains(#""plugins":[{"id":"context-compression"}]"#))
  }

  @Test(arguments: ["https://x.example/v1", "https://x.example/v1/", "https://x.example/v1//"])
  func thePathIsAppendedOnce(url: String) throws {
    #expect(order(try Fixture.question(), url: url).url == "https://x.example/v1/chat/completions")
  }

  @Test func theKeyStandsInOneHeader() throws {
    let headers = order(try Fixture.question(), key: "sk-1").headers
    #expect(headers.filter { $0.contains("sk-1") } == ["Authorization: Bearer sk-1"])
    #expect(headers.contains("Expect:"))
    #expect(headers.contains("Accept-Encoding: identity"))
    #expect(headers.contains("X-OpenRouter-Cache: false"))
    #expect(headers.contains("User-Agent: tryout/1"))
    for key in [nil, ""] {
      let headers = order(try Fixture.question("openai"), key: key).headers
      #expect(!headers.contains { $0.hasPrefix("Authorization") })
      #expect(!headers.contains { $0.hasPrefix("X-OpenRouter") })
    }
  }
}

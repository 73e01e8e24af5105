import Testing
import TryoutCore
import TryoutSimulator

@testable import TryoutTransport

/// Questions and replies in the Responses dialect, by hand after documents and recordings.
struct OpenAIResponsesTests {
  private func order(change: (inout Question) -> Void = { _ in }) throws -> Order {
    try Fixture.question("openai-responses", change: change)
      .dialect(at: Endpoint(url: "https://x.example/v1/", key: "sk-1")).order(userAgent: "tryout/1")
  }

  private func exchange(_ body: String, status: Int = 200) throws -> Exchange {
    var reply = TryoutTransport.Reply(ending: .complete)
    reply.head = ResponseHead(status: status, fields: [:])
    reply.connection.sends = 1
    reply.body = BodyReader(dialect: .openAIResponses)
    _ = Array(body.utf8).withUnsafeBytes { reply.body.consume($0, at: 5) }
    reply.body.finish(at: 5)
    reply.timeline.firstByte = 5
    reply.timeline.end = 9
    return try Fixture.question("openai-responses")
      .dialect(at: Endpoint(url: "https://api.example/v1", key: "topsecret"))
      .exchange(from: reply, now: 784_111_777)
  }

  @Test func aQuestionIsPutIntoAResponse() throws {
    let order = try order { question in
      question.system = "Be \"brief\"."
      question.parameters = ["temperature": 0, "max_tokens": 100, "model": "sneaky"]
    }
    #expect(order.url == "https://x.example/v1/responses")
    #expect(order.headers.contains("Authorization: Bearer sk-1"))
    #expect(
      String(decoding: order.body, as: UTF8.self)
        == #"{"input":"Say hello.","instructions":"Be \"brief\".","max_output_tokens":100,"#
        + #""model":"vendor/model:free","store":false,"stream":true,"temperature":0}"#)
  }

  @Test func aStreamIsRead() throws {
    let exchange = try exchange(
      ResponseEvent.start + ResponseEvent.message + ResponseEvent.text("Hel")
        + ResponseEvent.text("lo", number: 5) + ResponseEvent.done("Hello") + ResponseEvent.end())
    #expect(exchange.failure == nil)
    #expect(exchange.answer == "Hello" && exchange.finishReason == "stop")
    #expect(exchange.servedModel == "model-1" && exchange.generationID == "resp_1")
    #expect(exchange.usage == Usage(prompt: 9, completion: 2, reasoning: 0, cached: 0, total: 11))
    #expect(exchange.chunks == 2)
  }

  @Test func membersMayStandInAnyOrder() throws {
    let exchange = try exchange(
      #"data: {"delta":"Hello","item_id":"m","type":"response.output_text.delta"}"# + "\n\n"
        + #"data: {"response":{"usage":{"output_tokens":2,"cost":0.5},"status":"completed"},"#
        + #""type":"response.completed"}"# + "\n\n")
    #expect(exchange.failure == nil && exchange.answer == "Hello")
    #expect(exchange.usage.completion == 2 && exchange.costUSD == 0.5)
  }

  @Test func aBodyOfOnePieceIsRead() throws {
    let exchange = try exchange(
      #"{"id":"resp_1","object":"response","status":"completed","model":"m","output":["#
        + #"{"type":"reasoning","summary":[{"type":"summary_text","text":"Hm"}]},"#
        + #"{"type":"message","content":[{"type":"output_text","text":"Hel"},"#
        + #"{"type":"output_text","text":"lo"}]}],"usage":{"input_tokens":4,"output_tokens":5,"#
        + #""output_tokens_details":{"reasoning_tokens":3}}}"#)
    #expect(exchange.failure == nil)
    #expect(exchange.answer == "Hello" && exchange.reasoning == "Hm")
    #expect(exchange.usage == Usage(prompt: 4, completion: 5, reasoning: 3))
  }

  @Test(arguments: [
    (
      #"{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[]}"#,
      FailureKind.empty
    ),
    (
      #"{"status":"incomplete","incomplete_details":{"reason":"content_filter"},"output":[]}"#,
      .moderated
    ),
    (
      #"{"status":"failed","error":{"code":"server_error","message":"Oops."},"output":[]}"#,
      .server
    ),
    (#"{"choices":[{"message":{"content":"Hello"}}]}"#, .malformed),
  ])
  func bodiesThatAreNoAnswer(body: String, kind: FailureKind) throws {
    #expect(try exchange(body).failure?.kind == kind)
  }

  @Test func refusalsHaveTheirKind() throws {
    let body =
      #"{"error":{"message":"Incorrect API key provided","type":"invalid_request_error","#
      + #""code":"invalid_api_key"}}"#
    #expect(try exchange(body, status: 401).failure?.kind == .auth)
  }
}

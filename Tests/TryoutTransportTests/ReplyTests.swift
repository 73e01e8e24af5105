import Testing
import TryoutCore

@testable import TryoutTransport

/// What replies mean that need no network to be made.
struct ReplyTests {
  private func exchange(
    _ body: String,
    status: Int = 200,
    provider: String = "openrouter",
    stream: Bool = true,
    fields: [String: String] = [:],
    ending: Ending = .complete
  ) throws -> Exchange {
    var reply = Reply(ending: ending)
    reply.head = ResponseHead(status: status, fields: fields)
    reply.connection.sends = 1
    _ = Array(body.utf8).withUnsafeBytes { reply.body.consume($0, at: 5) }
    reply.body.finish(at: 5)
    if !body.isEmpty { reply.timeline.firstByte = 5 }
    reply.timeline.end = 9
    return ChatCompletions(
      question: try Fixture.question(provider, stream: stream),
      endpoint: Endpoint(url: "https://api.example/v1", key: "topsecret")
    ).exchange(from: reply, now: 0)
  }

  private static let whole =
    #"""
    {"id":"gen-1","model":"m","provider":"P","choices":[{"finish_reason":"stop",
    "message":{"content":"4","reasoning":"2+2"}}],"usage":{"prompt_tokens":3,
    "completion_tokens":1,"total_tokens":4,"cost":0,"completion_tokens_details":{
    "reasoning_tokens":0}}}
    """#

  /// What a cache says is an answer, and says nothing about how fast a model is or what it takes.
  @Test func anAnswerOfACacheHasNoTimes() throws {
    let hit = try exchange(
      Self.whole, stream: false, fields: ["x-openrouter-cache-status": "HIT"])
    #expect(hit.failure == nil && hit.answer == "4")
    #expect(hit.timeline.lastToken == nil && hit.timeline.firstToken == nil)
    #expect(hit.usage == Usage() && hit.costUSD == nil)
    #expect(hit.upstream == "response cache" && hit.servedModel == "m")
    let miss = try exchange(
      Self.whole, stream: false, fields: ["x-openrouter-cache-status": "MISS"])
    #expect(miss.timeline.lastToken != nil && miss.upstream == "P")
  }

  @Test(arguments: ["", "\n         \n\n         \n"])
  func aWholeAnswerHasALatencyAndNoFirstToken(keepAlive: String) throws {
    let exchange = try exchange(keepAlive + Self.whole, stream: false)
    #expect(exchange.failure == nil)
    #expect(exchange.answer == "4")
    #expect(exchange.reasoning == "2+2")
    #expect(exchange.finishReason == "stop")
    #expect(exchange.servedModel == "m")
    #expect(exchange.upstream == "P")
    #expect(exchange.generationID == "gen-1")
    #expect(exchange.usage == Usage(prompt: 3, completion: 1, reasoning: 0, total: 4))
    #expect(exchange.costUSD == 0)
    #expect(exchange.timeline.firstToken == nil)
    #expect(exchange.timeline.lastToken == 9)
  }

  @Test func theHeaderNamesTheGeneration() throws {
    #expect(try exchange(Self.whole, fields: ["x-generation-id": "gen-0"]).generationID == "gen-0")
  }

  @Test(arguments: [
    (
      #"{"content":null,"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}"#, "",
      FailureKind?.none
    ),
    (
      #"{"content":[{"type":"thinking","thinking":[{"text":"r"}]},{"type":"text","text":"a"}]}"#,
      "a", nil
    ),
    (#"{"content":"","refusal":null}"#, "", .empty),
    (#"{"content":" \n"}"#, " \n", .empty),
    ("null", "", .empty),
  ])
  func messagesOfEveryShape(message: String, answer: String, kind: FailureKind?) throws {
    let body = #"{"choices":[{"finish_reason":"stop","message":\#(message)}]}"#
    let exchange = try exchange(body, stream: false)
    #expect(exchange.answer == answer)
    #expect(exchange.failure?.kind == kind)
  }

  @Test(arguments: [
    ("", FailureKind.malformed), ("Internal error", .malformed),
    ("<!DOCTYPE html><title>App</title>", .malformed), (#"{"answer":"4"}"#, .malformed),
    (#"{"choices":[]}"#, .malformed), ("{\"choices\":[{", .malformed),
    (#"{"error":{"code":502,"message":"x"}}"#, .server),
    (#"{"choices":[{"finish_reason":"error","error":{"code":429,"message":"x"}}]}"#, .rateMinute),
    (#"{"choices":[{"finish_reason":"content_filter","message":{"content":""}}]}"#, .moderated),
  ])
  func bodiesThatAreNoAnswer(body: String, kind: FailureKind) throws {
    let exchange = try exchange(body)
    #expect(exchange.failure?.kind == kind)
    #expect(exchange.timeline.lastToken == nil)
  }

  @Test func aWholeAnswerThatNeverEndedHasNoLatency() throws {
    let exchange = try exchange(Self.whole, stream: false, ending: .expired(.timeoutTotal))
    #expect(exchange.failure?.kind == .timeoutTotal)
    #expect(exchange.timeline.lastToken == nil)
  }

  private static let answer = "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n"
  private static let finish = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
  /// llama-cpp-python drops a stream for the next request in just this way.
  @Test(
    arguments: [(nil, FailureKind.truncatedStream), ("stop", nil)] as [(String?, FailureKind?)])
  func doneOnABrokenConnectionNeedsAFinishReason(reason: String?, kind: FailureKind?) throws {
    let reason = reason.map { "\"\($0)\"" } ?? "null"
    let chunk = #"data: {"choices":[{"delta":{"content":"4"},"finish_reason":\#(reason)}]}"#
    let partial = CurlError(code: 18, detail: "transfer closed", proxyStatus: 0)
    let exchange = try exchange("\(chunk)\n\n" + Self.done, ending: .curl(partial))
    #expect(exchange.failure?.kind == kind)
    #expect(exchange.answer == "4")
  }

  private static let done = "data: [DONE]\n\n"

  @Test(arguments: [
    ("openrouter", answer + finish + done, FailureKind?.none),
    ("openrouter", answer + done, nil),
    ("openrouter", answer + finish, .truncatedStream),
    ("openai", answer + finish, nil),
    ("openai", answer, .truncatedStream),
    ("openrouter", finish + done, .empty),
    ("openrouter", ": hello\n\n", .malformed),
    ("openrouter", "data: {\"type\":\"response.created\"}\n\n" + done, .malformed),
    (
      "openrouter", answer + "data: {\"choices\":[{\"delta\":{\"con\n\n" + finish + done, .malformed
    ),
    (
      "openrouter",
      answer + "data: {\"error\":{\"code\":400,\"message\":\"x\"},\"choices\":[]}\n\n" + done,
      .badRequest
    ),
    (
      "openrouter",
      answer + "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"error\"}]}\n\n" + done,
      .streamError
    ),
  ])
  func streamsNeedTheirMarkerAndAnAnswer(provider: String, body: String, kind: FailureKind?) throws
  {
    #expect(try exchange(body, provider: provider).failure?.kind == kind)
  }

  @Test func aMarkerIsEnoughHoweverTheConnectionEnded() throws {
    let body = Self.answer + Self.finish + Self.done
    let reset = Ending.curl(CurlError(code: 56, detail: "reset", proxyStatus: 0))
    #expect(try exchange(body, ending: reset).failure == nil)
    #expect(try exchange(body, ending: .expired(.timeoutStall)).failure == nil)
    #expect(try exchange(body, ending: .cancelled).failure?.kind == .cancelled)
    #expect(try exchange(body, ending: .tooLarge).failure?.kind == .tooLarge)
  }

  /// Codes of libcurl, before and after the request was sent and the first byte came.
  @Test(arguments: [
    (6, false, "", FailureKind.dns), (5, false, "", .proxy), (97, false, "", .proxy),
    (7, false, "", .connect), (35, false, "", .tls), (60, false, "", .tls),
    (3, false, "", .unsupported), (1, false, "", .unsupported), (1, true, "", .malformed),
    (8, true, "", .malformed), (52, true, "", .reset), (55, true, "", .reset),
    (56, true, "", .reset), (56, true, answer, .truncatedStream),
    (18, true, answer, .truncatedStream),
    (92, true, answer, .truncatedStream), (28, false, "", .timeoutConnect),
    (28, true, "", .timeoutTotal),
  ])
  func codesOfLibcurl(code: UInt32, wasSent: Bool, body: String, kind: FailureKind) throws {
    var reply = Reply(ending: .curl(CurlError(code: code, detail: "why topsecret", proxyStatus: 0)))
    reply.connection.sends = wasSent ? 1 : 0
    reply.head = ResponseHead(status: body.isEmpty ? 0 : 200)
    _ = Array(body.utf8).withUnsafeBytes { reply.body.consume($0, at: 1) }
    reply.timeline.firstByte = body.isEmpty ? nil : 1
    let dialect = ChatCompletions(
      question: try Fixture.question(),
      endpoint: Endpoint(url: "https://api.example:8443/v1", key: "topsecret")
    )
    let failure = try #require(dialect.exchange(from: reply, now: 0).failure)
    #expect(failure.kind == kind)
    #expect(!failure.message.contains("topsecret"))
    #expect(
      failure.message.contains(
        failure.kind == .proxy || kind == .unsupported ? "why" : "api.example:8443"
      )
    )
  }

  @Test func aProxyThatRefusesIsNamed() throws {
    let ending = Ending.curl(CurlError(code: 56, detail: "CONNECT tunnel failed", proxyStatus: 407))
    #expect(try exchange("", status: 0, ending: ending).failure?.kind == .proxy)
  }

  @Test func onlyFailuresAskToWait() throws {
    let fields = ["retry-after": "30"]
    #expect(try exchange(Self.whole, fields: fields).wait == nil)
    let refused = try exchange(
      #"{"error":{"code":429,"message":"x"}}"#,
      status: 429,
      fields: fields
    )
    #expect(refused.wait == .seconds(30))
    #expect(refused.failure?.kind == .rateMinute)
    #expect(refused.httpStatus == 429)
    #expect(refused.servedModel == nil)
  }

  @Test func interimResponsesAndRepeatedFieldsAreForgotten() {
    var head = ResponseHead()
    let lines = [
      "HTTP/1.1 100 Continue\r\n", "Retry-After: 1\r\n", "\r\n", "HTTP/2 429 \r\n",
      "X-Other: 1\r\n",
      "X-RateLimit-Reset:  7 \r\n", "\r\n",
    ]
    let finals = lines.map { line in Array(line.utf8).withUnsafeBytes { head.read(line: $0) } }
    #expect(finals.filter(\.self).count == 1)
    #expect(head == ResponseHead(status: 429, fields: ["x-ratelimit-reset": "7"]))
  }
}

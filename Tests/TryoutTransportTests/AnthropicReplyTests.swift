import Testing
import TryoutCore
import TryoutSimulator

@testable import TryoutTransport

/// What replies in the Messages dialect mean, by hand after documents and recordings.
struct AnthropicReplyTests {
  private func exchange(
    _ body: String, status: Int = 200, stream: Bool = true, fields: [String: String] = [:],
    ending: Ending = .complete
  ) throws -> Exchange {
    var reply = TryoutTransport.Reply(ending: ending)
    reply.head = ResponseHead(status: status, fields: fields)
    reply.connection.sends = 1
    reply.body = BodyReader(dialect: .anthropicMessages)
    _ = Array(body.utf8).withUnsafeBytes { reply.body.consume($0, at: 5) }
    reply.body.finish(at: 5)
    if !body.isEmpty { reply.timeline.firstByte = 5 }
    reply.timeline.end = 9
    return try Fixture.question("anthropic", stream: stream)
      .dialect(at: Endpoint(url: "https://api.example/v1", key: "topsecret"))
      .exchange(from: reply, now: 784_111_777)
  }

  /// The piece of each event that is a token, and when it came.
  private func events(_ pieces: [String]) -> EventReader {
    var reader = StreamReader(dialect: .anthropicMessages)
    for (moment, piece) in pieces.enumerated() {
      #expect(Array(piece.utf8).withUnsafeBytes { reader.consume($0, at: Int64(moment)) })
    }
    reader.finish(at: Int64(pieces.count))
    return reader.events
  }

  @Test func aStreamIsRead() throws {
    let exchange = try exchange(Message.answer)
    #expect(exchange.failure == nil)
    #expect(exchange.answer == "Hello")
    #expect(exchange.finishReason == "stop")
    #expect(exchange.servedModel == "model-1")
    #expect(exchange.generationID == "msg_1")
    #expect(exchange.usage == Usage(prompt: 9, completion: 2, cached: 2))
    #expect(exchange.chunks == 2)
    #expect(exchange.costUSD == nil)
  }

  @Test func tokensAreWhatIsSeen() {
    let events = events([
      Message.start, Message.text(""), Message.ping, Message.thinking("hm"),
      Message.delta(#""type":"signature_delta","signature":"EqQB""#),
      Message.delta(#""type":"citations_delta","citation":{"cited_text":"x"}"#),
      Message.block(#""type":"tool_use","id":"1","name":"f","input":{}"#),
      Message.delta(#""type":"input_json_delta","partial_json":"""#),
      Message.delta(#""partial_json":"{","type":"input_json_delta""#),
      Message.ping, Message.end("tool_use"), Message.ping,
    ])
    #expect(events.firstToken == 3)
    #expect(events.firstAnswer == 6)
    #expect(events.lastToken == 8)
    #expect(events.chunks == 3)
    #expect(events.lastEvent == 10)
    #expect(events.isDone)
    #expect(events.scanner.finishReason == "tool_calls")
  }

  @Test(
    arguments: [
      // A router that knows the input only at the end, and a stream that broke before it.
      (
        #"{"input_tokens":0,"output_tokens":0}"#, #"{"input_tokens":9,"output_tokens":3}"#, 9, 3,
        nil
      ),
      (#"{"input_tokens":9,"output_tokens":1}"#, "null", 9, nil, nil),
      (#"{"input_tokens":9,"cache_read_input_tokens":null}"#, #"{"output_tokens":3}"#, 9, 3, nil),
      (#"{"input_tokens":1,"cache_read_input_tokens":8}"#, #"{"output_tokens":3}"#, 9, 3, 8),
      (#"{"cache_read_input_tokens":8}"#, #"{"output_tokens":3}"#, nil, 3, 8),
      (#"{"input_tokens":9223372036854775807,"cache_read_input_tokens":1}"#, "{}", nil, nil, 1),
    ] as [(String, String, Int?, Int?, Int?)])
  func usageComesInTwoEvents(
    first: String, last: String, prompt: Int?, completion: Int?, cached: Int?
  ) {
    let usage = events([
      Message.event("message_start", #","message":{"usage":\#(first)}"#),
      Message.event("message_delta", #","delta":{},"usage":\#(last)"#),
    ]).scanner.usage
    #expect(usage == Usage(prompt: prompt, completion: completion, cached: cached))
  }

  @Test(arguments: [
    ("end_turn", "stop"), ("stop_sequence", "stop"), ("max_tokens", "length"),
    ("model_context_window_exceeded", "length"), ("tool_use", "tool_calls"),
    ("refusal", "content_filter"), ("pause_turn", "pause_turn"), ("new", "new"),
  ])
  func reasonsAreThoseOfChatCompletions(told: String, reason: String) throws {
    let streamed = try exchange(Message.start + Message.text("x") + Message.end(told))
    #expect(streamed.finishReason == reason)
    let whole = try exchange(Self.whole(#"{"type":"text","text":"x"}"#, reason: told))
    #expect(whole.finishReason == reason)
  }

  private static func whole(_ blocks: String, reason: String = "end_turn") -> String {
    #"{"id":"msg_1","type":"message","role":"assistant","model":"model-1","content":[\#(blocks)],"#
      + #""stop_reason":"\#(reason)","usage":{"input_tokens":3,"cache_creation_input_tokens":4,"#
      + #""cache_read_input_tokens":2,"output_tokens":2}}"#
  }

  @Test func aWholeAnswerHasALatencyAndNoFirstToken() throws {
    let blocks = #"{"type":"thinking","thinking":"2+2","signature":"E"},{"type":"text","text":"4"}"#
    let exchange = try exchange(Self.whole(blocks), stream: false)
    #expect(exchange.failure == nil)
    #expect(exchange.answer == "4")
    #expect(exchange.reasoning == "2+2")
    #expect(exchange.servedModel == "model-1")
    #expect(exchange.generationID == "msg_1")
    #expect(exchange.usage == Usage(prompt: 9, completion: 2, cached: 2))
    #expect(exchange.timeline.firstToken == nil)
    #expect(exchange.timeline.lastToken == 9)
  }

  @Test(
    arguments: [
      (whole(#"{"type":"tool_use","id":"1","name":"f","input":{}}"#), nil),
      (whole(""), .empty), (whole(#"{"type":"text","text":" "}"#), .empty),
      (whole("", reason: "refusal"), .moderated), (#"{"content":"x"}"#, .malformed),
      (#"{"choices":[{"message":{"content":"x"}}]}"#, .malformed), ("", .malformed),
      (#"{"type":"error","error":{"type":"api_error","message":"x"}}"#, .server),
      (Message.start + Message.text("x"), .truncatedStream),
      (Message.start + Message.end(), .empty), (Message.start, .truncatedStream),
      (Message.event("message_stop"), .malformed), (SSE.answer, .malformed),
      (
        Message.start + Message.text("x") + "data: {\"type\":\"message_stop\"\n\n", .truncatedStream
      ),
      (Message.start + "data: {\"delta\":{\"te\n\n" + Message.end(), .malformed),
    ] as [(String, FailureKind?)])
  func answersNeedTheirMarkerAndSomethingToSay(body: String, kind: FailureKind?) throws {
    #expect(try exchange(body).failure?.kind == kind)
  }

  @Test func theMessageSaysWhatWasMissing() throws {
    let truncated = try exchange(Message.start + Message.text("x")).failure
    #expect(truncated?.message == "api.example ended the stream without `message_stop`.")
    let other = try exchange(SSE.answer).failure
    #expect(other?.message.contains("instead of a message. Check the base URL.") == true)
  }

  @Test func aMarkerIsEnoughHoweverTheConnectionEnded() throws {
    let reset = Ending.curl(CurlError(code: 56, detail: "reset", proxyStatus: 0))
    #expect(try exchange(Message.answer, ending: reset).failure == nil)
    #expect(try exchange(Message.answer, ending: .expired(.timeoutStall)).failure == nil)
    #expect(try exchange(Message.start, ending: reset).failure?.kind == .truncatedStream)
  }

  @Test(
    arguments: [
      (400, "invalid_request_error", "prompt is too long: 208310 tokens > 200000", .contextLength),
      (
        400, "invalid_request_error",
        "input length and `max_tokens` exceed context limit: 199000 + 4096 > 200000", .contextLength
      ),
      (
        400, "invalid_request_error", "Your credit balance is too low to access the API.", .noCredit
      ),
      (
        400, "invalid_request_error", "You have reached your specified API usage limits.", .keyLimit
      ),
      (400, "invalid_request_error", "Output blocked by content filtering policy", .moderated),
      (400, "invalid_request_error", "temperature: must be less than or equal to 1", .badRequest),
      (401, "authentication_error", "invalid x-api-key", .auth),
      (402, "billing_error", "x", .noCredit),
      (403, "permission_error", "x", .gated),
      (404, "not_found_error", "model: model-0", .notFound),
      (413, "request_too_large", "x", .contextLength),
      (
        429, "rate_limit_error",
        "This request would exceed your rate limit of 40,000 input tokens per minute", .rateMinute
      ),
      (
        429, "rate_limit_error", "Number of request tokens has exceeded your daily rate limit",
        .rateDay
      ),
      (500, "api_error", "Internal server error", .server),
      (504, "timeout_error", "x", .server),
      (529, "overloaded_error", "Overloaded", .overloaded),
    ] as [(Int, String, String, FailureKind)])
  func refusalsHaveTheirKind(status: Int, type: String, message: String, kind: FailureKind) throws {
    let body =
      #"{"type":"error","error":{"type":"\#(type)","message":"\#(message)"},"request_id":"req_1"}"#
    #expect(try exchange(body, status: status).failure?.kind == kind)
    // The same inside a stream, where a failing server is one that broke it off.
    let streamed = try exchange(Message.start + Message.error(type, message))
    #expect(streamed.failure?.kind == (kind == .server ? .streamError : kind))
    #expect(streamed.usage.completion == nil)
  }

  @Test func theLongestWaitOfAnEmptyBucketCounts() throws {
    let refused = try exchange(
      #"{"type":"error","error":{"type":"rate_limit_error","message":"x"}}"#, status: 429,
      fields: [
        "retry-after": "3",
        "anthropic-ratelimit-requests-remaining": "7",
        "anthropic-ratelimit-requests-reset": "1994-11-06T08:50:37Z",
        "anthropic-ratelimit-input-tokens-remaining": "0",
        "anthropic-ratelimit-input-tokens-reset": "1994-11-06T08:49:47Z",
      ])
    #expect(refused.wait == .seconds(10))
  }
}

import Testing
import TryoutCore

@testable import TryoutTransport

/// Bodies in the shapes that providers send, by hand after their documents and recordings.
struct FailureClassifierTests {
  private func failure(
    _ body: String,
    status: Int = 400,
    place: FailureClassifier.Place = .status,
    head: ResponseHead = ResponseHead(),
    freeOnly: Bool = true
  ) -> Failure {
    let classifier = FailureClassifier(
      host: "api.example",
      model: "a/b:free",
      keyName: "A_KEY",
      scrubber: Scrubber(key: "topsecret")
    )
    let bytes = Array(body.utf8)
    let error = WholeBody.json(bytes).flatMap { ProviderError($0) } ?? ProviderError(text: bytes)
    return classifier.failure(error, status: status, place: place, head: head, freeOnly: freeOnly)
  }

  @Test(arguments: [
    ("model_not_found", FailureKind.notFound), ("wrong_endpoint", .unsupported),
    ("no_endpoints", .modelGone), ("model_deprecated", .modelGone),
    ("free_variant_ended", .freeEnded), ("privacy_restricted", .policyBlocked),
    ("region_restricted", .gated), ("capacity_exhausted", .rateUpstream),
    ("temporarily_unavailable", .overloaded), ("constraint_filtered", .unsupported),
    ("something_new", .badRequest),
  ])
  func availabilityDecidesFirst(code: String, kind: FailureKind) {
    let body = #"{"error":{"message":"x","availability":{"code":"\#(code)","retryable":false}}}"#
    #expect(failure(body).kind == kind)
  }

  @Test func unknownAvailabilityMayStillBeRetried() {
    let body = #"{"error":{"message":"x","availability":{"code":"new","retryable":true}}}"#
    #expect(failure(body, status: 404).kind == .overloaded)
  }

  @Test func ourPriceLimitSaysThatNobodyServesItFree() {
    let body =
      #"""
      {"error":{"message":"x","availability":{"code":"constraint_filtered",
      "excluded_by":["max_price"]}}}
      """#
    #expect(failure(body, status: 404).kind == .freeEnded)
    #expect(failure(body, status: 404, freeOnly: false).kind == .unsupported)
  }

  @Test(arguments: [
    (429, "openrouter_free_tier_per_minute", FailureKind.rateMinute),
    (429, "openrouter_free_tier_daily", .rateDay),
    (429, "upstream_provider_shared_pool", .rateUpstream),
    (402, "openrouter_credits", .noCredit),
    (402, "openrouter_key_limit", .keyLimit),
    (402, "openrouter_in_flight_budget", .rateMinute),
  ])
  func theSourceOfALimitDecides(status: Int, source: String, kind: FailureKind) {
    let body =
      #"""
      {"error":{"code":\#(status),"message":"Provider returned error","metadata":{
      "limit_source":"\#(source)"}}}
      """#
    #expect(failure(body, status: status).kind == kind)
  }

  @Test(arguments: [
    (404, "No endpoints found for a/b:free.", FailureKind.modelGone),
    (
      404,
      "This model is unavailable for free - use this slug instead: a/b",
      .freeEnded
    ),
    (400, "a/b is not a valid model ID", .notFound),
    (404, "No endpoints found matching your data policy (Free model training).", .policyBlocked),
    (
      404,
      "0 endpoints out of 2 are available matching your guardrail restrictions",
      .policyBlocked
    ),
    (404, "No allowed providers are available for the selected model.", .unsupported),
    (404, "No endpoints found that support tool use.", .unsupported),
    (404, "No endpoints found that can handle the requested parameters", .unsupported),
    (403, "a/b is only available on agentic harnesses", .gated),
    (403, "Key limit exceeded (total limit).", .keyLimit),
    (403, "Confirm that you are 18 years or older", .policyBlocked),
    (403, "This model asks you to confirm that you are 18+ in the settings", .policyBlocked),
    (404, "No endpoints found matching your max price.", .freeEnded),
    (429, "All providers for a/b:free are at capacity. Try again later.", .overloaded),
    (503, "No backends available", .overloaded),
    (502, "JSON error injected into SSE stream", .server),
    (
      402, "Your account has insufficient credits. Negative balances refuse free models too.",
      .noCredit
    ),
    (429, "Rate limit exceeded: free-models-per-min. ", .rateMinute),
    (
      429,
      "Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000",
      .rateDay
    ),
    (429, "Rate limit exceeded: free-models-per-day-high-balance. ", .rateDay),
    (429, "Rate limit exceeded: limit_rpm/a/b/123. High demand for a/b:free", .rateUpstream),
    (429, "Rate limit reached for model on tokens per day (TPD): Limit 100", .rateDay),
    (429, "Too many requests", .rateMinute),
    (400, "This endpoint's maximum context length is 200000 tokens.", .contextLength),
    (
      402, "This request requires more credits, or fewer max_tokens. You can only afford 12.",
      .noCredit
    ),
    (402, "anything", .noCredit),
    (401, "No auth credentials found", .auth),
    (401, "User not found.", .auth),
    (401, "anything", .auth),
    (403, "anything", .gated),
    (407, "anything", .proxy),
    (404, "anything", .notFound),
    (413, "anything", .contextLength),
    (408, "anything", .server), (500, "anything", .server), (502, "anything", .server),
    (524, "anything", .server), (503, "anything", .overloaded), (529, "anything", .overloaded),
    (101, "anything", .malformed),
    (422, "anything", .badRequest), (418, "anything", .badRequest), (501, "anything", .unsupported),
  ])
  func messagesAndStatusDecideNext(status: Int, message: String, kind: FailureKind) {
    let failure = failure(#"{"error":{"code":\#(status),"message":"\#(message)"}}"#, status: status)
    #expect(failure.kind == kind)
    #expect(failure.message.contains(message.trimming { $0.isWhitespace }))
  }

  @Test(arguments: [
    (400, #"{"code":"invalid-argument","error":"Incorrect API key provided."}"#, FailureKind.auth),
    (401, #"{"detail":"Invalid API Key"}"#, .auth),
    (422, #"{"detail":[{"msg":"field required","loc":["body"]}]}"#, .badRequest),
    (
      401,
      #"{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}"#,
      .auth
    ),
    (
      400,
      #"""
      {"object":"error","message":"The model `x` does not exist.",
      "type":"NotFoundError","code":404}
      """#,
      .notFound
    ),
    (429, #"{"error":{"code":"RateLimitReached","message":"exceeded rate limit"}}"#, .rateMinute),
    (429, #"{"error":{"code":"429","message":"slow down","type":"None"}}"#, .rateMinute),
    (
      429,
      #"""
      {"error":{"type":"insufficient_quota","code":"insufficient_quota",
      "message":"You exceeded your current quota"}}
      """#,
      .noCredit
    ),
    (
      429,
      #"""
      {"error":{"code":429,"message":"Provider returned error","metadata":{
      "provider_name":"G","raw":"busy"}}}
      """#,
      .rateUpstream
    ),
    (
      529, #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
      .overloaded
    ),
    (
      403,
      #"""
      {"error":{"code":403,"message":"x","metadata":{"reasons":["violence"],
      "flagged_input":"y"}}}
      """#,
      .moderated
    ),
    (
      403, #"{"error":{"code":403,"message":"x","metadata":{"patterns":["credit card"]}}}"#,
      .moderated
    ),
    (
      400, #"{"object":"error","message":"Invalid model: x","type":"invalid_model","code":"1500"}"#,
      .notFound
    ),
    (
      429,
      #"""
      {"object":"error","message":"Service tier capacity exceeded for this model.",
      "type":"service_tier_capacity_exceeded","code":"3505"}
      """#,
      .rateUpstream
    ),
    (418, #"{"weird":{"why":"unknown"}}"#, .badRequest),
    (
      400, #"{"error":{"message":"x","metadata":{"error_type":"context_length_exceeded"}}}"#,
      .contextLength
    ),
    (
      400, #"{"error":{"message":"x","type":"invalid_request_error","code":"content_filter"}}"#,
      .moderated
    ),
    (
      502,
      #"""
      {"error":{"code":502,"message":"Provider returned error","metadata":{
      "raw":"ResourceExhausted: Worker local total request limit reached (16/16)"}}}
      """#,
      .overloaded
    ),
    (
      400,
      #"""
      {"error":{"code":400,"message":"Provider returned error","metadata":{
      "raw":"{\"error\":{\"message\":\"maximum context length is 8192"}}}
      """#,
      .contextLength
    ),
  ])
  func envelopesOfEveryShape(status: Int, body: String, kind: FailureKind) {
    #expect(failure(body, status: status).kind == kind)
  }

  /// A router is its upstream's customer: what is said to it about a key, a balance or a quota is not about us.
  @Test(arguments: [
    (401, #"{\"error\":\"Invalid API key\"}"#, FailureKind.server, FailureKind.auth),
    (402, #"{\"error\":{\"message\":\"Insufficient Balance\"}}"#, .server, .noCredit),
    (429, #"{\"quotaId\":\"GenerateRequestsPerDayPerProjectPerModel"#, .rateUpstream, .rateDay),
    (429, #"{\"error\":{\"code\":\"rate_limit_exceeded\",\"mess"#, .rateUpstream, .rateUpstream),
    (400, "ERROR", .server, .badRequest),
    (400, #"{\"error\":{\"code\":\"context_length_exceeded\",\"m"#, .contextLength, .contextLength),
  ])
  func upstreamsSpeakToTheirCustomer(
    status: Int, raw: String, kind: FailureKind, withOurKey: FailureKind
  ) {
    for (isOurs, expected) in [("false", kind), ("true", withOurKey)] {
      let body =
        #"{"error":{"code":\#(status),"message":"Provider returned error","metadata":"#
        + #"{"provider_name":"X","is_byok":\#(isOurs),"raw":"\#(raw)"}}}"#
      #expect(failure(body, status: status).kind == expected)
      #expect(failure(body, status: 200, place: .body).kind == expected)
    }
  }

  @Test(arguments: [
    ("Filter by Parameters", FailureKind.unsupported), ("Filter by Data Policy", .policyBlocked),
    ("Filter by Max Price", .freeEnded), ("Filter by Context Length", .contextLength),
    ("Filter by Region", .gated), ("Filter by Allowed Providers", .unsupported),
    ("Filter by the Moon", .unsupported), ("Gate Free Endpoints by Agentic Harness", .gated),
    ("Something else", .notFound),
  ])
  func theStepOfRoutingThatFailedDecides(step: String, kind: FailureKind) {
    let body =
      #"{"error":{"code":404,"message":"x","metadata":{"failed_routing_step":"\#(step)"}}}"#
    #expect(failure(body, status: 404).kind == kind)
  }

  @Test(arguments: [
    ("geo", FailureKind.gated), ("data_region", .unsupported), ("data_policy:zdr", .policyBlocked),
    ("data_policy:training", .policyBlocked), ("context_length", .contextLength),
    ("require_parameters", .unsupported), ("quantization", .unsupported),
    ("allowed_providers", .unsupported),
  ])
  func whatExcludedAllEndpointsDecides(excluder: String, kind: FailureKind) {
    let body =
      #"{"error":{"message":"x","availability":{"code":"constraint_filtered","#
      + #""retryable":false,"excluded_by":["\#(excluder)"]}}}"#
    #expect(failure(body, status: 404).kind == kind)
  }

  /// Gemini wraps its error in an array and names billing and quota in one sentence.
  @Test(arguments: [("PerMinute", FailureKind.rateMinute), ("PerDay", .rateDay)])
  func quotaIdsTellTheWindow(window: String, kind: FailureKind) {
    let body =
      #"""
      [{"error":{"code":429,
      "message":"You exceeded your current quota, please check your plan and billing details.",
      "status":"RESOURCE_EXHAUSTED","details":[{"violations":[{
      "quotaId":"Requests\#(window)PerModel"}]}]}}]
      """#
    #expect(failure(body, status: 429).kind == kind)
  }

  @Test func webPagesAreReadByTheirTitle() {
    let page = "<!DOCTYPE html><html><head><title>x | 502:\nBad gateway</title></head></html>"
    let failure = failure(page, status: 502)
    #expect(failure.kind == .server)
    #expect(failure.message == "api.example answered HTTP 502: x | 502: Bad gateway.")
    #expect(self.failure(page, status: 404).message.hasSuffix("it usually ends with /v1."))
  }

  @Test func errorsUnderASuccessCountByTheirCode() {
    func kind(_ error: String, _ place: FailureClassifier.Place) -> FailureKind {
      failure(#"{"error":{\#(error)}}"#, status: 200, place: place).kind
    }
    #expect(kind(#""code":502,"message":"x""#, .body) == .server)
    #expect(kind(#""code":502,"message":"x""#, .stream) == .streamError)
    #expect(kind(#""code":"server_error","message":"x""#, .stream) == .streamError)
    #expect(kind(#""message":"x""#, .stream) == .streamError)
    #expect(kind(#""code":429,"message":"x""#, .stream) == .rateMinute)
    #expect(kind(#""code":400,"message":"Token limit reached""#, .stream) == .badRequest)
    #expect(
      kind(#""code":"tool_use_failed","status_code":400,"message":"x""#, .stream) == .badRequest
    )
  }

  @Test func redirectsAreNotFollowedAndSaySo() {
    let head = ResponseHead(status: 308, fields: ["location": "https://other.example/v1"])
    let failure = failure("", status: 308, head: head)
    #expect(failure.kind == .unsupported)
    #expect(failure.message.contains("https://other.example/v1"))
  }

  @Test(arguments: [
    (#""message":"This model is unavailable for free - use this slug instead: a/b-2.""#, "a/b-2"),
    (
      #"""
      "message":"x","availability":{"code":"free_variant_ended",
      "fallback_models":["c/d:free","e/f"]}
      """#,
      "c/d:free"
    ),
    (#""message":"unavailable for free - use this slug instead: `a/b-2.5`.""#, "a/b-2.5"),
    (
      #"""
      "message":"x","availability":{"code":"free_variant_ended",
      "fallback_models":["a/b:free","e/f"]}
      """#,
      "e/f"
    ),
    (#""message":"No endpoints found for a/b:free.""#, nil),
    (#""message":"unavailable for free - use this slug instead: a/b:free""#, nil),
  ])
  func replacementsAreTakenFromTheProvider(error: String, replacement: String?) {
    #expect(failure(#"{"error":{\#(error)}}"#, status: 404).replacement == replacement)
  }

  @Test func nothingSecretIsKept() throws {
    let body =
      #"""
      {"error":{
      "message":"bad key topsecret or sk-or-v1-abcdef or Bearer abc.def-123456",
      "code":401},"user_id":"user_2abcDEF99"}
      """#
    let failure = failure(body, status: 401)
    for text in [failure.message, try #require(failure.evidence)] {
      for secret in ["topsecret", "abcdef", "abc.def", "2abcDEF99"] {
        #expect(!text.contains(secret), "\(text)")
      }
    }
    #expect(failure.message.hasSuffix("Check the key in A_KEY."))
  }

  /// Routers cut what upstreams said, and that may be in the middle of a key; inside, quotes have backslashes.
  @Test func nothingSecretIsKeptOfWhatWasCut() throws {
    let body =
      #"{"error":{"message":"Provider returned error","metadata":{"raw":"#
      + #""{\"user_id\":\"acct99\",\"org\":\"org-Abc123def\",\"key\":\"topsecret-0123"}}}"#
    let scrubber = Scrubber(key: "topsecret-0123-4567")
    let text = try #require(scrubber.excerpt(body))
    for secret in ["topsec", "0123", "acct99", "Abc123def"] { #expect(!text.contains(secret)) }
    #expect(text.hasSuffix(#"\"key\":\"[key]"}}}"#))
    #expect(Scrubber(key: "simulator-key-1").clean("simulators") == "simulators")
  }

  /// An accent or a joiner makes another character of a key's last letter.
  @Test(arguments: ["\u{301}", "\u{200D}", "\u{FE0F}"])
  func keysAreFoundBesideWhatJoinsThem(joiner: String) throws {
    let key = "topsecret-0123"
    let text = "x\(joiner)\(key)\(joiner)"
    #expect(!Scrubber(key: key).clean(text).unicodeScalars.contains("t"))
    var reply = Reply(ending: .complete)
    reply.head = ResponseHead(status: 200)
    let body = #"{"model":"\#(text)","choices":[{"message":{"content":"\#(text)"}}]}"#
    #expect(Array(body.utf8).withUnsafeBytes { reply.body.consume($0, at: 0) })
    let endpoint = Endpoint(url: "https://api.example/v1", key: key)
    let exchange = ChatCompletions(question: try Fixture.question(), endpoint: endpoint)
      .exchange(from: reply, now: 0)
    #expect(exchange.answer == "x\(joiner)[key]\(joiner)")
    #expect(exchange.servedModel == exchange.answer)
  }

  @Test func evidenceIsShortAndCutAfterCleaning() throws {
    let scrubber = Scrubber(key: "topsecret")
    let text =
      String(repeating: "ü", count: 1018) + "topsecret" + String(repeating: "x", count: 9000)
    let excerpt = try #require(scrubber.excerpt(text))
    #expect(excerpt.utf8.count <= 2048)
    #expect(!excerpt.contains("top"))
    #expect(excerpt.hasSuffix("…"))
    #expect(scrubber.excerpt(" \n") == nil)
  }

  /// A proxy that repeats a request's head repeats its own password, too.
  @Test(arguments: [
    "Proxy-Authorization: Basic ", #"{"authorization": "Digest "#, "AUTHORIZATION=Basic ",
  ])
  func whatStandsBehindAnAuthorizationIsTakenOut(text: String) {
    let cleaned = Scrubber(key: nil).clean("\(text)bWU6aHVudGVyMg== and on")
    #expect(cleaned == "\(text)[key] and on")
    #expect(Scrubber(key: nil).clean("a basic misunderstanding") == "a basic misunderstanding")
  }

  /// A pattern that tries every beginning with every end would take hours.
  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      String(repeating: "<title", count: 20_000), String(repeating: "<title>", count: 20_000),
      #"{"error":{"message":"\#(String(repeating: "no endpoints found ", count: 20_000))"}}"#,
      #"{"error":"\#(String(repeating: "authorization: a ", count: 20_000))"}"#,
      #"{"detail":"\#(String(repeating: "bearer ", count: 20_000))"}"#,
    ])
  func manyWordsAreReadInNoTime(body: String) {
    let failure = failure(body, status: 500)
    #expect(failure.message.utf8.count < 1000)
    #expect(failure.evidence?.utf8.count == 2048)
  }

  @Test func whatNobodyServesAtThePriceIsNotFree() {
    let body =
      #"{"error":{"message":"No endpoints found that match\nyour max price","code":404}}"#
    #expect(failure(body, status: 404).kind == .freeEnded)
    #expect(failure(body, status: 404, freeOnly: false).kind == .unsupported)
  }
}

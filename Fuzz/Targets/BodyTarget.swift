import TryoutCore

@testable import TryoutTransport

/// Any body under any status becomes an exchange that keeps its promises.
///
/// The first three bytes of the input choose the status, the provider and how the reply ended.
enum BodyTarget: FuzzTarget {
  private static let key = "sk-fuzz-0123456789"
  private static let statuses = [200, 200, 200, 301, 400, 401, 402, 403, 404, 429, 500, 503, 0]
  private static let endings: [Ending] = [
    .complete, .complete, .complete, .tooLarge, .cancelled, .expired(.timeoutStall),
    .curl(CurlError(code: 18, detail: "", proxyStatus: 0)),
  ]

  static func check(_ input: [UInt8]) {
    guard input.count >= 3 else { return }
    let body = Array(input[3...])
    let whole = exchange([body], choices: input)
    check(whole)
    var pieces = exchange(Pieces.cut(body, seed: input.prefix(3)), choices: input)
    // How much of a body is kept as evidence depends on its pieces, and of a stream also moments do.
    pieces.failure?.evidence = whole.failure?.evidence
    pieces.timeline = whole.timeline
    Fuzz.require(pieces == whole, "pieces read otherwise: \(pieces) \(whole)")
  }

  private static func exchange(_ pieces: [[UInt8]], choices: [UInt8]) -> Exchange {
    let status = statuses[Int(choices[0]) % statuses.count]
    let provider = Provider.presets[Int(choices[1]) % Provider.presets.count]
    let ending = endings[Int(choices[2]) % endings.count]
    var reply = Reply(ending: ending)
    reply.head = ResponseHead(status: status)
    reply.connection.sends = 1
    reply.body = BodyReader(dialect: provider.dialect)
    for piece in pieces {
      let isRead = piece.withUnsafeBytes { reply.body.consume($0, at: 5) }
      Fuzz.require(isRead, "a short body was too large")
    }
    reply.body.finish(at: 5)
    if !pieces.joined().isEmpty { reply.timeline.firstByte = 5 }
    reply.timeline.end = 9
    let question = Question(
      account: Account(id: "fuzz", provider: provider, keyVariable: "FUZZ_KEY"),
      model: "vendor/model:free",
      user: "Say hello.",
      freeOnly: choices[1] & 0x20 != 0
    )
    let endpoint = Endpoint(url: "https://api.example/v1", key: key)
    return question.dialect(at: endpoint).exchange(from: reply, now: 1.7e9)
  }

  private static func check(_ exchange: Exchange) {
    let failure = exchange.failure
    let texts = [
      exchange.answer, exchange.reasoning, exchange.finishReason, exchange.servedModel,
      exchange.upstream, exchange.generationID, failure?.message, failure?.evidence,
      failure?.replacement,
    ].compactMap(\.self)
    for text in texts {
      Fuzz.require(!text.utf8.contains(Array(key.utf8)), "the key is in \(text.debugDescription)")
    }
    Fuzz.require(failure?.evidence?.utf8.count ?? 0 <= Bounds.excerpt, "the evidence is long")
    Fuzz.require(failure?.message.isEmpty != true, "the failure says nothing")
    Fuzz.require(failure?.message.utf8.count ?? 0 <= 1000, "the message is long")
    Fuzz.require(failure?.replacement?.isEmpty != true, "the replacement is empty")
    let usage = exchange.usage
    let counts = [usage.prompt, usage.completion, usage.reasoning, usage.cached, usage.total]
    Fuzz.require(counts.allSatisfy { $0 ?? 0 >= 0 }, "a count is negative: \(usage)")
    Fuzz.require(exchange.costUSD ?? 0 >= 0, "the cost is negative or no number")
    if let wait = exchange.wait { WaitTarget.check(wait) }
  }
}

/// What happened when a model was asked once, and when: the finished value a `ModelProvider` returns.
package struct Exchange: Sendable, Equatable {
  package var timeline = Timeline()
  package var connection = Connection()
  /// Nil for a success, which needs a terminal marker and a non-empty answer.
  package var failure: Failure?
  package var httpStatus: Int?
  package var finishReason: String?
  /// The model id that the answer names, which may differ from the one asked for.
  package var servedModel: String?
  /// Who served the model behind a router.
  package var upstream: String?
  package var generationID: String?
  package var usage = Usage()
  /// The provider's own figure in US dollars.
  package var costUSD: Double?
  package var answer = ""
  package var reasoning = ""
  /// Events that carried a token.
  package var chunks = 0
  /// Events with data, tokens or not.
  package var events = 0
  /// Calls into libcurl that brought a piece of the body: how many events came at once shows in `events` per read.
  package var reads = 0
  /// Nanoseconds that this program itself may have added to the latency; nil where nobody looked.
  package var harness: Int64?
  /// The longest wait that any header or body of a refusal asked for, counted from the end of the exchange.
  package var wait: Duration?
  /// Until when a reply that was refused for no rate says that nothing is left of the account's limit, counted likewise.
  package var refill: Duration?

  package init() {}

  /// Whether any of the request may have gone out: a failure without it cost nobody's quota.
  package var wasSent: Bool { failure == nil || connection.sends > 0 }

  /// Whether several chunks came in one burst, as if something on the way had held them back.
  ///
  /// A burst is all tokens within a millisecond. Its first token says little about the model.
  package var buffered: Bool {
    guard chunks > 1, let first = timeline.firstToken, let last = timeline.lastToken else {
      return false
    }
    return last - first < 1_000_000
  }

  /// Whether the program itself was the bottleneck: its share of the latency is above one per cent and a millisecond.
  ///
  /// Nil where nobody looked, or where no answer was timed.
  package var tainted: Bool? {
    guard let harness, let latency = timeline.lastToken else { return nil }
    return harness > max(latency / 100, 1_000_000)
  }

  /// Tokens per second after the first chunk; nil for answers in one burst or without usage.
  ///
  /// Providers do not say how many tokens a chunk holds, so the first is taken to hold an average
  /// share. Reasoning that was counted and not sent had its time before the first token: left out.
  package var decodeRate: Double? {
    guard
      let tokens = usage.completion, chunks > 1, !buffered, let first = timeline.firstToken,
      let last = timeline.lastToken
    else { return nil }
    let hidden = first == timeline.firstAnswer ? usage.reasoning ?? 0 : 0
    guard tokens > hidden else { return nil }
    let rest = Double(tokens - hidden) * Double(chunks - 1) / Double(chunks)
    return rest / (Double(last - first) / 1e9)
  }

  /// An exchange that failed before anything was sent.
  package init(failure: Failure) { self.failure = failure }
}

/// The moments of one exchange in nanoseconds since it was handed to libcurl.
///
/// Nil means that the moment did not come. All readings are of one monotonic clock, one for each event.
package struct Timeline: Sendable, Equatable, Codable {
  /// The reading of the monotonic clock that the others count from; means nothing after a restart, so it is not stored.
  package var origin: Int64 = 0
  /// From the call of `ask` until the request was handed over.
  package var handover: Int64 = 0
  /// The connection was ready and the request about to be written.
  package var sent: Int64?
  package var headers: Int64?
  package var firstByte: Int64?
  /// The first non-empty delta of any kind.
  package var firstToken: Int64?
  /// The first visible content or tool call.
  package var firstAnswer: Int64?
  package var lastToken: Int64?
  package var end: Int64 = 0

  package init() {}
}

/// Facts about the connection that an exchange used.
package struct Connection: Sendable, Equatable, Codable {
  /// Whether it was opened for this exchange.
  package var cold = false
  /// How often libcurl sent the request: above 1 it was sent again on a fresh connection.
  package var sends = 0
  /// Phases in nanoseconds, of a new connection only.
  package var dns: Int64?
  package var tcp: Int64?
  package var tls: Int64?
  /// Whether a new connection took up an earlier TLS session; nil without TLS, or where the library does not tell.
  package var resumed: Bool?
  package var httpVersion: String?

  package init() {}
}

/// Token counts as the provider reported them; nil is unknown, never zero.
package struct Usage: Sendable, Equatable, Codable {
  package var prompt: Int?
  package var completion: Int?
  package var reasoning: Int?
  package var cached: Int?
  package var total: Int?

  package init(
    prompt: Int? = nil, completion: Int? = nil, reasoning: Int? = nil, cached: Int? = nil,
    total: Int? = nil
  ) {
    self.prompt = Usage.believed(prompt)
    self.completion = Usage.believed(completion)
    self.reasoning = Usage.believed(reasoning)
    self.cached = Usage.believed(cached)
    self.total = Usage.believed(total)
  }

  /// More tokens than any answer has: so many answers may be added up that no sum overflows.
  package static let most = 1_000_000_000

  /// A count as a stranger tells it; nil where no answer can have so many.
  package static func believed(_ count: Int?) -> Int? {
    count.flatMap { 0...most ~= $0 ? $0 : nil }
  }
}

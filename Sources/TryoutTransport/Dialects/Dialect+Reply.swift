import TryoutCore

extension Dialect {
  /// What a reply means; the wall clock, in seconds since 1970, is for waits until a date.
  func exchange(from reply: Reply, now: Double) -> Exchange {
    var exchange = Exchange()
    exchange.timeline = reply.timeline
    exchange.connection = reply.connection
    exchange.harness = reply.harness
    exchange.reads = reply.reads
    exchange.events = reply.body.stream.events.events
    exchange.httpStatus = reply.head.status > 0 ? reply.head.status : nil
    exchange.generationID = reply.head["x-generation-id"]
    let verdict =
      switch reply.body.shape {
      case .stream: readStream(reply, into: &exchange)
      case .whole, .undecided: readWhole(reply, into: &exchange)
      }
    exchange.failure = verdict.failure
    if reply.head["x-openrouter-cache-status"]?.lowercased() == "hit" { exchange.discardTimes() }
    exchange.remove(key: endpoint.secret)
    let age = reply.timeline.headers.map { Double(reply.timeline.end - $0) / 1e9 } ?? 0
    let hint = WaitHint(
      head: reply.head, error: verdict.error, failure: verdict.failure?.kind, now: now, age: age)
    (exchange.wait, exchange.refill) = (hint.wait, hint.refill)
    return exchange
  }

  private var host: String { FailureClassifier.host(of: endpoint.url) }

  private var scrubber: Scrubber { Scrubber(key: endpoint.key) }

  private var classifier: FailureClassifier {
    FailureClassifier(
      host: host,
      model: question.model,
      keyName: question.account.key?.name,
      scrubber: scrubber
    )
  }

  // MARK: Streams

  private func readStream(_ reply: Reply, into exchange: inout Exchange) -> Verdict {
    let events = reply.body.stream.events
    let told = events.scanner
    exchange.answer = String(repairing: told.answer)
    exchange.reasoning = String(repairing: told.reasoning)
    exchange.finishReason = told.finishReason
    exchange.servedModel = told.model
    exchange.upstream = told.upstream
    exchange.generationID = exchange.generationID ?? told.id
    exchange.usage = told.usage
    exchange.costUSD = told.cost
    exchange.chunks = events.chunks

    if let bytes = events.error {
      return refusal(bytes, reply, place: reply.head.isSuccess ? .stream : .status)
    }
    if reply.ending == .cancelled { return Verdict(broken(reply)) }
    if reply.head.status > 0, !reply.head.isSuccess {
      return refusal(reply.body.bytes, reply, place: .status)
    }
    // A `[DONE]` without a finish reason on a connection that then breaks is not believed: llama-cpp-python says it
    // when it drops a stream for the next request.
    let isDropped = told.finishReason == nil && reply.ending.isBroken
    let isComplete =
      events.isDone && !isDropped || (!needsMarker && told.finishReason != nil)
    guard isComplete, reply.ending != .tooLarge else {
      if let failure = broken(reply) { return Verdict(failure) }
      if events.events == 0 || !told.isInDialect {
        return Verdict(unreadable(reply, events.unreadable))
      }
      return Verdict(
        Failure(
          .truncatedStream,
          "\(host) ended the stream without \(marker).",
          evidence: scrubber.excerpt(reply.body.bytes)
        )
      )
    }
    let lost = events.unreadable ?? (told.finishReason == nil ? events.foreign : nil)
    if let lost { return Verdict(unreadable(reply, lost)) }
    guard told.isInDialect else { return Verdict(unreadable(reply, nil)) }
    return Verdict(
      emptiness(
        reason: told.finishReason,
        hasAnswer: events.firstAnswer != nil,
        hasReasoning: !told.reasoning.isEmpty
      )
    )
  }

  // MARK: Whole bodies

  private func readWhole(_ reply: Reply, into exchange: inout Exchange) -> Verdict {
    if reply.ending == .cancelled { return Verdict(broken(reply)) }
    guard reply.head.isSuccess else {
      if reply.head.status == 0 { return Verdict(broken(reply) ?? unreadable(reply, nil)) }
      return refusal(reply.body.bytes, reply, place: .status)
    }
    if case .expired = reply.ending { return Verdict(broken(reply)) }
    guard let json = WholeBody.json(reply.body.bytes) else {
      return Verdict(broken(reply) ?? unreadable(reply, nil))
    }
    if let error = ProviderError(json) {
      whole(json)?.copyFacts(into: &exchange)
      return refusal(error, reply, place: .body)
    }
    guard let body = whole(json) else { return Verdict(unreadable(reply, nil)) }
    body.copyFacts(into: &exchange)
    exchange.answer = body.answer
    exchange.reasoning = body.reasoning
    let failure = emptiness(
      reason: body.finishReason,
      hasAnswer: body.hasAnswer,
      hasReasoning: !body.reasoning.isEmpty
    )
    if failure == nil {
      exchange.timeline.lastToken = exchange.timeline.end
    }
    return Verdict(failure)
  }

  // MARK: Failures

  private func refusal(_ bytes: [UInt8], _ reply: Reply, place: FailureClassifier.Place) -> Verdict
  {
    let error = WholeBody.json(bytes).flatMap { ProviderError($0) } ?? ProviderError(text: bytes)
    return refusal(error, reply, place: place)
  }

  private func refusal(
    _ error: ProviderError,
    _ reply: Reply,
    place: FailureClassifier.Place
  ) -> Verdict {
    Verdict(
      classifier.failure(
        error,
        status: reply.head.status,
        place: place,
        head: reply.head,
        freeOnly: question.freeOnly
      ),
      error: error
    )
  }

  /// What kept the engine from reading to the end, if anything did.
  private func broken(_ reply: Reply) -> Failure? {
    let hasBody = reply.timeline.firstByte != nil
    switch reply.ending {
    case .complete: return nil
    case .cancelled: return Failure(.cancelled, "The exchange was cancelled.")
    case .tooLarge:
      return Failure(
        .tooLarge,
        "\(host) sent more than an answer can be.",
        evidence: scrubber.excerpt(reply.body.bytes)
      )
    case .curl(let error):
      var failure = error.failure(at: host, wasSent: reply.connection.sends > 0, hasBody: hasBody)
      failure.message = scrubber.clean(failure.message)
      return failure
    case .expired(let kind):
      let timeouts = question.timeouts
      let message =
        switch kind {
        case .timeoutConnect: "No connection to \(host) within \(timeouts.connect.brief)."
        case .timeoutFirstToken: "No token from \(host) within \(timeouts.firstToken.brief)."
        case .timeoutStall:
          "\(host) sent nothing for \(timeouts.stall.brief) in the middle of an answer."
        default: "\(host) did not finish the answer within \(timeouts.total.brief)."
        }
      return Failure(kind, message)
    }
  }

  /// A body that is no answer and no error.
  private func unreadable(_ reply: Reply, _ bytes: [UInt8]?) -> Failure {
    let bytes = bytes ?? reply.body.bytes
    let what =
      if bytes.isEmpty {
        "nothing"
      } else if FailureClassifier.isHTML(bytes) {
        "a web page"
      } else if bytes.starts(with: [0x1F, 0x8B]) {
        "compressed data, which was not asked for,"
      } else {
        "something else"
      }
    return Failure(
      .malformed,
      "\(host) answered HTTP \(reply.head.status) with \(what) instead of \(noun)."
        + " Check the base URL.",
      evidence: scrubber.excerpt(bytes)
    )
  }

  /// An answer that ended as it should and yet says nothing.
  private func emptiness(reason: String?, hasAnswer: Bool, hasReasoning: Bool) -> Failure? {
    if reason == "error" {
      return Failure(.streamError, "\(host) ended the answer with the finish reason `error`.")
    }
    guard !hasAnswer else { return nil }
    if reason == "content_filter" {
      return Failure(.moderated, "\(host) withheld the answer (finish reason `content_filter`).")
    }
    let cause =
      hasReasoning && reason == "length"
      ? " The reasoning used up the tokens: raise max_tokens, or lower the reasoning effort." : ""
    return Failure(.empty, "The answer is empty.\(cause)")
  }
}

/// A failure if it is one, with the provider's error if it sent one.
private struct Verdict {
  var failure: Failure?
  var error: ProviderError?

  static let success = Verdict()

  init(_ failure: Failure? = nil, error: ProviderError? = nil) {
    self.failure = failure
    self.error = error
  }
}

private extension Exchange {
  /// Forgets when the answer came and what it took, which are those of the router's cache and not of a model.
  mutating func discardTimes() {
    upstream = "response cache"
    (timeline.firstToken, timeline.firstAnswer, timeline.lastToken) = (nil, nil, nil)
    (usage, costUSD) = (Usage(), nil)
  }

  /// Takes the key out of what counts as an answer, where a server sends it back.
  mutating func remove(key: String?) {
    guard let key else { return }
    answer = answer.redacting(key)
    reasoning = reasoning.redacting(key)
    finishReason = finishReason?.redacting(key)
    servedModel = servedModel?.redacting(key)
    upstream = upstream?.redacting(key)
    generationID = generationID?.redacting(key)
    if let replacement = failure?.replacement {
      failure?.replacement = replacement.redacting(key)
    }
  }
}

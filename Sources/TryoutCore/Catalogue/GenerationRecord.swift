/// What a router says afterwards about one answer; nil is unknown and never zero.
package struct GenerationRecord: Sendable, Equatable {
  package var model: String?
  /// Who served the model.
  package var upstream: String?
  /// Nanoseconds until the router had the first token, and of the generation as a whole.
  package var firstToken: Int64?
  package var generation: Int64?
  /// Counted by the model's own tokenizer.
  package var usage: Usage
  package var costUSD: Double?

  /// Reads the body of OpenRouter's `GET /generation`; nil where it is none.
  package init?(body: JSON) {
    guard case .object? = body["data"], let data = body["data"] else { return nil }
    func nanoseconds(_ name: String) -> Int64? {
      data[name]?.double.flatMap { $0 >= 0 && $0 < 1e9 ? Int64($0 * 1e6) : nil }
    }
    func count(_ name: String) -> Int? { Usage.believed(data[name]?.int) }
    model = data["model"]?.text
    upstream = data["provider_name"]?.text
    firstToken = nanoseconds("latency")
    generation = nanoseconds("generation_time")
    usage = Usage(
      prompt: count("native_tokens_prompt"), completion: count("native_tokens_completion"),
      reasoning: count("native_tokens_reasoning"), cached: count("native_tokens_cached"))
    costUSD = data["total_cost"]?.double.flatMap { $0 < 0 ? nil : $0 }
  }
}

/// One answer as we measured it beside what the router says about it.
package struct Reconciliation: Sendable, Equatable {
  package var attempt: Attempt
  /// Nil where the router knows nothing of it any more, or not yet.
  package var record: GenerationRecord?

  package init(_ attempt: Attempt, _ record: GenerationRecord?) {
    self.attempt = attempt
    self.record = record
  }

  /// How much later the first token came here than there, in nanoseconds: the way between, and our own clock.
  package var firstTokenDifference: Int64? {
    guard let here = attempt.exchange.timeline.firstToken, let there = record?.firstToken else {
      return nil
    }
    return here - there
  }

  /// What does not agree, in words; empty where all that both know is the same.
  package var disagreements: [String] {
    guard let record else { return [] }
    var words: [String] = []
    let ours = attempt.exchange.usage
    if let here = ours.completion, let there = record.usage.completion, here != there {
      words.append("completion tokens \(here) here, \(there) there")
    }
    if let here = ours.prompt, let there = record.usage.prompt, here != there {
      words.append("prompt tokens \(here) here, \(there) there")
    }
    if let here = attempt.exchange.costUSD, let there = record.costUSD,
      abs(here - there) > 1e-9 + abs(there) * 1e-6
    {
      words.append("$\(here) here, $\(there) there")
    }
    if let here = attempt.exchange.upstream, let there = record.upstream, here != there {
      words.append("served by \(here) here, \(there) there")
    }
    return words
  }
}

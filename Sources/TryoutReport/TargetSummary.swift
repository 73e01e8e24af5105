package import TryoutCore

/// What the samples of one target came to; nil is unknown everywhere, and never zero.
package struct TargetSummary: Sendable, Equatable {
  /// As the suite has it.
  package let target: Target
  /// Samples that say something about the target: neither warm-ups nor skipped ones.
  package let n: Int
  /// Samples with an answer, right or wrong.
  package let answered: Int
  /// Samples that were judged right.
  package let passed: Int
  /// Samples that were judged right or wrong.
  package let graded: Int
  /// Answers that should have a grade, or a score, and have none, and why the first has not.
  let undecided: Int
  let unscored: Int
  let gap: String?
  /// The share of `n`, by Wilson's score as all rates are.
  package let answeredRate: MetricEstimate?
  /// The share of `graded`.
  package let passRate: MetricEstimate?
  /// The share of `n` that the first attempt answered.
  package let firstTryRate: MetricEstimate?
  /// Seconds.
  package let latency: Percentiles
  /// Seconds from when a request was due.
  package let response: Percentiles
  /// Seconds; nil where answers are not streamed.
  package let ttft: Percentiles
  /// The median in tokens per second.
  package let decodeRate: MetricEstimate?
  /// Sums; nil where any answer came without a count.
  package let inputTokens: Int?
  package let outputTokens: Int?
  package let reasoningTokens: Int?
  /// US dollars.
  package let usd: Double?
  /// The most frequent first.
  package let failures: [FailureCount]
  /// Samples that were not asked, or not through the target's fault.
  package let skipped: Int
  /// Why, where a failure was the reason.
  package let skips: [FailureCount]
  /// Requests sent, retries included.
  package let attempts: Int
  /// Answers that opened a connection of their own.
  package let cold: Int
  /// Answers whose request the HTTP library sent more than once.
  package let resent: Int
  /// Answers during which the harness was the bottleneck; nil where nobody looked.
  package let tainted: Int?
  /// Answers whose chunks came in one burst, so that ttft and decode rate say little.
  package let buffered: Int
  /// Answers cut at the token limit.
  package let truncated: Int
  /// Samples without an answer whose tokens were used up.
  package let starved: Int
  /// Model ids that the answers named, sorted.
  package let servedModels: [String]
  /// Who served the model behind a router, sorted.
  package let upstreams: [String]
  /// Models that the provider named instead, sorted.
  package let replacements: [String]

  /// The two percentiles that a comparison shows.
  package struct Percentiles: Sendable, Equatable {
    package let p50: MetricEstimate?
    package let p95: MetricEstimate?
  }

  /// How many samples ended with one kind of failure.
  package struct FailureCount: Sendable, Equatable {
    package let kind: FailureKind
    package let count: Int
    /// What one of them was told.
    package let example: String?
  }

  init(_ target: Target, _ tally: Tally) {
    self.target = target
    n = tally.n
    answered = tally.answered
    passed = tally.passed
    graded = tally.graded
    undecided = tally.undecided
    unscored = tally.unscored
    gap = tally.gap
    answeredRate = tally.estimate(of: .answered)
    passRate = tally.estimate(of: .passRate)
    firstTryRate = tally.estimate(of: .firstTryRate)
    latency = Percentiles(
      p50: tally.estimate(of: .clock(.latency, .p50)),
      p95: tally.estimate(of: .clock(.latency, .p95))
    )
    response = Percentiles(
      p50: tally.estimate(of: .clock(.response, .p50)),
      p95: tally.estimate(of: .clock(.response, .p95))
    )
    // Without a stream the failures alone would make an unbounded time to a token that never comes.
    ttft = Percentiles(
      p50: target.stream ? tally.estimate(of: .clock(.ttft, .p50)) : nil,
      p95: target.stream ? tally.estimate(of: .clock(.ttft, .p95)) : nil
    )
    decodeRate = target.stream ? tally.estimate(of: .clock(.decodeRate, .p50)) : nil
    inputTokens = tally.totalTokens(.input).map { Int($0) }
    outputTokens = tally.totalTokens(.output).map { Int($0) }
    reasoningTokens = tally.totalTokens(.reasoning).map { Int($0) }
    usd = tally.usd
    failures = FailureCount.sorted(tally.failures, tally.examples)
    skipped = tally.skipped
    skips = FailureCount.sorted(tally.skips, tally.examples)
    attempts = tally.attempts
    cold = tally.cold
    resent = tally.resent
    tainted = tally.tainted
    buffered = tally.buffered
    truncated = tally.truncated
    starved = tally.starved
    servedModels = tally.servedModels.sorted()
    upstreams = tally.upstreams.sorted()
    replacements = tally.replacements.sorted()
  }
}

extension TargetSummary.FailureCount {
  static func sorted(_ counts: [FailureKind: Int], _ examples: [FailureKind: String]) -> [Self] {
    counts.map { Self(kind: $0.key, count: $0.value, example: examples[$0.key]) }
      .sorted { ($1.count, $0.kind.rawValue) < ($0.count, $1.kind.rawValue) }
  }
}

import TryoutStatistics

/// What the samples of one target, or of one gate's part of them, add up to.
///
/// It is fed one record at a time and keeps only numbers, so that memory does not grow with the answers.
package struct Tally: Sendable {
  /// Samples that say something about the target: neither warm-ups nor skipped ones.
  package private(set) var n = 0
  package private(set) var answered = 0
  package private(set) var passed = 0
  package private(set) var failed = 0
  package private(set) var ungraded = 0
  package private(set) var skipped = 0
  package private(set) var firstTry = 0
  package private(set) var truncated = 0
  package private(set) var cold = 0
  package private(set) var resent = 0
  /// Answers during which the harness was the bottleneck; nil where nobody looked.
  package private(set) var tainted: Int?
  /// Answers whose chunks came in one burst.
  package private(set) var buffered = 0
  package private(set) var attempts = 0
  package private(set) var failures: [FailureKind: Int] = [:]
  /// Kinds of failure for which samples were skipped.
  package private(set) var skips: [FailureKind: Int] = [:]
  /// What the first sample of each kind was told.
  package private(set) var examples: [FailureKind: String] = [:]
  package private(set) var servedModels: Set<String> = []
  package private(set) var upstreams: Set<String> = []
  package private(set) var replacements: Set<String> = []
  private var clocks: [Metric.Clock: [Double]] = [:]
  private var scores: [Double] = []
  private var tokens: [Metric.Tokens: [Double]] = [:]
  private var dollars = CompensatedSum()
  private var unknownCosts = 0

  package init() {}

  /// Takes in one sample; of warm-ups only what went wrong is told.
  package mutating func add(_ sample: SampleRecord) {
    if let failure = sample.failure, !sample.wasNeverAsked, examples[failure] == nil {
      examples[failure] = sample.failureMessage
    }
    guard !sample.identity.warmup else { return }
    if let replacement = sample.replacement { replacements.insert(replacement) }
    attempts += sample.attempts
    if sample.outcome == .skipped {
      skipped += 1
      if let failure = sample.failure { skips[failure, default: 0] += 1 }
      return
    }
    n += 1
    if sample.attempts > 0 {
      if let usd = sample.usd { dollars.add(usd) } else if sample.isAnswered { unknownCosts += 1 }
    }
    guard sample.isAnswered else {
      if let failure = sample.failure { failures[failure, default: 0] += 1 }
      return
    }
    addAnswered(sample)
  }

  private mutating func addAnswered(_ sample: SampleRecord) {
    answered += 1
    switch sample.outcome {
    case .pass: passed += 1
    case .fail: failed += 1
    default: ungraded += 1
    }
    if sample.attempts == 1 { firstTry += 1 }
    if sample.finishReason == "length" { truncated += 1 }
    if sample.cold { cold += 1 }
    if sample.resent { resent += 1 }
    if sample.buffered { buffered += 1 }
    if let isTainted = sample.tainted { tainted = (tainted ?? 0) + (isTainted ? 1 : 0) }
    if let model = sample.servedModel { servedModels.insert(model) }
    if let upstream = sample.upstream { upstreams.insert(upstream) }
    let times: [(Metric.Clock, Int64?)] = [
      (.ttft, sample.ttft), (.ttfa, sample.ttfa), (.latency, sample.latency),
      (.response, sample.response),
      (.queue, sample.queue), (.total, sample.total),
    ]
    for case (let clock, let time?) in times { clocks[clock, default: []].append(seconds(time)) }
    if let rate = sample.decodeRate { clocks[.decodeRate, default: []].append(rate) }
    if let score = sample.score { scores.append(score) }
    let counts: [(Metric.Tokens, Int?)] = [
      (.input, sample.usage.prompt), (.output, sample.usage.completion),
      (.reasoning, sample.usage.reasoning),
    ]
    for case (let kind, let count?) in counts { tokens[kind, default: []].append(Double(count)) }
  }

  /// Samples that ended without an answer through the target's fault.
  package var errors: Int { n - answered }

  /// Samples that were judged right or wrong.
  package var graded: Int { passed + failed }

  /// US dollars spent; nil where the cost of any answer is unknown.
  package var usd: Double? { unknownCosts == 0 && answered > 0 ? dollars.value : nil }

  /// The sum of a kind of tokens; nil where any answer did not report it.
  package func totalTokens(_ kind: Metric.Tokens) -> Double? {
    guard let counts = tokens[kind], counts.count == answered else { return nil }
    return counts.reduce(0, +)
  }

  /// The times of a clock with the failures that rank above them; nil where the clock never ran.
  ///
  /// The queue and the decode rate know no failures; for all others these are slower than any answer.
  func sample(of clock: Metric.Clock) -> CensoredSample? {
    switch clock {
    case .queue, .decodeRate:
      guard let times = clocks[clock] else { return nil }
      return CensoredSample(successes: times, failures: 0)
    case .latency, .response, .total, .ttft, .ttfa:
      let times = clocks[clock] ?? []
      // Answers without times mean that this clock was not read, not that it ran for ever.
      guard !times.isEmpty || answered == 0 && errors > 0 else { return nil }
      return CensoredSample(successes: times, failures: errors)
    }
  }

  func values(_ metric: Metric) -> [Double] {
    switch metric {
    case .score: scores
    case .tokens(let kind): tokens[kind] ?? []
    default: []
    }
  }

  private func seconds(_ nanoseconds: Int64) -> Double { Double(nanoseconds) / 1e9 }
}

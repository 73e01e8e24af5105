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
  /// Answers whose checks want a grade or a score that they do not have.
  package private(set) var undecided = 0
  package private(set) var unscored = 0
  /// Why the first of these has none.
  package private(set) var gap: String?
  package private(set) var skipped = 0
  package private(set) var firstTry = 0
  package private(set) var truncated = 0
  /// Samples without an answer whose tokens were used up, as reasoning does.
  package private(set) var starved = 0
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
  private var models = Mentions()
  private var hosts = Mentions()
  package private(set) var replacements: Set<String> = []
  /// Whether any sample cost money, warm-ups included.
  package private(set) var isBilled = false
  /// Seconds, or tokens per second, by the position of the clock.
  private var times = [[Double]](repeating: [], count: Metric.Clock.allCases.count)
  private var scores: [Double] = []
  /// Counts by the position of the kind.
  private var tokens = [[Double]](repeating: [], count: Metric.Tokens.allCases.count)
  /// US dollars, one by one, so that the sum does not depend on how the samples were divided.
  private var costs: [Double] = []
  private var unknownCosts = 0

  package init() {}

  /// Takes in one sample; of warm-ups only what went wrong is told.
  ///
  /// `isToBeGraded` says that its checks demand a grade, so that one without is a gap in what is known.
  package mutating func add(_ sample: SampleRecord, isToBeGraded: Bool = false) {
    if let failure = sample.failure, !sample.wasNeverAsked, examples[failure] == nil {
      examples[failure] = sample.failureMessage
    }
    if let usd = sample.usd, usd > 0 { isBilled = true }
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
      if let usd = sample.usd { costs.append(usd) } else if sample.isAnswered { unknownCosts += 1 }
    }
    guard sample.isAnswered else {
      if let failure = sample.failure { failures[failure, default: 0] += 1 }
      if sample.failure == .empty, sample.finishReason == "length" { starved += 1 }
      return
    }
    addAnswered(sample)
    if isToBeGraded { addGaps(of: sample) }
  }

  private mutating func addGaps(of sample: SampleRecord) {
    if sample.outcome == .ungraded { undecided += 1 }
    if sample.score == nil { unscored += 1 }
    if gap == nil, sample.outcome == .ungraded || sample.score == nil {
      gap = sample.outcome == .fail ? sample.reasons.last : sample.reasons.first
    }
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
    if let model = sample.servedModel { models.insert(model) }
    if let upstream = sample.upstream { hosts.insert(upstream) }
    take(sample.ttft, on: .ttft)
    take(sample.ttfa, on: .ttfa)
    take(sample.latency, on: .latency)
    take(sample.response, on: .response)
    take(sample.queue, on: .queue)
    take(sample.total, on: .total)
    if let rate = sample.decodeRate { times[Metric.Clock.decodeRate.position].append(rate) }
    if let score = sample.score { scores.append(score) }
    take(sample.usage.prompt, of: .input)
    take(sample.usage.completion, of: .output)
    take(sample.usage.reasoning, of: .reasoning)
  }

  private mutating func take(_ nanoseconds: Int64?, on clock: Metric.Clock) {
    guard let nanoseconds else { return }
    times[clock.position].append(Double(nanoseconds) / 1e9)
  }

  private mutating func take(_ count: Int?, of kind: Metric.Tokens) {
    guard let count else { return }
    tokens[kind.position].append(Double(count))
  }

  /// Model ids that answers named.
  package var servedModels: Set<String> { models.names }

  /// Who served the model behind a router.
  package var upstreams: Set<String> { hosts.names }

  /// Samples that ended without an answer through the target's fault.
  package var errors: Int { n - answered }

  /// Samples that were judged right or wrong.
  package var graded: Int { passed + failed }

  /// US dollars spent; nil where the cost of any answer is unknown.
  package var usd: Double? { unknownCosts == 0 && answered > 0 ? costs.sum : nil }

  /// The sum of a kind of tokens; nil where any answer did not report it.
  package func totalTokens(_ kind: Metric.Tokens) -> Double? {
    let counts = tokens[kind.position]
    guard !counts.isEmpty, counts.count == answered else { return nil }
    return counts.reduce(0, +)
  }

  /// The times of a clock with the failures that rank above them; nil where the clock never ran.
  ///
  /// The queue and the decode rate know no failures; for all others these are slower than any answer.
  func sample(of clock: Metric.Clock) -> CensoredSample? {
    let times = times[clock.position]
    switch clock {
    case .queue, .decodeRate:
      guard !times.isEmpty else { return nil }
      return CensoredSample(successes: times, failures: 0)
    case .latency, .response, .total, .ttft, .ttfa:
      // Answers without times mean that this clock was not read, not that it ran for ever.
      guard !times.isEmpty || answered == 0 && errors > 0 else { return nil }
      return CensoredSample(successes: times, failures: errors)
    }
  }

  func values(_ metric: Metric) -> [Double] {
    switch metric {
    case .score: scores
    case .tokens(let kind): tokens[kind.position]
    default: []
    }
  }

  /// Puts the times of a clock in order, so that each estimate of them finds them so.
  package mutating func sort(_ clock: Metric.Clock) { times[clock.position].sortAscending() }
}

extension Tally {
  /// Takes in what was added up from samples that came later.
  package mutating func add(_ later: Tally) {
    n += later.n
    answered += later.answered
    passed += later.passed
    failed += later.failed
    ungraded += later.ungraded
    undecided += later.undecided
    unscored += later.unscored
    gap = gap ?? later.gap
    skipped += later.skipped
    firstTry += later.firstTry
    truncated += later.truncated
    starved += later.starved
    cold += later.cold
    resent += later.resent
    if let count = later.tainted { tainted = (tainted ?? 0) + count }
    buffered += later.buffered
    attempts += later.attempts
    failures.merge(later.failures, uniquingKeysWith: +)
    skips.merge(later.skips, uniquingKeysWith: +)
    examples.merge(later.examples) { first, _ in first }
    models.formUnion(later.models)
    hosts.formUnion(later.hosts)
    replacements.formUnion(later.replacements)
    isBilled = isBilled || later.isBilled
    for clock in times.indices { times[clock] += later.times[clock] }
    scores += later.scores
    for kind in tokens.indices { tokens[kind] += later.tokens[kind] }
    costs += later.costs
    unknownCosts += later.unknownCosts
  }
}

/// The few names behind many mentions; most mentions repeat the one before.
private struct Mentions: Sendable {
  private(set) var names: Set<String> = []
  private var last: String?

  mutating func insert(_ name: String) {
    guard name != last else { return }
    last = name
    names.insert(name)
  }

  mutating func formUnion(_ other: Mentions) { names.formUnion(other.names) }
}

private extension Metric.Clock {
  /// Where its times are in a tally.
  var position: Int {
    switch self {
    case .ttft: 0
    case .ttfa: 1
    case .latency: 2
    case .total: 3
    case .queue: 4
    case .decodeRate: 5
    case .response: 6
    }
  }
}

private extension Metric.Tokens {
  /// Where its counts are in a tally.
  var position: Int {
    switch self {
    case .input: 0
    case .output: 1
    case .reasoning: 2
    }
  }
}

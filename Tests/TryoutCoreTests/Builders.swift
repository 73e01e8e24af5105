import TryoutCore
import TryoutStatistics

extension Suite {
  /// Targets `a`, `b`, … that all draw from the limit `pool` of the account `acme`.
  static func small(
    targets: Int = 1,
    windows: [Limit.Window] = [],
    concurrency: Int = 1,
    burst: Int? = nil,
    samples: Int = 1,
    cases: [Case] = [Case(id: "only")],
    policy: (inout RunPolicy) -> Void = { _ in }
  ) -> Suite {
    var run = RunPolicy()
    run.samples = samples
    // Backoff is drawn by chance, so that only a server's waits are predictable.
    run.retry.base = .zero
    run.retry.poolBase = .zero
    run.retry.poolCap = .zero
    run.timeouts.total = .seconds(1)
    policy(&run)
    return Suite(
      name: "small",
      accounts: [Account(id: "acme", provider: .simulator)],
      limits: [
        Limit(
          id: "pool", account: "acme", windows: windows, concurrency: concurrency, burst: burst)
      ],
      targets: (0..<targets).map { .named(letter($0)) },
      prompts: [Prompt(id: "hello", user: Template("Say hello."))],
      cases: cases,
      run: run
    )
  }

  static func letter(_ index: Int) -> String { ["a", "b", "c", "d", "e", "f"][index] }
}

extension Target {
  static func named(_ id: String, account: String = "acme", limit: String = "pool") -> Target {
    Target(id: id, account: account, model: "model-\(id)", limit: limit)
  }
}

extension Exchange {
  /// A success of so many milliseconds.
  static func answering(
    _ answer: String,
    milliseconds: Int64 = 100,
    finish: String? = "stop"
  ) -> Exchange {
    var exchange = Exchange()
    exchange.answer = answer
    exchange.reasoning = "because"
    exchange.finishReason = finish
    exchange.timeline.lastToken = milliseconds * 1_000_000
    exchange.timeline.end = milliseconds * 1_000_000
    return exchange
  }

  static func failing(_ kind: FailureKind, wait: Duration? = nil) -> Exchange {
    var exchange = Exchange(
      failure: Failure(kind, "as scripted", evidence: "what the provider sent")
    )
    exchange.wait = wait
    return exchange
  }
}

extension SampleRecord {
  /// A sample of target `a` that took one attempt and, where answered, a latency and cost.
  static func of(
    _ outcome: Grade.Outcome,
    seconds: Double? = nil,
    usd: Double? = nil,
    attempts: Int = 1,
    failure: FailureKind? = nil,
    warmup: Bool = false
  ) -> SampleRecord {
    var record = SampleRecord(
      identity: SampleIdentity(
        id: "0",
        target: "a",
        prompt: "hello",
        caseID: "only",
        repetition: 1,
        warmup: warmup
      ),
      outcome: outcome
    )
    record.attempts = attempts
    record.failure = failure
    record.latency = seconds.map { Int64($0 * 1e9) }
    record.usd = usd
    return record
  }
}

extension Tally {
  init(_ samples: [SampleRecord]) {
    self.init()
    for sample in samples { add(sample) }
  }
}

extension SplitMix64 {
  mutating func chance(_ probability: Double) -> Bool { unit() < probability }

  mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[index(below: choices.count)]
  }

  mutating func between(_ low: Int, _ high: Int) -> Int { low + index(below: high - low + 1) }

  /// A duration below a number of seconds, in whole milliseconds, so that some coincide.
  mutating func duration(upTo seconds: Double) -> Duration {
    .milliseconds(Int64(unit() * seconds * 1000))
  }
}

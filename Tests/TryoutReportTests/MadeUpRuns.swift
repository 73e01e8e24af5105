import TryoutCore
import TryoutReport

/// Runs that never happened, as small as they can be and still show every kind of figure.
enum MadeUpRuns {
  /// 2026-11-23T02:30:00Z.
  static let start: Int64 = 1_795_401_000_000_000_000

  static func account(_ id: String) -> Account { Account(id: id, provider: Provider.simulator) }

  static func record(_ id: String, _ suite: Suite, state: RunRecord.State) -> RunRecord {
    var run = RunRecord(
      id: id,
      suite: suite,
      seed: 18_000_000_000_000_000_000,
      startedAt: start,
      planned: suite.targets.count * 80,
      environment: ["tryout": "1.0.0", "curl": "libcurl/7.88.1"]
    )
    run.digest = "3f0c"
    run.state = state
    return run
  }

  static func answer(
    _ target: String,
    _ index: Int,
    seconds: Double,
    outcome: Grade.Outcome = .pass
  ) -> SampleRecord {
    let identity = SampleIdentity(
      id: "\(target)-\(index)",
      target: target,
      prompt: "terse",
      caseID: index.isMultiple(of: 2) ? "even" : "odd",
      repetition: index
    )
    var sample = SampleRecord(identity: identity, outcome: outcome)
    sample.attempts = 1
    sample.finishReason = "stop"
    sample.servedModel = "vendor/\(target)-2026"
    sample.upstream = "Alpha"
    sample.latency = Int64((seconds * 1e9).rounded())
    sample.ttft = Int64((seconds * 3e8).rounded())
    sample.total = Int64((seconds * 1.1e9).rounded())
    sample.decodeRate = 40 / seconds
    sample.usage = Usage(prompt: 20, completion: 50, reasoning: 0, total: 70)
    sample.usd = 0
    return sample
  }

  static func failure(_ target: String, _ index: Int, _ kind: FailureKind) -> SampleRecord {
    var sample = answer(target, index, seconds: 1, outcome: .error)
    sample.failure = kind
    sample.attempts = 3
    sample.finishReason = nil
    sample.latency = nil
    sample.ttft = nil
    sample.decodeRate = nil
    sample.usage = Usage()
    sample.usd = nil
    if !kind.scope.countsAgainstTarget { sample.outcome = .skipped }
    return sample
  }

  // MARK: A night like others

  /// Five targets: a quick one, a slow one, one that fails, one with few samples, one unstreamed.
  static var usual: Report { usual(samples) }

  static func usual(_ samples: [SampleRecord]) -> Report {
    let ids = ["quick", "slow", "shaky", "scarce", "whole"]
    var suite = Suite(
      name: "ticket-triage",
      description: "Which model may triage tickets?",
      accounts: [account("sim")],
      limits: [
        Limit(
          id: "shared",
          account: "sim",
          windows: [.init(.requests, 15, per: .minute), .init(.requests, 1000, per: .day)],
          concurrency: 4
        )
      ],
      targets: ids.map {
        Target(
          id: $0,
          account: "sim",
          model: "vendor/\($0):free",
          limit: "shared",
          stream: $0 != "whole"
        )
      },
      prompts: [Prompt(id: "terse", user: Template("{{ ticket }}"))],
      cases: [Case(id: "even", tags: ["paired"]), Case(id: "odd")],
      gates: [
        Gate(id: "up", metric: .answered, .atLeast, 0.9, text: "90%", bound: .lower95),
        Gate(id: "latency.p95 <= 8s", metric: .clock(.latency, .p95), .atMost, 8, text: "8s"),
        Gate(id: "usd == 0", metric: .usd, .equal, 0, text: "0"),
        Gate(
          id: "pairs",
          metric: .passRate,
          .atLeast,
          0.5,
          text: "50%",
          severity: .warn,
          filter: .init(target: "slow", tag: "paired")
        ),
        Gate(
          id: "regress",
          metric: .paired(.latency),
          .atMost,
          1.1,
          text: "1.10x",
          severity: .warn,
          filter: .init(target: "quick"),
          against: "baseline",
          paired: true
        ),
      ]
    )
    suite.run.samples = 40
    suite.run.warmup = 1
    suite.recommendation = RecommendationRule(
      current: "slow", eligible: ["up"],
      rankBy: [.passRate, .paired(.latency)], fallbackLength: 2, differIn: [.upstream])
    var run = record("night-17", suite, state: .finished)
    run.endedAt = start + 252_000_000_000
    run.done = run.planned
    var builder = Report.Builder(run: run)
    for sample in samples { builder.add(sample) }
    return builder.finish()
  }

  static var samples: [SampleRecord] {
    var samples = (0..<80).map { index -> SampleRecord in
      answer("quick", index, seconds: 0.5 + Double(index % 20) / 100)
    }
    samples[3].cold = true
    samples[4].upstream = "Beta"
    var warmup = answer("quick", 99, seconds: 30)
    warmup.identity.warmup = true
    samples.append(warmup)
    samples += (0..<80).map { index -> SampleRecord in
      var sample = answer(
        "slow",
        index,
        seconds: 2 + Double(index * 37 % 80) / 10,
        outcome: index % 3 == 0 ? .fail : .pass
      )
      if index == 7 { sample.tainted = true }
      if index == 8 { sample.resent = true }
      if index == 9 { sample.finishReason = "length" }
      sample.usd = 0.0001234
      return sample
    }
    samples += (0..<60).map { answer("shaky", $0, seconds: 1 + Double($0) / 100) }
    samples += (60..<75).map { failure("shaky", $0, $0 < 70 ? .timeoutTotal : .server) }
    samples += (75..<80).map { failure("shaky", $0, .rateDay) }
    samples += (0..<5).map { index -> SampleRecord in
      var sample = answer("scarce", index, seconds: 1 + Double(index) / 4, outcome: .ungraded)
      if index == 0 { sample.usage.completion = nil }
      if index == 1 { sample.usd = nil }
      return sample
    }
    samples += (0..<30).map { index -> SampleRecord in
      var sample = answer("whole", index, seconds: 3)
      sample.ttft = nil
      sample.decodeRate = nil
      return sample
    }
    return samples
  }

  // MARK: A hostile one

  /// Colours, links, formulas, table borders, mentions and invisible letters in every foreign text.
  static let poison =
    "=HYPERLINK(\"x\"\u{301})|\u{301}\u{1B}[31m`red`\u{1B}]8;;http://evil\u{7}\u{202E}<b>@all</b>\u{200B}\r\n"
    + "| [a](http://evil) *b* _c_ &amp; #1 \u{9B}2J\u{0} 漢字👩‍👩‍👧"

  static var hostile: Report {
    let id = "-" + poison
    let suite = Suite(
      name: poison,
      description: poison,
      accounts: [account("sim")],
      limits: [Limit(id: poison, account: "sim")],
      targets: [
        Target(id: id, account: "sim", model: poison, limit: poison),
        Target(id: id + "2", account: "sim", model: "+1", limit: poison),
      ],
      prompts: [Prompt(id: poison, user: Template("x"))],
      gates: [Gate(id: poison, metric: .answered, .atLeast, 1, text: poison)],
      recommendation: RecommendationRule(eligible: [poison], rankBy: [.passRate])
    )
    var run = record(poison, suite, state: .paused)
    run.reason = poison
    run.environment = [poison: poison]
    var builder = Report.Builder(run: run)
    for index in 0..<4 {
      var sample = answer(id, index, seconds: 1)
      sample.servedModel = poison + "\(index)"
      sample.upstream = poison
      builder.add(sample)
    }
    var gone = failure(id, 5, .modelGone)
    gone.replacement = poison
    builder.add(gone)
    builder.add(answer("a stranger", 1, seconds: 1))
    return builder.finish()
  }

  // MARK: One that was interrupted before anything ended

  static var empty: Report {
    var suite = Suite(
      name: "nothing",
      accounts: [account("sim")],
      targets: ["one", "two"].map { Target(id: $0, account: "sim", model: $0, limit: "l") },
      prompts: [Prompt(id: "p", user: Template("x"))],
      gates: [Gate(id: "up", metric: .answered, .atLeast, 0.9, text: "90%")]
    )
    suite.run.order = .sequential
    return Report.Builder(run: record("night-18", suite, state: .interrupted)).finish(strict: true)
  }

  // MARK: One under open load

  /// Forty arrivals in ten seconds, one in eight of which is dropped; the dispatch is a little late.
  static var load: Report {
    var suite = Suite(
      name: "rush-hour",
      accounts: [account("sim")],
      limits: [Limit(id: "pool", account: "sim", concurrency: 4)],
      targets: [Target(id: "one", account: "sim", model: "vendor/one", limit: "pool")],
      prompts: [Prompt(id: "terse", user: Template("x"))],
      gates: [
        Gate(id: "p50", metric: .clock(.response, .p50), .atMost, 2, text: "2s", bound: .estimate)
      ]
    )
    suite.run.load = .open(
      OpenLoad(
        .constant,
        [.init(rate: 2, duration: .seconds(5)), .init(rate: 6, duration: .seconds(5))]))
    var run = record("rush-17", suite, state: .finished)
    run.planned = 40
    run.done = 40
    var harness = HarnessRecord()
    harness.peakInFlight = 4
    harness.loopLag = HarnessRecord.Lag(p50: 40_000, p99: 180_000, max: 2_100_000)
    harness.dispatchLag = HarnessRecord.Lag(p50: 20_000, p99: 90_000, max: 300_000)
    harness.stampLag = HarnessRecord.Lag(p50: 9_000, p99: 60_000, max: 240_000)
    run.harness = harness
    run.judging = JudgingRecord(requests: 12, replies: 11, tokens: 2_400, usd: 0.0125)
    var builder = Report.Builder(run: run)
    for index in 0..<40 {
      guard index % 8 != 7 else {
        var dropped = failure("one", index, .dropped)
        dropped.attempts = 0
        dropped.total = nil
        builder.add(dropped)
        continue
      }
      var sample = answer("one", index, seconds: 1 + Double(index) / 100)
      sample.queue = Int64(index) * 10_000_000
      sample.lateness = sample.queue
      sample.dispatchedAt = start + Int64(index) * 250_000_000
      builder.add(sample)
    }
    return builder.finish()
  }

  static let all = [
    ("usual", usual), ("hostile", hostile), ("empty", empty), ("load", load), ("again", again),
  ]
}

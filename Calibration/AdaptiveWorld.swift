import TryoutCore
import TryoutStatistics

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Candidates of known truth for one default, and what it takes to choose among them.
struct AdaptiveWorld {
  /// What a way of sampling came to.
  struct Result {
    var requests = 0
    /// A truly passing target within a tenth of the fastest of them was chosen.
    var isRight = false
    /// The default was replaced by one that is not truly better.
    var isFalseAlarm = false
  }

  private struct Candidate {
    var ratio: Double
    var passing: Double
  }

  private static let limit = 0.75
  private let candidates: [Candidate]
  private let samples: [SampleRecord]
  private let plan: Plan

  /// Draws five targets that are asked 40 questions three times at most; the first one is the default.
  ///
  /// Where nothing differs all of them are equally fast and right; otherwise one in four is often wrong, and speeds are
  /// spread by a third.
  init(isNull: Bool, _ generator: inout SplitMix64) {
    let candidates = (0..<5).map { index in
      Candidate(
        ratio: isNull ? 1 : exp(0.3 * generator.normal()),
        passing: !isNull && index > 0 && generator.unit() < 0.25 ? 0.55 : 0.93)
    }
    let suite = AdaptiveWorld.suite(targets: candidates.count)
    let plan = Plan(suite, seed: generator.next())
    let questions = World.latencies(suite.cases.count, spread: World.questions, &generator)
    self.candidates = candidates
    self.plan = plan
    samples = plan.samples.indices.map { index in
      let identity = plan.identity(of: index)
      let candidate = candidates[plan.targetIndex(of: index)]
      var sample = SampleRecord(
        identity: identity,
        outcome: generator.unit() < candidate.passing ? .pass : .fail)
      let question = questions[Int(identity.caseID) ?? 0]
      let seconds = question * candidate.ratio * exp(World.repeats * generator.normal())
      sample.attempts = 1
      sample.latency = Int64(seconds * 1e9)
      return sample
    }
  }

  private static func suite(targets: Int) -> Suite {
    var suite = Suite(
      name: "choice", accounts: [Account(id: "a", provider: .simulator)],
      limits: [Limit(id: "l", account: "a")],
      targets: (0..<targets).map {
        Target(id: "t\($0)", account: "a", model: "m\($0)", limit: "l")
      },
      prompts: [Prompt(id: "p", user: Template(literal: "x"))],
      cases: (0..<40).map { Case(id: String($0), variables: ["n": String($0)]) },
      gates: [
        Gate(id: "right", metric: .passRate, .atLeast, limit, text: "75%", severity: .warn)
      ],
      recommendation: RecommendationRule(
        eligible: ["right"], rankBy: [.passRate, .paired(.latency)]))
    suite.run.samples = 3
    return suite
  }

  /// Everybody is asked everything, or each question so often.
  func uniform(repeats: Int) -> Result {
    choice(by: samples.filter { $0.identity.repetition <= repeats }, isAdaptive: false)
  }

  /// Whoever cannot become the default is asked no more.
  func adaptive() -> Result {
    var adaptation = Adaptation(plan)
    var asked: [SampleRecord] = []
    var next = 0
    while next < samples.count {
      let end = min(adaptation.horizon, samples.count)
      let block = (next..<end).filter { adaptation.closings[plan.targetIndex(of: $0)] == nil }
        .map { samples[$0] }
      asked += block
      adaptation.take(block)
      next = end
    }
    return choice(by: asked, isAdaptive: true)
  }

  private func choice(by samples: [SampleRecord], isAdaptive: Bool) -> Result {
    var suite = plan.suite
    suite.run.adaptive = isAdaptive
    var run = RunRecord(id: "r", suite: suite, seed: plan.seed, startedAt: 0, planned: 0)
    run.state = .finished
    var looks = Looks(of: run)
    var tallies: [String: Tally] = [:]
    for sample in samples {
      looks.add(sample)
      tallies[sample.identity.target, default: Tally()].add(sample)
    }
    let gates = suite.targets.flatMap { target in
      suite.gates.map { $0.judge(tallies[target.id] ?? Tally(), target: target.id) }
    }
    let recommendation = Recommendation(
      suite.recommendation ?? RecommendationRule(),
      from: .init(run: run, gates: gates, tallies: tallies, looks: looks))
    var result = Result(requests: samples.count)
    guard let choice = recommendation.choice,
      let index = suite.targets.firstIndex(where: { $0.id == choice })
    else { return result }
    let good = candidates.filter { $0.passing >= AdaptiveWorld.limit }
    let best = good.map(\.ratio).min() ?? 1
    let chosen = candidates[index]
    result.isRight = chosen.passing >= AdaptiveWorld.limit && chosen.ratio <= 1.1 * best
    result.isFalseAlarm =
      index != 0 && (chosen.passing < candidates[0].passing || chosen.ratio >= candidates[0].ratio)
    return result
  }
}

extension AdaptiveWorld {
  private static let ways = [
    "uniform, 3 repeats", "uniform, 2 repeats", "uniform, 1 repeat", "adaptive, 3 at most",
  ]

  /// Simulates worlds and prints what each way of sampling came to; whether adaptive runs kept what is promised of them.
  ///
  /// Promised are two fifths fewer requests than of a uniform run, right decisions in at most one percentage point
  /// fewer worlds, with a confidence of 97.5 %, and false replacements in at most 5 %.
  static func table(worlds: Int = 1000, seed: UInt64) async -> (lines: [String], isKept: Bool) {
    var lines = [
      "| worlds | samples | right decisions | false replacements | requests on average | saved |",
      "|---|---|--:|--:|--:|--:|",
    ]
    var differences: [String] = []
    var isKept = true
    for isNull in [false, true] {
      let name = isNull ? "nothing differs" : "targets differ"
      let results = await results(of: worlds, isNull: isNull, seed: seed)
      let all = requests(results[0])
      for (way, results) in zip(ways, results) {
        let cells = [
          name, way, share(results, \.isRight), share(results, \.isFalseAlarm),
          "\(Int(requests(results).rounded()))", Main.percent(1 - requests(results) / all),
        ]
        lines.append("| " + cells.joined(separator: " | ") + " |")
      }
      let adaptive = results[ways.count - 1]
      let pairs = Array(zip(results[0], adaptive))
      let right = PairedProportions(
        both: pairs.count { $0.isRight && $1.isRight },
        onlyHead: pairs.count { !$0.isRight && $1.isRight },
        onlyBase: pairs.count { $0.isRight && !$1.isRight },
        neither: pairs.count { !$0.isRight && !$1.isRight })
      differences.append(
        "Where \(name) the adaptive run alone was right in \(right.onlyHead) worlds, the uniform one of 3 repeats alone "
          + "in \(right.onlyBase).")
      let error = Proportion(successes: adaptive.count(where: \.isFalseAlarm), trials: worlds)
      isKept =
        isKept && requests(adaptive) <= 0.6 * all && right.newcombe().lowerBound >= -0.01
        && error.clopperPearson(confidence: 0.9999).lowerBound <= 0.05
    }
    return (lines + [""] + differences, isKept)
  }

  private static func share(_ results: [Result], _ holds: (Result) -> Bool) -> String {
    Main.percent(Double(results.count(where: holds)) / Double(results.count))
  }

  private static func requests(_ results: [Result]) -> Double {
    Double(results.reduce(0) { $0 + $1.requests }) / Double(results.count)
  }

  /// What each way of sampling came to, world by world; every world has a seed of its own, so that they can be
  /// simulated side by side.
  private static func results(of worlds: Int, isNull: Bool, seed: UInt64) async -> [[Result]] {
    let all = await withTaskGroup(of: (Int, [Result]).self) { group in
      for index in 0..<worlds {
        group.addTask {
          var generator = SplitMix64(seed: seed &+ UInt64(index) &* 7919)
          let world = AdaptiveWorld(isNull: isNull, &generator)
          return (index, [3, 2, 1].map(world.uniform) + [world.adaptive()])
        }
      }
      return await group.reduce(into: [[Result]](repeating: [], count: worlds)) { $0[$1.0] = $1.1 }
    }
    return ways.indices.map { way in all.map { $0[way] } }
  }
}

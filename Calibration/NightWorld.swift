import TryoutCore
import TryoutStatistics

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A suite whose questions are asked night for night.
struct NightWorld {
  /// ln of each question's time.
  private let questions: [Double]
  var repeats: Int
  /// Spread of what is common to all answers to one question in one night.
  var wobble = 0.0
  /// Spread of what is common to a whole night.
  var drift = 0.0
  var failing = 0.0
  /// Chance that an answer passes, for each question.
  private let passing: [Double]

  init(questions: Int, repeats: Int, passing rate: Double = 1, _ generator: inout SplitMix64) {
    self.questions = World.latencies(questions, spread: World.questions, &generator).map { log($0) }
    self.repeats = repeats
    // Questions are easy or hard: half of what fails, fails by the question.
    passing = (0..<questions).map { _ in
      rate == 1 ? 1 : min(1, max(0, rate + (generator.unit() - 0.5) * (1 - rate)))
    }
  }

  /// One night's answers of one target, `ratio` times as slow as usual.
  func night(ratio: Double = 1, _ generator: inout SplitMix64) -> Answers {
    var answers = Answers(by: .content)
    let shift = log(ratio) + drift * generator.normal()
    for (question, time) in questions.enumerated() {
      let common = shift + wobble * generator.normal()
      for repetition in 1...repeats {
        let isFailure = generator.unit() < failing
        let isPass = generator.unit() < passing[question]
        var sample = SampleRecord(
          identity: SampleIdentity(
            id: "\(question).\(repetition)", target: "t", prompt: "p", caseID: "\(question)",
            repetition: repetition), outcome: isFailure ? .error : isPass ? .pass : .fail)
        let seconds = exp(time + common + World.repeats * generator.normal())
        if !isFailure {
          sample.latency = Int64(seconds * 1e9)
          sample.ttft = Int64(seconds * 4e8 * exp(World.repeats * generator.normal()))
        }
        answers.add(sample)
      }
    }
    return answers
  }

  /// Several nights in which nothing changed.
  func baseline(nights: Int, _ generator: inout SplitMix64) -> Answers {
    var base = night(&generator)
    for _ in 1..<nights { base.add(night(&generator)) }
    return base
  }
}

/// A run of one target whose one gate compares it with a baseline.
struct GatedNight {
  private let run: RunRecord
  private let again: RunRecord

  init(_ metric: Metric = .paired(.latency), _ comparison: Gate.Comparison = .atMost, limit: Double)
  {
    let target = Target(id: "t", account: "a", model: "m", limit: "l")
    let suite = Suite(
      name: "nights", accounts: [Account(id: "a", provider: .simulator)],
      limits: [Limit(id: "l", account: "a")], targets: [target],
      prompts: [Prompt(id: "p", user: Template(literal: "x"))], cases: [],
      gates: [Gate(id: "g", metric: metric, comparison, limit, text: "", against: "baseline")])
    run = RunRecord(id: "tonight", suite: suite, seed: 1, startedAt: 0, planned: 0)
    var again = RunRecord(id: "again", suite: suite, seed: 1, startedAt: 0, planned: 0)
    again.state = .finished
    self.again = again
  }

  /// Whether the gate fails; with fresh samples only where these confirm it.
  func fails(base: Answers, tonight: Answers, fresh: Answers? = nil) -> Bool {
    let baseline = Baseline(run, called: "base", answers: ["t": base], for: run)
    let judge = BaselineJudge(
      head: run, answers: ["t": tonight], baseline: baseline,
      confirmation: fresh.map { BaselineJudge.Confirmation(run: again, answers: ["t": $0]) })
    return judge.results.contains { $0.verdict == .fail }
  }
}

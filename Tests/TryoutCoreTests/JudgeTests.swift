import Testing
import TryoutStatistics

@testable import TryoutCore

struct JudgeTests {
  private func judge(
    _ metric: Metric, _ comparison: Gate.Comparison, _ limit: Double,
    bound: Gate.Bound = .interval, _ samples: [SampleRecord]
  ) -> GateResult.Verdict {
    let gate = Gate(id: "g", metric: metric, comparison, limit, text: "\(limit)", bound: bound)
    return gate.judge(Tally(samples), target: "a").verdict
  }

  private func answers(_ count: Int, seconds: Double = 1, usd: Double? = nil) -> [SampleRecord] {
    Array(repeating: .of(.pass, seconds: seconds, usd: usd), count: count)
  }

  private func errors(_ count: Int) -> [SampleRecord] {
    Array(repeating: .of(.error, failure: .server), count: count)
  }

  @Test func nothingIsNotEvaluable() {
    for name in Metric.allNames {
      guard let metric = Metric(name) else { continue }
      #expect(judge(metric, .atMost, 1e9, []) == .notEvaluable)
      let skipped = SampleRecord.of(.skipped, failure: .rateDay)
      #expect(
        judge(metric, .atLeast, 0, [skipped, .of(.pass, seconds: 1, warmup: true)]) == .notEvaluable
      )
    }
  }

  @Test func failuresRankAboveSuccesses() {
    let tally = Tally(answers(9) + errors(1))
    let estimate = tally.estimate(of: .clock(.latency, .p95))
    #expect(estimate?.n == 10)
    #expect(estimate?.value == .unbounded)
    #expect(estimate?.successOnly == 1)
    #expect(tally.estimate(of: .clock(.latency, .p90))?.value == .value(1))
    #expect(tally.estimate(of: .clock(.latency, .max))?.value == .unbounded)
    #expect(judge(.clock(.latency, .max), .atMost, 1e9, answers(9) + errors(1)) == .fail)
    #expect(judge(.clock(.latency, .mean), .atMost, 1e9, answers(9) + errors(1)) == .fail)
    #expect(judge(.clock(.latency, .p50), .atMost, 1e9, errors(20)) == .fail)
  }

  @Test func aFailureIsNoShortTotal() {
    var failed = SampleRecord.of(.error, failure: .connect)
    failed.total = 1_000_000
    let tally = Tally([failed, failed, failed])
    #expect(tally.estimate(of: .clock(.total, .p50))?.value == .unbounded)
  }

  @Test func aClockThatWasNotReadIsNotUnbounded() {
    let tally = Tally(answers(5) + errors(5))
    #expect(tally.estimate(of: .clock(.ttft, .p50)) == nil)
    #expect(tally.estimate(of: .clock(.latency, .p50))?.value == .value(1))
  }

  /// p95 has an upper end from n = 72 on, 59 where only one side is asked for.
  @Test(
    arguments: [
      (71, .interval, .inconclusive), (72, .interval, .pass), (58, .upper95, .inconclusive),
      (59, .upper95, .pass), (1, .estimate, .pass),
    ] as [(Int, Gate.Bound, GateResult.Verdict)])
  func fewSamplesAreInconclusive(n: Int, bound: Gate.Bound, verdict: GateResult.Verdict) {
    #expect(judge(.clock(.latency, .p95), .atMost, 2, bound: bound, answers(n)) == verdict)
  }

  @Test func theReasonSaysHowMuchIsNeeded() {
    let gate = Gate(id: "g", metric: .clock(.latency, .p95), .atMost, 2, text: "2s")
    #expect(
      gate.judge(Tally(answers(10)), target: "a").reason == "too few samples: an interval needs 72")
  }

  @Test func percentilesPassAndFail() {
    let slow = answers(50, seconds: 3) + answers(50, seconds: 1)
    #expect(judge(.clock(.latency, .p90), .atMost, 3, slow) == .pass)
    #expect(judge(.clock(.latency, .p90), .atMost, 2.9, slow) == .fail)
    #expect(judge(.clock(.latency, .p50), .atMost, 2, slow) == .inconclusive)
  }

  /// Wilson's interval of 19 out of 20 is 0.7639 to 0.9911 (by hand, z = 1.959964).
  @Test(
    arguments: [
      (.atLeast, 0.76, .pass), (.atLeast, 0.77, .inconclusive), (.atLeast, 0.992, .fail),
      (.atMost, 0.992, .pass), (.atMost, 0.99, .inconclusive), (.atMost, 0.76, .fail),
      (.equal, 0.9, .inconclusive), (.equal, 0.5, .fail),
    ] as [(Gate.Comparison, Double, GateResult.Verdict)])
  func ratesAreHeldAgainstTheirInterval(
    comparison: Gate.Comparison, limit: Double, verdict: GateResult.Verdict
  ) {
    #expect(judge(.answered, comparison, limit, answers(19) + errors(1)) == verdict)
  }

  /// Its one-sided bounds at 95 % are 0.8053 and 0.9884 (z = 1.644854).
  @Test func oneSidedBoundsAreTighter() {
    let samples = answers(19) + errors(1)
    #expect(judge(.answered, .atLeast, 0.80, bound: .lower95, samples) == .pass)
    #expect(judge(.answered, .atLeast, 0.81, bound: .lower95, samples) == .inconclusive)
    #expect(judge(.answered, .atLeast, 0.99, bound: .lower95, samples) == .fail)
    #expect(judge(.answered, .atLeast, 0.95, bound: .estimate, samples) == .pass)
  }

  @Test func dollarsAreExact() {
    #expect(judge(.usd, .equal, 0, answers(1, usd: 0)) == .pass)
    #expect(judge(.usd, .atMost, 0, answers(1, usd: 0) + answers(1, usd: 1e-9)) == .fail)
    #expect(judge(.usd, .atMost, 0, answers(9, usd: 0) + answers(1)) == .notEvaluable)
    #expect(judge(.usdPerThousandOK, .atMost, 250, answers(4, usd: 0.25)) == .pass)
    #expect(judge(.usdPerPass, .atMost, 1, answers(1, usd: 1) + [.of(.fail, usd: 1)]) == .fail)
    // What failed may have cost something too.
    let billed = answers(1, usd: 1) + [.of(.error, usd: 0.5, failure: .empty)]
    #expect(Tally(billed).usd == 1.5)
  }

  @Test func missingCostsAreExplained() {
    let gate = Gate(id: "g", metric: .usdPerPass, .atMost, 1, text: "1")
    func reason(_ samples: [SampleRecord]) -> String? {
      gate.judge(Tally(samples), target: "a").reason
    }
    #expect(reason([]) == "no sample ended")
    #expect(reason(errors(1)) == "nothing was answered")
    #expect(reason(answers(1)) == "the cost of some answers is unknown")
    #expect(reason([.of(.fail, usd: 1)]) == "nothing passed")
  }

  @Test func aTallyCounts() {
    var long = SampleRecord.of(.fail, attempts: 2)
    long.finishReason = "length"
    long.usage = Usage(prompt: 10, completion: 20)
    let tally = Tally(
      answers(2) + [
        long, .of(.ungraded), .of(.error, failure: .empty), .of(.skipped, failure: .auth),
        .of(.pass, warmup: true),
      ])
    #expect((tally.n, tally.answered, tally.errors, tally.skipped) == (5, 4, 1, 1))
    #expect((tally.passed, tally.failed, tally.ungraded, tally.graded) == (2, 1, 1, 3))
    #expect((tally.firstTry, tally.truncated, tally.attempts) == (3, 1, 7))
    #expect((tally.failures, tally.skips) == ([.empty: 1], [.auth: 1]))
    func value(_ metric: Metric) -> Bound? { tally.estimate(of: metric)?.value }
    #expect(value(.answered) == .value(0.8))
    #expect(value(.errorRate(.empty)) == .value(0.2))
    #expect(value(.errorRate(.server)) == .value(0))
    #expect(value(.passRate) == .value(2.0 / 3))
    #expect(value(.truncatedRate) == .value(0.25))
    #expect(value(.emptyRate) == .value(0.2))
    #expect(value(.firstTryRate) == .value(0.6))
    #expect(value(.tokens(.output)) == .value(20))
    // One of four answers told its tokens, which is no sum.
    #expect(tally.totalTokens(.output) == nil)
  }

  /// Three answers failed what needs no judge, and the 97 others, whose judge was dead, may all have passed.
  @Test func ungradedAnswersDecideNothing() throws {
    var tally = Tally(Array(repeating: .of(.fail), count: 3))
    func judged(_ comparison: Gate.Comparison, _ limit: Double) -> GateResult {
      Gate(id: "g", metric: .passRate, comparison, limit, text: "\(limit)").judge(
        tally, target: "a")
    }
    #expect(judged(.atLeast, 0.8).verdict == .fail)
    for _ in 0..<97 { tally.add(.of(.ungraded), isToBeGraded: true) }
    #expect(judged(.atLeast, 0.8).verdict == .inconclusive)
    #expect(judged(.atLeast, 0.8).reason?.contains("ungraded") == true)
    // That three of a hundred failed is certain, whatever the rest would be.
    #expect(judged(.atLeast, 0.995).verdict == .fail)
    #expect(judged(.atMost, 0.995).verdict == .pass)
    // What nothing demands is no gap.
    for _ in 0..<97 { tally.add(.of(.ungraded)) }
    #expect((tally.undecided, tally.ungraded) == (97, 194))
    for _ in 0..<900 { tally.add(.of(.pass)) }
    #expect(judged(.atLeast, 0.85).verdict == .pass)
    #expect(judged(.atLeast, 0.95).verdict == .inconclusive)
  }

  @Test func missingScoresDecideNothing() {
    var low = SampleRecord.of(.pass)
    low.score = 0.2
    var tally = Tally(Array(repeating: low, count: 20))
    let gate = Gate(id: "g", metric: .score, .atLeast, 0.5, text: "0.5")
    #expect(gate.judge(tally, target: "a").verdict == .fail)
    for _ in 0..<20 { tally.add(.of(.pass), isToBeGraded: true) }
    let result = gate.judge(tally, target: "a")
    #expect((result.verdict, result.estimate?.value) == (.inconclusive, .value(0.2)))
  }

  /// Last night all passed; tonight what failed is known and the rest is not, as the judge died.
  @Test func ungradedAnswersAreNoRegression() throws {
    func answers(_ outcomes: [Grade.Outcome]) -> Answers {
      var answers = Answers(by: .names)
      for (index, outcome) in outcomes.enumerated() {
        var sample = SampleRecord.of(outcome)
        sample.identity.caseID = "c\(index)"
        answers.add(sample)
      }
      return answers
    }
    func verdict(_ head: [Grade.Outcome]) throws -> (GateResult.Verdict, Double?) {
      let gate = Gate(id: "g", metric: .passRate, .atLeast, 0.9, text: "0.9")
      let base = answers(Array(repeating: .pass, count: 100))
      let pairing = Pairing(base: base, head: answers(head))
      let relation = try #require(
        RelativeEstimate(gate, pairing, Set((0..<100).map { "c\($0)" })))
      return (gate.verdict(on: relation.estimate), relation.p)
    }
    let failed = Array(repeating: Grade.Outcome.fail, count: 30)
    #expect(try verdict(failed + Array(repeating: .pass, count: 70)).0 == .fail)
    let known = try verdict(Array(failed.prefix(3)) + Array(repeating: .ungraded, count: 97))
    #expect(known == (.inconclusive, 1))
    // Were all the others passes, it would still be one.
    let certain = try verdict(failed + Array(repeating: .ungraded, count: 70))
    let p = try #require(certain.1)
    #expect(certain.0 == .fail && p < 0.05)
  }
}

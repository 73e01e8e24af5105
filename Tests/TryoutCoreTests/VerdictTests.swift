import Testing
import TryoutCore

struct VerdictTests {
  private func verdict(
    _ state: RunRecord.State = .finished, _ gates: [GateResult.Verdict] = [],
    samples: [SampleRecord] = [.of(.pass)], severity: Gate.Severity = .fail, strict: Bool = false
  ) -> Verdict {
    var run = RunRecord(id: "r", suite: .small(), seed: 1, startedAt: 0, planned: 9)
    run.state = state
    run.done = 4
    run.reason = state == .paused ? "the day's quota is used up" : nil
    let results = gates.enumerated().map { number, verdict in
      let gate = Gate(
        id: "g\(number)", metric: .answered, .atLeast, 1, text: "1", severity: severity)
      var result = gate.judge(Tally(), target: "a")
      result.verdict = verdict
      return result
    }
    return Verdict(run: run, tallies: [("a", Tally(samples))], gates: results, strict: strict)
  }

  private static let refused = [SampleRecord.of(.skipped, failure: .auth)]

  /// The worst of what applies wins: 69, 130, 1, 3, 2.
  @Test(
    arguments: [
      (.finished, [.pass, .pass], .passed, "all 2 gates passed"),
      (.finished, [.pass], .passed, "the gate passed"), (.finished, [], .passed, "no gate was set"),
      (.finished, [.pass, .inconclusive], .passed, "no gate failed: 1 passed, 1 inconclusive"),
      (
        .finished, [.inconclusive, .notEvaluable], .noVerdict, "gate g1 (a) could not be evaluated"
      ),
      (.finished, [.notEvaluable, .fail], .gateFailed, "gate g1 (a) failed"),
      (
        .paused, [.notEvaluable], .incomplete,
        "the day's quota is used up: 4 of 9 samples done, 5 left"
      ),
      (.running, [], .incomplete, "running: 4 of 9 samples done, 5 left"),
      (.paused, [.fail], .gateFailed, "gate g0 (a) failed"),
      (.interrupted, [.fail], .interrupted, "interrupted: 4 of 9 samples done, 5 left"),
      (.crashed, [.pass], .interrupted, "crashed: 4 of 9 samples done, 5 left"),
      (
        .finished, Array(repeating: .fail, count: 5), .gateFailed,
        "gates g0 (a), g1 (a), g2 (a) and 2 more failed"
      ),
    ] as [(RunRecord.State, [GateResult.Verdict], Verdict.Code, String)])
  func theWorstWins(
    state: RunRecord.State, gates: [GateResult.Verdict], code: Verdict.Code, sentence: String
  ) {
    let verdict = verdict(state, gates)
    #expect((verdict.code, verdict.sentence) == (code, sentence))
    #expect(self.verdict(state, gates, samples: VerdictTests.refused).code == .nothingMeasured)
  }

  @Test func codesAreExitCodes() {
    let codes: [Verdict.Code] = [
      .passed, .gateFailed, .noVerdict, .incomplete, .nothingMeasured, .interrupted,
    ]
    #expect(codes.map(\.rawValue) == [0, 1, 2, 3, 69, 130])
  }

  @Test func strictWantsConclusions() {
    #expect(verdict(.finished, [.pass, .inconclusive], strict: true).code == .noVerdict)
    #expect(verdict(.paused, [.inconclusive], strict: true).code == .incomplete)
    #expect(verdict(.finished, [.pass], strict: true).code == .passed)
  }

  @Test(arguments: GateResult.Verdict.allCases)
  func warningsNeverDecide(gate: GateResult.Verdict) {
    let verdict = verdict(.finished, [gate], severity: .warn, strict: true)
    #expect((verdict.code, verdict.sentence) == (.passed, "no gate decides, all only warn"))
  }

  @Test(
    arguments: [
      (
        [.of(.error, failure: .dns), .of(.error, failure: .dns), .of(.skipped, failure: .auth)],
        "dns, auth"
      ),
      ([.of(.skipped, failure: .noCredit)], "no_credit"),
      ([.of(.error, failure: .modelGone), .of(.skipped, failure: .auth)], "auth, model_gone"),
    ] as [([SampleRecord], String)])
  func nothingMeasuredSaysWhy(samples: [SampleRecord], kinds: String) {
    #expect(verdict(samples: samples).sentence == "nothing could be measured: \(kinds)")
  }

  @Test func nothingMeasuredQuotesAFailure() {
    var sample = SampleRecord.of(.error, failure: .dns)
    sample.reasons = ["dns: there is no host nowhere.invalid"]
    #expect(
      verdict(samples: [sample]).sentence
        == "nothing could be measured: dns: there is no host nowhere.invalid")
  }

  /// A target that answers with errors was measured, and so was one of which anything was answered.
  @Test(
    arguments: [
      [.of(.error, failure: .dns), .of(.error, failure: .server)],
      [.of(.error, failure: .dns), .of(.pass)], [.of(.skipped, failure: .rateDay)], [],
    ] as [[SampleRecord]])
  func otherFailuresAreMeasurements(samples: [SampleRecord]) {
    #expect(verdict(samples: samples).code == .passed)
  }

  @Test func aDeadTargetIsNamedWithItsKindAndHeir() {
    var dead = SampleRecord.of(.error, failure: .modelGone)
    dead.reasons = ["model_gone: No endpoints found for a."]
    dead.replacement = "b"
    #expect(
      verdict(.finished, [.fail], samples: [dead, .of(.pass)]).sentence
        == "gate g0 (a) failed. a is dead (model_gone): No endpoints found for a. The provider names b instead."
    )
  }

  /// Who dies without a gate ends nothing, but nobody shall read that all is well.
  @Test func deathsAreToldWithoutAFailedGate() {
    var dead = SampleRecord.of(.error, failure: .modelGone)
    dead.reasons = ["model_gone: No endpoints found for a."]
    let death = ". a is dead (model_gone): No endpoints found for a."
    let samples = [dead, .of(.pass)]
    let silent = verdict(samples: samples)
    #expect(silent.code == .passed && silent.sentence == "no gate was set" + death)
    #expect(verdict(.finished, [.pass], samples: samples).sentence == "the gate passed" + death)
    #expect(
      verdict(.finished, [.notEvaluable], samples: samples).sentence
        == "gate g0 (a) could not be evaluated" + death)
  }

  /// No gate has to ask for it, and what may cost may cost.
  @Test(arguments: [SampleRecord.of(.pass), .of(.error, failure: .empty)], [true, false])
  func aFreeTargetThatWasBilledFails(sample: SampleRecord, isFreeOnly: Bool) {
    var sample = sample
    sample.usd = 0.001
    var run = RunRecord(id: "r", suite: .small(), seed: 1, startedAt: 0, planned: 1)
    run.state = .paused
    run.suite.targets[0].freeOnly = isFreeOnly
    let target = run.suite.targets[0].id
    for isWarmup in [true, false] {
      sample.identity.warmup = isWarmup
      let verdict = Verdict(run: run, tallies: [(target, Tally([sample]))], gates: [])
      #expect(verdict.code == (isFreeOnly ? .gateFailed : .incomplete))
    }
  }
}

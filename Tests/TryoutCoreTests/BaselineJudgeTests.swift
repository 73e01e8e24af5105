import Testing
import TryoutCore
import TryoutStatistics

struct BaselineJudgeTests {
  private static func gate(
    _ id: String = "g", _ metric: Metric = .paired(.latency),
    _ comparison: Gate.Comparison = .atMost,
    _ limit: Double = 1.1, bound: Gate.Bound = .interval, severity: Gate.Severity = .fail,
    filter: Gate.Filter = .init(target: "a")
  ) -> Gate {
    Gate(
      id: id, metric: metric, comparison, limit, text: "\(limit)x", bound: bound,
      severity: severity, filter: filter, against: "baseline", paired: metric.isPaired)
  }

  private var nights = MadeUpNights()

  private func baseline(_ answers: Answers, for head: RunRecord) -> Baseline {
    Baseline(nights.run(1), called: "night-1", answers: ["a": answers, "b": answers], for: head)
  }

  private func judge(
    _ gates: [Gate], base: Answers, head: Answers, fresh: Answers? = nil,
    freshState: RunRecord.State = .finished
  ) -> BaselineJudge {
    let run = nights.run(2) { $0.gates = gates }
    var again = nights.run(3) { $0.targets.removeLast() }
    again.state = freshState
    return BaselineJudge(
      head: run, answers: ["a": head, "b": base], baseline: baseline(base, for: run),
      confirmation: fresh.map { BaselineJudge.Confirmation(run: again, answers: ["a": $0]) })
  }

  @Test(
    arguments: [(1.0, .pass), (1.5, .fail), (1.1, .inconclusive)]
      as [(
        Double, GateResult.Verdict
      )])
  func ratiosAreHeldAgainstTheLimit(ratio: Double, verdict: GateResult.Verdict) {
    var nights = nights
    let judge = judge([Self.gate()], base: nights.answers(), head: nights.answers(ratio: ratio))
    #expect(judge.results.map(\.verdict) == [verdict])
    #expect(judge.suspects.count == (verdict == .fail ? 1 : 0))
  }

  @Test func withoutABaselineNothingIsEvaluated() {
    var nights = nights
    let run = nights.run(2) { $0.gates = [Self.gate()] }
    let none = BaselineJudge(head: run, answers: ["a": nights.answers()], baseline: nil)
    #expect(none.results.map(\.verdict) == [.notEvaluable])
    #expect(none.results[0].reason == "there is no baseline yet")
    let silent = judge([Self.gate()], base: nights.answers(), head: Answers(by: .content))
    #expect(silent.results.map(\.verdict) == [.notEvaluable])
  }

  @Test func everyKindOfMetricHasARatio() throws {
    var nights = nights
    nights.repeats = 6
    let (base, head) = (nights.answers(), nights.answers(ratio: 1.5, passing: 0.5))
    let gates = [
      Self.gate("a", .clock(.latency, .p50), .atMost, 1.05, bound: .estimate),
      Self.gate("b", .passRate, .atLeast, 0.9), Self.gate("c", .answered, .atLeast, 0.8),
      Self.gate("d", .tokens(.output)), Self.gate("e", .usd, .atMost, 1),
      Self.gate("f", .clock(.latency, .p95), .atMost, 1.01),
    ]
    let results = judge(gates, base: base, head: head).results
    #expect(results.map(\.verdict) == [.fail, .fail, .pass, .pass, .pass, .fail])
    #expect(results[4].estimate?.value == .value(1))
    #expect(results[5].reason == nil)
  }

  @Test func filtersChooseQuestions() {
    var nights = nights
    nights.repeats = 6
    let base = nights.answers(questions: 0..<20)
    var head = nights.answers(ratio: 2, questions: 0..<3)
    head.add(nights.answers(questions: 3..<20))
    let first = Self.gate("first", filter: .init(target: "a", tag: "first"))
    let results = judge([Self.gate("all"), first], base: base, head: head).results
    // Three of twenty questions are no slowdown of all.
    #expect(results.map(\.verdict) == [.inconclusive, .fail])
    #expect(results.map { $0.estimate?.n } == [20, 18])
  }

  @Test func aFamilyOfGatesIsStricterThanOne() throws {
    var nights = nights
    nights.questions = 6
    nights.repeats = 1
    let (base, head) = (nights.answers(), nights.answers(ratio: 1.4))
    let alone = judge([Self.gate()], base: base, head: head)
    #expect(alone.results.map(\.verdict) == [.fail])
    let two = judge(
      [Self.gate("x"), Self.gate("y", filter: .init(target: "b"))], base: base, head: head)
    // Six pairs of one sign have p = 0.03, twice that in a family of two.
    #expect(two.results.map(\.verdict) == [.inconclusive, .pass])
    #expect(two.results[0].p == 0.0625)
    let warning = judge(
      [Self.gate("x"), Self.gate("y", severity: .warn, filter: .init(target: "b"))], base: base,
      head: head)
    #expect(warning.results.map(\.verdict) == [.fail, .pass])
  }

  @Test func freshSamplesAloneDecide() {
    var nights = nights
    let (base, slow) = (nights.answers(), nights.answers(ratio: 1.5))
    func verdict(
      _ fresh: Answers, _ state: RunRecord.State = .finished
    ) -> GateResult? {
      judge([Self.gate()], base: base, head: slow, fresh: fresh, freshState: state).results.first
    }
    let confirmed = verdict(nights.answers(ratio: 1.5))
    #expect(confirmed?.verdict == .fail)
    #expect(confirmed?.reason == "confirmed by fresh samples, which alone are shown")
    #expect(verdict(nights.answers())?.verdict == .pass)
    #expect(verdict(nights.answers(ratio: 1.2, spread: 1.2))?.verdict == .inconclusive)
    // Suspected and not measured again is neither red nor green.
    #expect(verdict(Answers(by: .content), .paused)?.verdict == .notEvaluable)
    // Who is not suspected stays as the run found it, whatever the fresh samples say.
    let calm = judge([Self.gate()], base: base, head: base, fresh: slow)
    #expect(calm.results.map(\.verdict) == [.pass])
  }

  @Test func whatVanishedFails() {
    var nights = nights
    let answers = nights.answers()
    let gates = [Self.gate(filter: .init()), Self.gate("p", .passRate, .atLeast, 0.5)]
    var run = nights.run(2) {
      $0.gates = gates
      $0.targets.removeLast()
      $0.cases.removeLast()
    }
    let base = baseline(answers, for: run)
    let judge = BaselineJudge(head: run, answers: ["a": answers], baseline: base)
    #expect(judge.results.map(\.target) == ["a", "b", "a"])
    #expect(judge.results.map(\.verdict) == [.fail, .fail, .fail])
    #expect(judge.results[0].reason?.contains("case q19") ?? false)
    // A run that was narrowed on purpose has lost nothing.
    run.environment[RunRecord.narrowed] = "--target a"
    #expect(base.vanishedTargets(from: run).isEmpty)
  }

  @Test func incomparableTimesAreNotJudgedAndPassesAre() {
    var nights = nights
    let answers = nights.answers()
    var run = nights.run(2) {
      $0.gates = [Self.gate(), Self.gate("p", .passRate, .atLeast, 0.5)]
    }
    run.environment["http"] = "libcurl/9"
    let judge = BaselineJudge(
      head: run, answers: ["a": answers], baseline: baseline(answers, for: run))
    #expect(judge.results.map(\.verdict) == [.notEvaluable, .pass])
    #expect(judge.results[0].reason == "not comparable: HTTP library libcurl/8 → libcurl/9")
  }
}

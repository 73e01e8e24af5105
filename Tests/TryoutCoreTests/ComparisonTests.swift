import Testing
import TryoutCore
import TryoutStatistics

struct ComparisonTests {
  private func ratio(_ pairing: Pairing) throws -> PairedComparison {
    try #require(pairing.ratio(of: .paired(.latency)))
  }

  private func number(_ bound: Bound) throws -> Double {
    guard case .value(let value) = bound else { throw NotANumber() }
    return value
  }

  struct NotANumber: Error {}

  @Test func questionsCountOnceFromTenOn() throws {
    var nights = MadeUpNights(questions: 10, repeats: 4)
    let many = Pairing(base: nights.answers(), head: nights.answers(ratio: 1.5))
    #expect(many.unit == .question)
    #expect(try ratio(many).n == 10)
    #expect(abs(try number(ratio(many).ratio) - 1.5) < 0.05)
    nights.questions = 9
    let few = Pairing(base: nights.answers(), head: nights.answers(ratio: 1.5))
    #expect(few.unit == .request)
    #expect(try ratio(few).n == 36)
  }

  @Test func aFailureRanksAboveEverySuccess() throws {
    var nights = MadeUpNights(questions: 12, repeats: 1)
    let pairing = Pairing(base: nights.answers(), head: nights.answers(failing: 1))
    #expect(try ratio(pairing).ratio == .unbounded)
    #expect(try ratio(pairing).onlyHeadFailed == 12)
    let comparison = Comparison(pairing)
    #expect(comparison[.paired(.latency)]?.verdict == .worse)
    #expect(comparison[.answered]?.verdict == .worse)
    // What was not answered was not graded either, which is no wrong answer.
    #expect(comparison[.passRate] == nil)
  }

  @Test func oneSidesFailureDoesNotVanish() throws {
    var nights = MadeUpNights(questions: 30, repeats: 1)
    let pairing = Pairing(base: nights.answers(), head: nights.answers(failing: 0.5))
    let latency = try ratio(pairing)
    #expect(latency.n == 30)
    #expect(latency.onlyHeadFailed > 8)
    #expect(latency.p < 0.001)
  }

  @Test func changingPlacesTurnsTheRatioRound() throws {
    var nights = MadeUpNights(questions: 15, repeats: 3)
    let (one, other) = (nights.answers(failing: 0.1), nights.answers(ratio: 1.2, failing: 0.1))
    let there = try ratio(Pairing(base: one, head: other))
    let back = try ratio(Pairing(base: other, head: one))
    #expect(abs(try number(there.ratio) * number(back.ratio) - 1) < 1e-9)
    #expect(there.p == back.p)
  }

  @Test func whatOneSideLacksIsCounted() {
    var nights = MadeUpNights()
    let pairing = Pairing(
      base: nights.answers(questions: 0..<15), head: nights.answers(questions: 3..<18))
    #expect((pairing.questions, pairing.onlyBase.count, pairing.onlyHead.count) == (12, 3, 3))
  }

  /// Of several nights each question meets single answers, as many as head has.
  @Test func severalNightsGiveOnePartnerEach() throws {
    var nights = MadeUpNights(questions: 12, repeats: 2)
    var base = nights.answers()
    for _ in 0..<4 { base.add(nights.answers()) }
    let head = nights.answers(ratio: 1.3)
    let pairing = Pairing(base: base, head: head)
    #expect(pairing.requests == (120, 24))
    #expect(abs(try number(ratio(pairing).ratio) - 1.3) < 0.05)
    #expect(try ratio(pairing) == ratio(Pairing(base: base, head: head)))
  }

  @Test func twoTargetsOfOneRunPairByName() throws {
    var nights = MadeUpNights(questions: 12, repeats: 1)
    var sides = [Answers(by: .names), Answers(by: .names)]
    for (side, target) in ["a", "b"].enumerated() {
      for question in 0..<12 {
        var sample = SampleRecord(
          identity: SampleIdentity(
            id: "\(target)\(question).1", target: target, prompt: "p", caseID: "q\(question)",
            repetition: 1), outcome: .pass)
        sample.latency = Int64((1 + Double(side)) * 1e9 * (1 + nights.random.unit() / 10))
        sides[side].add(sample)
      }
    }
    var family = [Comparison(Pairing(base: sides[0], head: sides[1]))]
    Comparison.adjust(&family)
    let finding = try #require(family[0][.paired(.latency)])
    #expect(finding.verdict == .worse)
    // Twelve pairs of one sign: 2/2¹², times the three tests of the family.
    #expect(finding.p == 2.0 / 4096)
    #expect(finding.adjustedP == 3 * 2.0 / 4096)
  }

  @Test(arguments: [
    (0, Comparison.Verdict.worse), (0.02, .worse), (0.05, .slight), (0.5, .slight),
  ])
  func whatIsTooLittleIsNotCounted(share: Double, verdict: Comparison.Verdict) throws {
    var nights = MadeUpNights(questions: 20, repeats: 2)
    let pairing = Pairing(
      base: nights.answers(spread: 0.01), head: nights.answers(ratio: 1.03, spread: 0.01))
    let comparison = Comparison(pairing, minimum: { _ in MinimumEffect(share: share) })
    let finding = try #require(comparison[.paired(.latency)])
    #expect(finding.verdict == verdict)
    #expect(finding.isMore == true)
    #expect(finding.effect?.isShort ?? false == (verdict == .slight))
  }

  /// Half of 40 answers wrong is less by half, and shown to be less by a tenth, but not by 48 %.
  @Test(arguments: [(0.1, Comparison.Verdict.worse), (0.48, .slight)])
  func sharesAreHeldAgainstTheirRatio(share: Double, verdict: Comparison.Verdict) throws {
    var nights = MadeUpNights(questions: 40, repeats: 1)
    let pairing = Pairing(base: nights.answers(), head: nights.answers(passing: 0.5))
    let comparison = Comparison(pairing, minimum: { _ in MinimumEffect(share: share) })
    #expect(comparison[.passRate]?.verdict == verdict)
  }

  /// A limit is no difference by itself: at it, the interval covers it in nineteen of twenty cases.
  @Test func asMuchAsTheMinimumIsNotBeyondIt() throws {
    var nights = MadeUpNights(questions: 20, repeats: 2)
    let pairing = Pairing(base: nights.answers(), head: nights.answers(ratio: 1.05))
    let comparison = Comparison(pairing, minimum: { _ in MinimumEffect(share: 0.05) })
    let finding = try #require(comparison[.paired(.latency)])
    #expect(finding.verdict == .slight)
    #expect(finding.effect?.isShort == false)
  }

  @Test func gatesSayWhatCounts() throws {
    var nights = MadeUpNights(questions: 20, repeats: 2)
    func gate(_ limit: Double, _ severity: Gate.Severity = .fail, tag: String? = nil) -> Gate {
      Gate(
        id: "g\(limit)", metric: .paired(.latency), .atMost, limit, text: "", severity: severity,
        filter: Gate.Filter(tag: tag), against: "baseline")
    }
    let (base, head) = (
      nights.answers(spread: 0.01), nights.answers(ratio: 1.07, spread: 0.01)
    )
    func compare(_ gates: Gate..., minimum: MinimumEffect? = nil) -> RunComparison {
      let (before, after) = (nights.run(1), nights.run(2) { $0.gates = gates })
      return RunComparison(
        baseline: Baseline(before, called: "x", answers: ["a": base], for: after), head: after,
        answers: ["a": head], minimum: minimum)
    }
    #expect(compare().regressions == ["latency (a)", "ttft (a)"])
    let gated = compare(gate(1.1))
    #expect((gated.regressions, gated.slight) == (["ttft (a)"], ["latency (a)"]))
    // Of several that fail a run the strictest counts, and a part of the questions says nothing of all.
    #expect(compare(gate(1.1), gate(1.05)).slight.isEmpty)
    #expect(compare(gate(1.1), gate(1.05, .warn)).slight == ["latency (a)"])
    #expect(compare(gate(1.1, tag: "first")).slight.isEmpty)
    #expect(compare(gate(1.1), minimum: MinimumEffect(share: 0)).regressions.count == 2)
    #expect(compare(minimum: MinimumEffect(share: 0.1)).slight == ["latency (a)", "ttft (a)"])
  }

  /// Ten questions more, which no judge graded on either side, may have passed on either and failed on the other.
  @Test func whatIsUngradedLeavesSharesOpen() throws {
    func side(ungraded: Int, isToBeGraded: Bool) -> Answers {
      var answers = Answers(by: .content)
      for question in 0..<30 {
        let sample = SampleRecord(
          identity: SampleIdentity(
            id: "\(question).1", target: "a", prompt: "p", caseID: "q\(question)", repetition: 1),
          outcome: question < 30 - ungraded ? .pass : .ungraded)
        answers.add(sample, isToBeGraded: isToBeGraded)
      }
      return answers
    }
    func finding(_ ungraded: Int, _ isToBeGraded: Bool) throws -> Comparison.Finding {
      let side = side(ungraded: ungraded, isToBeGraded: isToBeGraded)
      return try #require(Comparison(Pairing(base: side, head: side))[.passRate])
    }
    func interval(_ finding: Comparison.Finding) throws -> ClosedRange<Double> {
      guard case .rates(_, let interval) = finding.evidence else { throw NotANumber() }
      return interval
    }
    let (known, open) = (try finding(0, true), try finding(10, true))
    #expect(!known.isOpen && open.isOpen)
    #expect(try interval(known).lowerBound > -0.15)
    #expect(try interval(open).lowerBound < -0.33)
    #expect(try interval(open).upperBound > 0.33)
    #expect(try number(#require(open.base).low) < 20.0 / 30)
    // Without checks there is nothing that could have been known.
    let unchecked = try finding(10, false)
    #expect(!unchecked.isOpen)
    #expect(try interval(unchecked).lowerBound > -0.2)
  }

  @Test func aFamilyTakesBackWhatIsOneOfMany() {
    var nights = MadeUpNights(questions: 12, repeats: 1)
    var family = (0..<40).map { _ in
      Comparison(Pairing(base: nights.answers(spread: 1), head: nights.answers(spread: 1)))
    }
    Comparison.adjust(&family)
    let findings = family.flatMap(\.findings).filter { $0.metric == .paired(.latency) }
    #expect(findings.contains { $0.isTakenBack })
    #expect(findings.allSatisfy { $0.verdict == .undecided })
  }

  @Test func whatMovesTimesForbidsComparingThem() {
    let nights = MadeUpNights()
    let head = nights.run(9)
    func obstacles(_ change: (inout RunRecord) -> Void) -> [String] {
      var base = nights.run(8)
      change(&base)
      return Comparability(base: base, head: head).obstacles
    }
    #expect(obstacles { _ in }.isEmpty)
    #expect(
      obstacles { $0.environment["http"] = "libcurl/7" } == ["HTTP library libcurl/7 → libcurl/8"])
    #expect(obstacles { $0.environment["region"] = "west" } == ["region west → unknown"])
    #expect(obstacles { $0.startedAt += 3_600_000_000_000 * 2 }.isEmpty)
    #expect(
      obstacles { $0.startedAt += 3_600_000_000_000 * 5 } == ["hour of day 07:00 → 02:00 UTC"])
    // An hour before midnight is near an hour after it.
    #expect(
      Comparability(base: nights.run(1, hour: 23), head: nights.run(2, hour: 1)).obstacles.isEmpty)
    #expect(obstacles { $0.suite.run.concurrency = 3 } == ["run.concurrency 3 → 64"])
  }

  @Test func whatIsSentDifferentlyIsNamed() {
    let nights = MadeUpNights()
    let (base, head) = (
      nights.run(1),
      nights.run(2) {
        $0.targets[0].model = "other"
        $0.targets[0].parameters = ["temperature": 1]
        $0.run.http = .http2
      }
    )
    #expect(
      Comparability.contentChanges(of: "a", base: base.suite, head: head.suite)
        == ["model model-a → other", "params", "http 1.1 → 2"])
  }

  @Test func otherChecksAreNoOtherAnswers() {
    let nights = MadeUpNights()
    let head = nights.run(2) {
      $0.cases[0].checks = [Check(id: "c", .notEmpty)]
    }
    #expect(head.suite.casesGradedAlike(as: nights.run(1).suite).count == nights.questions - 1)
  }
}

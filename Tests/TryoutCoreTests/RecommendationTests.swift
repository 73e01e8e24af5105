import Testing
import TryoutCore
import TryoutStatistics

/// Who becomes the default, by made-up answers whose truth is known.
struct RecommendationTests {
  /// One target's answers: so many times as slow as the first, passing and answering so often.
  struct Ability {
    var ratio = 1.0
    var passing = 1.0
    var failing = 0.0
    var model = "house/model"
    var questions: Range<Int>?
  }

  private let gates = [
    Gate(id: "up", metric: .answered, .atLeast, 0.8, text: "80%"),
    Gate(id: "right", metric: .passRate, .atLeast, 0.5, text: "50%"),
  ]

  private func recommendation(
    _ abilities: [Ability], _ rule: RecommendationRule, state: RunRecord.State = .finished,
    expiries: [String: String] = [:]
  ) -> Recommendation {
    var nights = MadeUpNights(questions: 60, repeats: 1)
    let ids = Array("abcdefg".prefix(abilities.count)).map(String.init)
    var run = nights.run(0) { suite in
      suite.targets = zip(ids, abilities).map { id, ability in
        var target = suite.targets[0]
        target.id = id
        target.model = ability.model
        return target
      }
      suite.gates = gates
      suite.recommendation = rule
    }
    run.state = state
    var looks = Looks(of: run)
    var tallies: [String: Tally] = [:]
    for (id, ability) in zip(ids, abilities) {
      let answers = nights.answers(
        ratio: ability.ratio, failing: ability.failing, passing: ability.passing, target: id,
        questions: ability.questions)
      for sample in answers.everything {
        looks.add(sample)
        tallies[id, default: Tally()].add(sample)
      }
    }
    let results = ids.flatMap { id in
      gates.map { $0.judge(tallies[id] ?? Tally(), target: id) }
    }
    return Recommendation(
      rule,
      from: .init(
        run: run, gates: results, tallies: tallies, looks: looks, expiries: expiries))
  }

  private func rule(
    current: String? = nil, _ keys: [Metric] = [.passRate, .paired(.latency)], fallbacks: Int = 0,
    differ: [RecommendationRule.Difference] = []
  ) -> RecommendationRule {
    RecommendationRule(
      current: current, eligible: ["up", "right"], rankBy: keys, fallbackLength: fallbacks,
      differIn: differ)
  }

  @Test func theCurrentDefaultStaysWhereNothingIsBetter() {
    let found = recommendation([Ability(), Ability(), Ability(ratio: 1.5)], rule(current: "b"))
    #expect(found.decision == .keep)
    #expect(found.choice == "b")
    #expect(found.tied == ["a"])
    #expect(found.contest.decision("c", "b")?.winner == "b")
  }

  @Test func theSuitesFirstTargetIsTheCurrentDefault() {
    #expect(recommendation([Ability(), Ability()], rule()).current == "a")
  }

  @Test func whatIsShownToBeBetterReplacesIt() {
    let found = recommendation([Ability(), Ability(ratio: 0.8), Ability(ratio: 0.6)], rule())
    #expect(found.decision == .change(to: "c"))
    #expect(found.contest.decision("c", "a")?.key == .paired(.latency))
  }

  @Test func aLaterKeyDecidesOnlyInsideATie() {
    let quickAndWrong = Ability(ratio: 0.5, passing: 0.8)
    #expect(recommendation([Ability(), quickAndWrong], rule()).decision == .keep)
    let keys: [Metric] = [.paired(.latency), .passRate]
    #expect(recommendation([Ability(), quickAndWrong], rule(keys)).decision == .change(to: "b"))
  }

  @Test func aGateRejectsTheCurrentDefault() {
    let found = recommendation([Ability(failing: 0.5), Ability(ratio: 2)], rule())
    #expect(found.standing(of: "a") == .rejected)
    #expect(found.decision == .change(to: "b"))
  }

  @Test func nobodyIsRecommendedWhereAllFail() {
    let found = recommendation(
      [Ability(failing: 0.6), Ability(passing: 0.2), Ability(failing: 1)], rule())
    #expect(found.decision == .nobody)
    #expect(found.choice == nil)
    #expect(found.needs.isEmpty)
  }

  @Test func whatIsNotShownSaysWhatKnowingCosts() throws {
    let few = Ability(questions: 0..<8)
    let found = recommendation([few, few], rule())
    #expect(found.decision == .undecided)
    let need = try #require(found.needs.first { $0.gate == "up" })
    #expect(need.has == 8)
    let needed = try #require(need.needs)
    // As many answers of the same kind are enough, and not many times more than are.
    let tally = Proportion(successes: needed, trials: needed)
    #expect(tally.wilson().lowerBound >= 0.8)
    #expect(needed < 40)
  }

  @Test func anUnprovenDefaultGivesWayOnlyToWhatIsShownToBeBetter() {
    let unproven = Ability(questions: 0..<12)
    #expect(recommendation([unproven, Ability()], rule()).decision == .undecided)
    #expect(
      recommendation([unproven, Ability(ratio: 0.5)], rule()).decision == .change(to: "b"))
  }

  @Test func fallbacksDifferAsAsked() {
    let abilities = [
      Ability(model: "one/alpha"), Ability(ratio: 1.2, model: "one/beta"),
      Ability(ratio: 1.5, model: "two/gamma"), Ability(ratio: 1.8, model: "three/delta"),
      Ability(failing: 0.5, model: "four/epsilon"),
    ]
    let free = recommendation(abilities, rule(fallbacks: 9))
    #expect(free.fallbacks == ["b", "c", "d"])
    let families = recommendation(abilities, rule(fallbacks: 2, differ: [.family]))
    #expect(families.fallbacks == ["c", "d"])
    #expect(families.alike.map(\.target) == ["b"])
    #expect(families.alike.map(\.with) == ["a"])
    // All are asked at one server, and no answer named another.
    #expect(recommendation(abilities, rule(fallbacks: 2, differ: [.upstream])).fallbacks == [])
  }

  @Test func moneyIsNotTested() {
    let bouts = recommendation([Ability(), Ability()], rule([.usd])).contest.bouts
    #expect(bouts.map(\.p) == [nil])
    #expect(bouts.map(\.winner) == [nil])
  }

  @Test func onlyDatesOfWhatIsNamedCount() {
    let found = recommendation(
      [Ability(), Ability(ratio: 3)], rule(),
      expiries: ["a": "2026-12-01", "b": "2026-11-25"])
    #expect(found.expiries == ["a": "2026-12-01"])
    #expect(found.lasts == Recommendation.days)
  }

  /// What has no grade on either side might have turned the difference round.
  @Test func questionsThatNobodyGotAGradeForLeaveADifferenceOpen() throws {
    var suite = Suite.small(
      targets: 2, samples: 1,
      cases: (0..<30).map {
        Case(
          id: "q\($0)", variables: ["n": "\($0)"],
          checks: [Check(id: "yes", .equals(Template("yes")))])
      })
    suite.recommendation = RecommendationRule(rankBy: [.passRate])
    func bout(ungraded: Int) throws -> Contest.Bout {
      let plan = Plan(suite, seed: 1)
      var run = RunRecord(id: "r", suite: suite, seed: 1, startedAt: 0, planned: 60)
      run.state = .finished
      var looks = Looks(of: run)
      var tallies: [String: Tally] = [:]
      for index in plan.samples.indices {
        let identity = plan.identity(of: index)
        let question = Int(identity.caseID.dropFirst()) ?? 0
        let isRight = identity.target == "b" || question.isMultiple(of: 2)
        let sample = SampleRecord(
          identity: identity, outcome: question < ungraded ? .ungraded : isRight ? .pass : .fail)
        looks.add(sample)
        tallies[identity.target, default: Tally()].add(sample, isToBeGraded: true)
      }
      let rule = try #require(suite.recommendation)
      let found = Recommendation(
        rule, from: .init(run: run, gates: [], tallies: tallies, looks: looks))
      return try #require(found.contest.bouts.first)
    }
    let known = try bout(ungraded: 0)
    #expect(known.winner == "b")
    let open = try bout(ungraded: 10)
    #expect(open.winner == nil)
  }

  @Test func twinsAreNotToldApart() {
    // Three pairs and two keys, again and again: any difference shown is a false alarm.
    var alarms = 0
    for seed in 1...40 {
      var nights = MadeUpNights(questions: 30, repeats: 1, random: SplitMix64(seed: UInt64(seed)))
      let run = nights.run(0) { suite in
        suite.recommendation = rule()
        suite.targets += [suite.targets[0]]
        suite.targets[2].id = "c"
      }
      var looks = Looks(of: run)
      var tallies: [String: Tally] = [:]
      for id in ["a", "b", "c"] {
        for sample in nights.answers(failing: 0.1, passing: 0.8, target: id).everything {
          looks.add(sample)
          tallies[id, default: Tally()].add(sample)
        }
      }
      let found = Recommendation(
        rule(), from: .init(run: run, gates: [], tallies: tallies, looks: looks))
      #expect(found.contest.bouts.count == 6)
      alarms += found.contest.bouts.contains { $0.winner != nil } ? 1 : 0
    }
    // Of forty, 5 % are two; more than six would have a chance of one in two hundred.
    #expect(alarms <= 6)
  }
}

private extension Answers {
  var everything: [SampleRecord] {
    samples.sorted { $0.key < $1.key }.flatMap(\.value)
  }
}

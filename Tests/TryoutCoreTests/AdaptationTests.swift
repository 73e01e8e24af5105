import Testing
import TryoutCore
import TryoutStatistics

/// What an adaptive run decides from stored samples, look by look.
struct AdaptationTests {
  private static func suite(
    targets: Int = 3, fallbacks: Int = 0, keys: [Metric] = [.paired(.latency)]
  ) -> Suite {
    var suite = Suite.small(
      targets: targets, samples: 2,
      cases: (0..<30).map {
        Case(
          id: "q\($0)", variables: ["n": "\($0)"],
          checks: [Check(id: "yes", .equals(Template("yes")))])
      })
    suite.prompts = [Prompt(id: "hello", user: Template("Say {{ n }}."))]
    suite.gates = [
      Gate(id: "right", metric: .passRate, .atLeast, 0.6, text: "60%", severity: .warn)
    ]
    suite.run.adaptive = true
    suite.recommendation = RecommendationRule(
      eligible: ["right"], rankBy: keys, fallbackLength: fallbacks)
    return suite
  }

  /// A target's answers: so many times as slow as the first, and right so often.
  struct Ability {
    var ratio = 1.0
    var passing = 1.0
    /// Answers that could not be graded.
    var ungraded = 0.0
  }

  /// Carries a plan out as a run does, and returns what was asked of each target.
  private func run(
    _ suite: Suite, _ abilities: [Ability], seed: UInt64 = 5
  ) -> (adaptation: Adaptation, asked: [Int], samples: [SampleRecord]) {
    let plan = Plan(suite, seed: seed)
    var random = SplitMix64(seed: seed)
    let all = plan.samples.indices.map { index -> SampleRecord in
      let ability = abilities[plan.targetIndex(of: index)]
      let identity = plan.identity(of: index)
      var sample = SampleRecord(
        identity: identity, outcome: random.chance(ability.passing) ? .pass : .fail)
      if ability.ungraded > 0, random.chance(ability.ungraded) { sample.outcome = .ungraded }
      let question = Double(identity.caseID.dropFirst()) ?? 0
      sample.latency = Int64((question + 1) * ability.ratio * (0.9 + 0.2 * random.unit()) * 1e9)
      return sample
    }
    var adaptation = Adaptation(plan)
    var samples: [SampleRecord] = []
    var asked = abilities.map { _ in 0 }
    var next = 0
    while next < all.count {
      let end = min(adaptation.horizon, all.count)
      #expect(end > next, "a look must lead on")
      for index in next..<end where adaptation.closings[plan.targetIndex(of: index)] == nil {
        samples.append(all[index])
        asked[plan.targetIndex(of: index)] += 1
      }
      next = end
      adaptation.take(samples)
    }
    return (adaptation, asked, samples)
  }

  @Test func aClearWinnerEndsTheRunEarly() {
    let (adaptation, asked, _) = run(
      Self.suite(), [Ability(), Ability(ratio: 0.5), Ability(ratio: 2)])
    #expect(adaptation.closings[0] == .beaten(by: "b", in: .paired(.latency)))
    #expect(adaptation.closings[1] == .chosen)
    #expect(asked.allSatisfy { $0 < 60 })
    #expect(asked.reduce(0, +) < 90)
  }

  @Test func whoCannotPassIsDroppedAtOnce() {
    let (adaptation, asked, _) = run(Self.suite(targets: 2), [Ability(), Ability(passing: 0)])
    #expect(adaptation.closings[1] == .cannotPass(gate: "right"))
    #expect(asked[1] == 10)
  }

  @Test func twinsOfTheDefaultAreGivenUp() {
    let (adaptation, asked, _) = run(Self.suite(), [Ability(), Ability(), Ability()])
    #expect(adaptation.closings[0] == .chosen)
    #expect(adaptation.closings[1] == .noBetter(than: "a"))
    #expect(asked[0] < 60)
  }

  @Test func aLaterKeyDecidesOnceTheFirstWillNot() {
    let (adaptation, _, _) = run(
      Self.suite(targets: 2, keys: [.passRate, .paired(.latency)]),
      [Ability(), Ability(ratio: 0.5)])
    #expect(adaptation.closings[1] == .chosen)
  }

  @Test func fallbacksMustHaveShownThatTheyPass() {
    let abilities = [Ability(), Ability(ratio: 2, passing: 0.8)]
    let (_, alone, _) = run(Self.suite(targets: 2), abilities)
    let (_, chained, _) = run(Self.suite(targets: 2, fallbacks: 1), abilities)
    #expect(alone[1] < chained[1])
  }

  /// That another is slower than the default need not be shown: it only must not be hoped that it is faster.
  @Test func whoIsSlowerThanTheDefaultIsGivenUpBeforeThatIsShown() {
    let (adaptation, asked, _) = run(
      Self.suite(targets: 5), [Ability()] + Array(repeating: Ability(ratio: 1.02), count: 4))
    #expect((1..<5).allSatisfy { adaptation.closings[$0] == .noBetter(than: "a") })
    #expect(asked.reduce(0, +) < 150)
  }

  /// Half of the answers have no grade: they may all be right, or all wrong.
  @Test func ungradedAnswersAreNeitherRightNorWrong() {
    let (adaptation, asked, _) = run(
      Self.suite(targets: 2), [Ability(), Ability(ratio: 0.5, passing: 0.9, ungraded: 0.5)])
    #expect(adaptation.closings.isEmpty, "dropped as if they were wrong, or chosen as if right")
    #expect(asked == [60, 60])
    let (keyed, all, _) = run(
      Self.suite(targets: 2, keys: [.passRate]),
      [Ability(), Ability(passing: 1, ungraded: 0.3)])
    #expect(keyed.closings[1] == nil, "given up although it may be right more often")
    #expect(all == [60, 60])
  }

  /// Whoever is asked to the end is whom the recommendation names, in worlds where little is plain.
  @Test func theChosenOneIsRecommended() {
    var random = SplitMix64(seed: 11)
    var chosen = 0
    for world in 0..<8 {
      let abilities = (0..<4).map { _ in
        Ability(ratio: 0.94 + 0.12 * random.unit(), passing: 0.75 + 0.25 * random.unit())
      }
      let suite = Self.suite(targets: 4, keys: [.passRate, .paired(.latency)])
      let (adaptation, _, samples) = run(suite, abilities, seed: UInt64(world))
      var record = RunRecord(
        id: "r", suite: suite, seed: UInt64(world), startedAt: 0, planned: 0)
      record.state = .finished
      var looks = Looks(of: record)
      var tallies: [String: Tally] = [:]
      for sample in samples {
        looks.add(sample)
        tallies[sample.identity.target, default: Tally()].add(sample, isToBeGraded: true)
      }
      let gates = suite.targets.flatMap { target in
        suite.gates.map { $0.judge(tallies[target.id] ?? Tally(), target: target.id) }
      }
      let recommendation = Recommendation(
        suite.recommendation ?? RecommendationRule(),
        from: .init(run: record, gates: gates, tallies: tallies, looks: looks))
      for (target, closing) in adaptation.closings where closing == .chosen {
        #expect(recommendation.choice == suite.targets[target].id)
        chosen += 1
      }
    }
    #expect(chosen > 4)
  }

  /// What a run decided follows from what is stored, in whatever order it is read, and from no less.
  @Test func theSameSamplesDecideTheSame() {
    let suite = Self.suite()
    let (adaptation, _, samples) = run(
      suite, [Ability(), Ability(ratio: 0.5), Ability(ratio: 1.05)])
    var again = Adaptation(Plan(suite, seed: 5))
    again.take(samples.reversed())
    #expect(again.closings == adaptation.closings)
    #expect(again.horizon == adaptation.horizon)
    var partial = Adaptation(Plan(suite, seed: 5))
    let first = partial.horizon
    partial.take(samples.prefix(first - 1))
    #expect(partial.horizon == first)
    #expect(partial.closings.isEmpty)
  }

  /// Until somebody has looked nothing beyond the horizon is asked, and what is settled is skipped.
  @Test func theSchedulerStopsAtTheHorizon() {
    let plan = Plan(Self.suite(targets: 2), seed: 1)
    var scheduler = Scheduler(plan: plan, anchor: 0)
    scheduler.horizon = 20
    func drained() -> Int {
      var count = 0
      while case .start(let dispatch) = scheduler.next(at: .zero) {
        #expect(dispatch.sample < scheduler.horizon)
        count += 1
        _ = scheduler.ended(dispatch, .init(), at: .zero)
      }
      return count
    }
    #expect(drained() == 20)
    #expect(scheduler.next(at: .zero) == .look)
    scheduler.settle(1, because: "it is enough")
    #expect(scheduler.takeUnasked().count == 50)
    scheduler.horizon = 40
    #expect(drained() == 10)
    #expect(scheduler.next(at: .zero) == .look)
    scheduler.horizon = .max
    #expect(drained() == 40)
    #expect(scheduler.next(at: .zero) == .finish(.complete))
  }

  /// What a budget paid for is looked at: it may be enough.
  @Test(arguments: [true, false])
  func aSpentBudgetIsLookedAtBeforeTheRunPauses(isEnough: Bool) {
    var suite = Self.suite(targets: 2)
    suite.run.budget.requests = 20
    var scheduler = Scheduler(plan: Plan(suite, seed: 1), anchor: 0)
    scheduler.horizon = 20
    while case .start(let dispatch) = scheduler.next(at: .zero) {
      _ = scheduler.ended(dispatch, .init(), at: .zero)
    }
    #expect(scheduler.next(at: .zero) == .look)
    if isEnough { for target in 0..<2 { scheduler.settle(target, because: "it is enough") } }
    scheduler.horizon = 40
    #expect(
      scheduler.next(at: .zero)
        == .finish(isEnough ? .complete : .paused(.budgetRequests(20), until: nil)))
  }
}

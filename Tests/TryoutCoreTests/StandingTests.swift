import Testing
import TryoutCore

struct StandingTests {
  private static func suite(
    targets: Int = 2, samples: Int = 3, warmup: Int = 0, wording: String = "Go."
  ) -> Suite {
    var suite = Suite.small(targets: targets, samples: samples) { $0.warmup = warmup }
    suite.prompts.append(Prompt(id: "go", user: Template(wording)))
    return suite
  }

  /// The ids of everything that a plan would ask.
  private static func ids(_ suite: Suite) -> Set<String> {
    let plan = Plan(suite, seed: 1)
    return Set(plan.samples.indices.map(plan.id))
  }

  private struct Counts: Equatable {
    var done: Int
    var stale: Int
    var missing: Int
  }

  private static func counts(_ suite: Suite, after earlier: Suite) -> Counts {
    let plan = Plan(suite, seed: 2)
    let standing = Standing(of: plan, closed: ids(earlier))
    let done = standing.doneCount(in: plan)
    #expect(standing.isComplete(plan) == (done == plan.measuredCount))
    return Counts(done: done, stale: standing.stale, missing: plan.measuredCount - done)
  }

  @Test func editsMakeStaleWhatTheyTouch() {
    let suite = Self.suite()
    #expect(Self.counts(suite, after: suite) == Counts(done: 12, stale: 0, missing: 0))
    #expect(
      Self.counts(Self.suite(wording: "Now!"), after: suite)
        == Counts(done: 6, stale: 6, missing: 6))
    #expect(
      Self.counts(Self.suite(targets: 3), after: suite) == Counts(done: 12, stale: 0, missing: 6))
    #expect(
      Self.counts(Self.suite(samples: 2), after: suite) == Counts(done: 8, stale: 4, missing: 0))
    var judged = suite
    judged.run.timeouts.total = .seconds(5)
    judged.run.budget.requests = 7
    judged.limits[0].windows = [Limit.Window(.requests, 1, per: .second)]
    judged.targets[0].price = Price(input: 1, output: 1)
    judged.cases[0].checks = [Check(id: "c", .json)]
    #expect(Self.counts(judged, after: suite) == Counts(done: 12, stale: 0, missing: 0))
  }

  /// The first cell is what targets are warmed up with; whoever has nothing else to do need not be.
  @Test func onlyTargetsWithWorkAreWarmedUp() {
    let suite = Self.suite(warmup: 1)
    var changed = Self.suite(targets: 3, warmup: 1)
    changed.prompts.removeFirst()
    let plan = Plan(changed, seed: 1)
    let standing = Standing(of: plan, closed: Self.ids(suite))
    let missing = plan.samples.indices.filter { !standing.done.contains($0) }
    #expect(missing.map { plan.identity(of: $0).target } == ["c", "c", "c", "c"])
    #expect(plan.samples[missing[0]].warmup)
    // Those with the first prompt; warm-ups are never counted.
    #expect(standing.stale == 6)
  }

  /// What a run has used counts in its budget, whatever has become of the samples.
  @Test func aForecastAsksWhatIsMissingWithWhatIsLeftOfTheBudget() {
    func forecast(budget: Int) -> Forecast {
      var suite = Self.suite()
      suite.run.budget.requests = budget
      let plan = Plan(suite, seed: 1)
      let standing = Standing(
        of: plan, closed: Set(plan.samples.indices.prefix(5).map(plan.id)), requests: 8)
      return Forecast(plan, anchor: 0, serviceTime: .seconds(1), standing: standing)
    }
    #expect(forecast(budget: 15).ending == .complete)
    #expect(forecast(budget: 15).requests == ["pool": 7])
    #expect(forecast(budget: 15).duration == .seconds(7))
    #expect(forecast(budget: 12).ending == .paused(.budgetRequests(12), until: nil))
    #expect(forecast(budget: 12).requests == ["pool": 4])
  }

  @Test func openSamplesKeepTheirAttempts() {
    let plan = Plan(Self.suite(), seed: 1)
    let standing = Standing(
      of: plan, attempts: [plan.id(of: 4): 2, "0000000000000000.1": 1], requests: 3, usd: 0.5)
    #expect(standing.attempted == [4: 2])
    #expect(standing.done.isEmpty && standing.stale == 0)
    #expect((standing.requests, standing.usd) == (3, 0.5))
  }
}

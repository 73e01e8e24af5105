import Testing
import TryoutCore

struct TrendTests {
  private func trend(
    _ count: Int, edited: Int? = nil, family: Int = 1, catalogue: [CatalogueChange.Dated] = [],
    _ night: (Int, inout MadeUpNights) -> Answers
  ) -> Trend {
    let course = course(count, edited: edited, catalogue: catalogue, night)
    return Trend.family(Array(repeating: course, count: family))[0]
  }

  private func course(
    _ count: Int, edited: Int? = nil, catalogue: [CatalogueChange.Dated] = [],
    _ night: (Int, inout MadeUpNights) -> Answers
  ) -> Trend.Course {
    var world = MadeUpNights(questions: 12, repeats: 2)
    let nights = (0..<count).map { day in
      let run = world.run(day) { suite in
        if let edited, day >= edited { suite.targets[0].model = "newer" }
      }
      return (run: run, answers: night(day, &world))
    }
    return Trend.Course("a", nights: nights, catalogue: catalogue)
  }

  @Test func aStepIsFoundWithItsDate() throws {
    let trend = trend(20) { $1.answers(ratio: $0 < 12 ? 1 : 1.3) }
    let change = try #require(trend.changes.first)
    #expect(trend.changes.count == 1)
    #expect(change.metric == .paired(.latency))
    #expect(change.night == 12)
    #expect(abs(change.size - 1.3) < 0.05)
    #expect(trend.nights[change.night].run == "night-12")
  }

  @Test func aTargetThatStopsAnsweringChanges() throws {
    let trend = trend(20, family: 3) { $1.answers(failing: $0 < 10 ? 0 : 0.5) }
    let change = try #require(trend.changes.first { $0.metric == .answered })
    #expect(change.night == 10)
    #expect(change.size < -0.3)
  }

  /// Of four nights after four others the clearest step has p = 2/70, and of seven nights none is below 5 %.
  @Test func aChangeShowsFromEightNightsOn() throws {
    func step(_ count: Int) -> Trend {
      trend(count) { $1.answers(ratio: $0 < count / 2 ? 1 : 1.5) }
    }
    #expect(step(7).changes.isEmpty)
    #expect(step(7).needs == 8)
    let change = try #require(step(8).changes.first)
    #expect(change.night == 4)
    #expect(change.p == 2.0 / 70)
    #expect(step(8).needs == nil)
  }

  /// Everything was answered on every night: what cannot differ is no test, and so costs the latencies nothing.
  @Test func whatNeverVariesIsNoTest() throws {
    let steady = course(8) { $1.answers() }
    let step = course(8) { $1.answers(ratio: $0 < 4 ? 1 : 1.5) }
    let varying = Trend.family([step, steady])
    // Two latencies: 2/70 twice is above 5 %.
    #expect(varying[0].changes.isEmpty)
    #expect(varying.map(\.needs) == [9, 9])
    var same = steady.nights
    for night in same.indices { same[night].answers = same[0].answers }
    let constant = Trend.family([step, Trend.Course("b", nights: same)])
    #expect(constant[0].changes.map(\.p) == [2.0 / 70])
    #expect(constant[1].changes.isEmpty)
  }

  /// A new target has too few nights to show anything, and takes nothing from those that have enough.
  @Test func whatCannotShowAChangeIsNoTest() {
    let step = course(8) { $1.answers(ratio: $0 < 4 ? 1 : 1.5) }
    let new = course(5) { $1.answers(failing: 0.2) }
    let trends = Trend.family([step, new, new])
    #expect(trends[0].changes.map(\.p) == [2.0 / 70])
    #expect(trends.map(\.needs) == [nil, 8, 8])
  }

  @Test func aFigureUnknownOnSomeNightIsNamed() {
    let trend = trend(9) { $1.answers(failing: $0 == 4 ? 1 : 0) }
    #expect(trend.unsearched == [.passRate])
    #expect(trend.needs == nil)
  }

  /// A suite without checks has no pass rates to search.
  @Test func aFigureUnknownOnEveryNightIsNotMissed() {
    let trend = trend(9) { _, nights in
      var answers = Answers(by: .content)
      for var sample in nights.answers().samples.values.joined() {
        sample.outcome = .ungraded
        answers.add(sample)
      }
      return answers
    }
    #expect(trend.unsearched.isEmpty)
  }

  @Test func aSingleNightIsNoChange() {
    #expect(trend(15) { $1.answers(ratio: $0 == 14 ? 2 : 1) }.changes.isEmpty)
    #expect(trend(1) { $1.answers() }.nights.count == 1)
  }

  /// Another model is another series: what it changes is an edit and no change.
  @Test func anEditBeginsANewSeries() {
    let trend = trend(16, edited: 8) { $1.answers(ratio: $0 < 8 ? 1 : 2) }
    #expect(trend.changes.isEmpty)
    #expect(trend.nights[8].edits == ["model model-a → newer"])
    #expect(trend.nights.count { !$0.edits.isEmpty } == 1)
  }

  /// Nights begin at two o'clock; what is seen after that is the next one's.
  @Test func aChangeOfTheCatalogueStandsAtTheNightThatMeetsIt() {
    func seen(
      _ day: Int64, _ hour: Int64, _ kind: CatalogueChange.Kind, _ model: String = "model-a"
    ) -> CatalogueChange.Dated {
      .init(takenAt: (day * 24 + hour) * 3_600_000_000_000, change: CatalogueChange(kind, model))
    }
    let catalogue = [
      seen(0, 1, .price), seen(1, 1, .context), seen(1, 1, .context, "model-b"),
      seen(1, 3, .parameters), seen(2, 1, .vanished), seen(3, 1, .newFree),
      seen(9, 1, .vanished), seen(9, 1, .expiry, "newer"),
    ]
    let trend = trend(4, edited: 2, catalogue: catalogue) { $1.answers() }
    // What befell the model before the first night is nobody's; on the third another one took its place.
    #expect(
      trend.nights.map { $0.catalogue.map(\.kind) } == [
        [], [.context], [.parameters, .vanished], [],
      ])
    #expect(trend.later == [CatalogueChange(.expiry, "newer")])
  }
}

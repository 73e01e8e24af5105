import Testing
import TryoutCore
import TryoutReport

struct TrendRenderingTests {
  private func rendering(
    _ target: String, later: Double = 2, catalogue: [CatalogueChange.Dated] = []
  ) -> TrendRendering {
    let nights = (0..<10).map { day in
      var answers = Answers(by: .content)
      for question in 0..<12 {
        var sample = MadeUpRuns.answer(
          target, question, seconds: (day < 5 ? 1 : later) + Double(question + day) / 1000)
        if day == 9 { sample = MadeUpRuns.failure(target, question, .server) }
        answers.add(sample)
      }
      var run = MadeUpRuns.record("night-\(day)", MadeUpRuns.usual.run.suite, state: .finished)
      run.startedAt += Int64(day) * 86_400_000_000_000
      return (run: run, answers: answers)
    }
    return TrendRendering(
      suite: target, Trend.family([.init(target, nights: nights, catalogue: catalogue)]))
  }

  @Test func nightsAreDrawnFromLowToHigh() {
    let text = rendering("slow").text
    #expect(text.contains("▁▁▁▁▁████!"))
    #expect(text.contains("2026-11-28T02:30  night-5"))
    #expect(text.contains("latency 2.00× (p 0."))
  }

  @Test func differencesOfChanceAreDrawnSmall() {
    #expect(rendering("slow", later: 1.01).text.contains("▁▁▁▁▁▁▁▁▁!"))
  }

  /// Lists are strangers' texts too.
  @Test func whatListsSayStandsBesideTheNight() throws {
    let run = MadeUpRuns.usual.run
    let model = try #require(run.suite.targets.first { $0.id == "slow" }).model
    let day: Int64 = 86_400_000_000_000
    func seen(_ nights: Int64, _ kind: CatalogueChange.Kind, _ before: String?, _ after: String?)
      -> CatalogueChange.Dated
    {
      .init(
        takenAt: run.startedAt + nights * day - 1,
        change: CatalogueChange(kind, model, before: before, after: after))
    }
    let rendering = rendering(
      "slow",
      catalogue: [
        seen(5, .parameters, "seed", nil), seen(5, .expiry, nil, "2026-12-31"),
        seen(7, .becamePaid, "free", MadeUpRuns.poison), seen(20, .vanished, "free", "x is left"),
      ])
    let text = rendering.text
    #expect(
      text.contains(
        "\ncatalogue, 2026-11-28T02:30: parameters (now without seed), expiry (none → 2026-12-31)\n"
      ))
    #expect(text.contains("\ncatalogue, 2026-11-30T02:30: became paid (free → "))
    #expect(text.hasSuffix("\ncatalogue, after these nights: vanished (x is left)\n"))
    #expect(
      !text.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control })
    let json = try JSON(parsing: rendering.json.utf8)
    let target = json["targets"]?.elements.first
    #expect(target?["catalogue_since"]?.elements.first?["change"] == "vanished")
    #expect(
      target?["nights"]?.elements[7]["catalogue"]?.elements.first?["after"]
        == .string(MadeUpRuns.poison))
  }

  @Test func foreignNamesCommandNothing() throws {
    let rendering = rendering(MadeUpRuns.poison)
    let controls = rendering.text.unicodeScalars.filter {
      $0 != "\n" && $0.properties.generalCategory == .control
    }
    #expect(controls.isEmpty)
    guard case .object(let members) = try JSON(parsing: rendering.json.utf8) else {
      Issue.record("no object")
      return
    }
    #expect(members["suite"] == .string(MadeUpRuns.poison))
  }
}

import Testing
import TryoutCore
import TryoutReport

struct TrendRenderingTests {
  private func rendering(_ target: String) -> TrendRendering {
    let nights = (0..<10).map { day in
      var answers = Answers(by: .content)
      for question in 0..<12 {
        var sample = MadeUpRuns.answer(
          target, question, seconds: (day < 5 ? 1 : 2) + Double(question + day) / 1000)
        if day == 9 { sample = MadeUpRuns.failure(target, question, .server) }
        answers.add(sample)
      }
      var run = MadeUpRuns.record("night-\(day)", MadeUpRuns.usual.run.suite, state: .finished)
      run.startedAt += Int64(day) * 86_400_000_000_000
      return (run: run, answers: answers)
    }
    return TrendRendering(suite: target, [Trend(target, nights: nights)])
  }

  @Test func nightsAreDrawnFromLowToHigh() {
    let text = rendering("slow").text
    #expect(text.contains("▁▁▁▁▁████!"))
    #expect(text.contains("2026-11-28T02:30  night-5"))
    #expect(text.contains("latency 2.00× (p 0."))
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

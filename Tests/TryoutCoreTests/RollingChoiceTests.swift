import Testing
import TryoutCore
import TryoutStatistics

struct RollingChoiceTests {
  private let nights = MadeUpNights(questions: 12, repeats: 1)

  /// Nights 1 to 20, the newest first.
  private var earlier: [RunRecord] { (1...20).reversed().map { nights.run($0) } }

  private func chosen(_ choice: RollingChoice, _ target: String = "a") -> [String] {
    (choice.runs[target] ?? []).map(\.id)
  }

  @Test func theLatestFourteenNightsAreTaken() {
    let choice = RollingChoice(for: nights.run(21), among: earlier)
    #expect(chosen(choice) == (7...20).map { "night-\($0)" })
  }

  @Test func aNightThatFailedIsLeftOutForItsTarget() {
    let choice = RollingChoice(
      for: nights.run(21), among: earlier, regressions: ["night-20": ["a"], "night-18": ["a"]])
    #expect(chosen(choice).suffix(2) == ["night-17", "night-19"])
    #expect(chosen(choice, "b").last == "night-20")
  }

  @Test func anAcceptedNightIsWhereItBegins() {
    let choice = RollingChoice(
      for: nights.run(21), among: earlier, regressions: ["night-18": ["a"], "night-19": ["a"]],
      accepted: ["night-18"])
    #expect(chosen(choice) == ["night-18", "night-20"])
    #expect(chosen(choice, "b") == ["night-18", "night-19", "night-20"])
  }

  @Test func onlyComparableNightsAreTaken() {
    var mixed = earlier
    mixed[0].environment["http"] = "libcurl/7"
    mixed[1].startedAt += 12 * 3_600_000_000_000
    mixed[2].suite.targets[0].model = "other"
    let choice = RollingChoice(for: nights.run(21), among: mixed)
    #expect(chosen(choice).last == "night-17")
    #expect(chosen(choice, "b").last == "night-18")
    var moved = nights.run(21)
    moved.environment["http"] = "libcurl/9"
    let none = RollingChoice(for: moved, among: earlier).baseline([:])
    #expect(none.sides.isEmpty)
    #expect(
      none.reasons["a"] == "no earlier night is comparable: HTTP library libcurl/8 → libcurl/9")
  }

  @Test func theBaselineBeginsAtTheLastChange() throws {
    var nights = nights
    var answers: [String: [String: Answers]] = [:]
    for day in 7...20 {
      answers["night-\(day)"] = ["a": nights.answers(ratio: day < 13 ? 1 : 1.3)]
    }
    let baseline = RollingChoice(for: nights.run(21), among: earlier).baseline(answers)
    let side = try #require(baseline.sides["a"])
    #expect(side.runs.map(\.id) == (13...20).map { "night-\($0)" })
    #expect(baseline.notes.count == 1 && baseline.notes[0].contains("night-13"))
  }

  @Test func aNightThatLostSomethingIsNoReference() {
    let lost = nights.run(20) { $0.targets.removeLast() }
    let all = [lost] + earlier.dropFirst()
    let head = nights.run(21) { $0.targets.removeLast() }
    let choice = RollingChoice(for: head, among: all, regressions: ["night-20": ["b"]])
    #expect(choice.baseline([:]).vanished(from: head) == ["target b"])
    let accepted = RollingChoice(
      for: head, among: all, regressions: ["night-20": ["b"]], accepted: ["night-20"])
    #expect(accepted.baseline([:]).vanished(from: head).isEmpty)
  }
}

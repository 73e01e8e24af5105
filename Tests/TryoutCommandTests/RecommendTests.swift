import Foundation
import Testing

/// `recommend`, from a run against the simulator to what it prints.
@Suite(.timeLimit(.minutes(2)))
struct RecommendTests {
  private static let rule = """

    recommend:
      current: bad
      eligible: [right]
      rank_by: [pass_rate, latency]
      fallback: { length: 1 }
    """

  /// Two cases for a model that is right and for the current default, which is wrong.
  private func folder(samples: Int, rule: String = rule) throws -> ScratchFolder {
    let folder = try ScratchFolder()
    try folder.write(Suites.quickScript, to: "quick.yaml")
    let gate = "gates: [{ id: right, metric: pass_rate, at_least: 0.5, severity: warn }]"
    let suite = Suites.simulated(samples: samples)
      .replacingOccurrences(of: "gates: [\"answered >= 50%\"]", with: gate)
    try folder.write(suite + rule + "\n", to: "suite.yaml")
    return folder
  }

  @Test func aRunThatDecides() async throws {
    let folder = try folder(samples: 8)
    let run = try await folder.tryout("run", "suite.yaml", "--report", "reports")
    #expect(run.code == 0, "\(run.errors)")
    let change = "Make good the default instead of bad: bad fails right: pass_rate >= 0.5"
    #expect(run.output.contains("RECOMMENDATION\n\(change)"), "\(run.output)")
    #expect(try folder.text("reports/report.md").contains("### Recommendation"))

    let text = try await folder.tryout("recommend")
    #expect(text.code == 0)
    #expect(text.output.hasPrefix(change))
    #expect(text.output.contains("Fallback: none; no other target passes."))
    #expect(text.output.contains("Believe this until 20"))
    #expect(text.errors.hasPrefix("tryout: make good the default instead of bad"))

    let json = try await folder.tryout("recommend", "--json")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let recommendation = try #require(object["recommendation"] as? [String: Any])
    #expect(recommendation["default"] as? String == "good")
    #expect(recommendation["decision"] as? String == "change")
    #expect(object["exit_code"] as? Int == 0)

    let variables = try await folder.tryout("recommend", "--format", "env")
    #expect(variables.output.hasPrefix("TRYOUT_DEFAULT='good'\nTRYOUT_DEFAULT_MODEL='quick'\n"))
    let proxy = try await folder.tryout("recommend", "--format", "litellm")
    #expect(proxy.output.contains("model: \"openai/quick\""))
    let router = try await folder.tryout("recommend", "--format", "openrouter")
    #expect(router.code == 64)
    #expect(router.errors.contains("good is not asked through OpenRouter"))
    // Nothing of it asks anybody or changes anything.
    #expect(try await folder.tryout("recommend").output == text.output)
  }

  @Test func aRunThatIsTooSmallSaysWhatKnowingCosts() async throws {
    let folder = try folder(samples: 1)
    #expect(try await folder.tryout("run", "suite.yaml").code == 0)
    let text = try await folder.tryout("recommend")
    #expect(text.code == 2)
    #expect(text.output.hasPrefix("We do not know yet which target should be the default."))
    #expect(text.output.contains("What knowing would cost: of good"), "\(text.output)")
    #expect(try await folder.tryout("recommend", "--format", "env").output == "")
  }

  private static let adaptive = """

    recommend: { current: bad, eligible: [right], rank_by: [latency] }
    """

  private func adaptiveFolder(run: String = "") throws -> ScratchFolder {
    let folder = try folder(samples: 20, rule: Self.adaptive)
    let suite = try folder.text("suite.yaml")
      .replacingOccurrences(of: "samples: 20", with: "samples: { adaptive: 20 }\(run)")
    try folder.write(suite, to: "suite.yaml")
    return folder
  }

  @Test func anAdaptiveRunStopsWhenTheDefaultIsDecided() async throws {
    let folder = try adaptiveFolder()
    let run = try await folder.tryout("run", "suite.yaml")
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.output.contains("80 of 80 samples"))
    let words = run.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("it cannot pass right any more."), "\(run.output)")
    let json = try await folder.tryout("report", "--json")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let targets = try #require(object["targets"] as? [[String: Any]])
    // The first look comes after a sixth of the forty blocks.
    #expect(targets.map { $0["n"] as? Int } == [7, 7])
    #expect(targets.map { $0["skipped"] as? Int } == [33, 33])
    #expect(targets.map { $0["attempts"] as? Int } == [7, 7])
    // Nothing is left: a resume asks nobody, and says the same.
    let again = try await folder.tryout("run", "suite.yaml", "--resume")
    #expect(again.code == 0)
    #expect(again.output == run.output)
  }

  @Test func anAdaptiveRunGoesOnAsItBegan() async throws {
    let folder = try adaptiveFolder(run: ", budget: { requests: 10 }")
    #expect(try await folder.tryout("run", "suite.yaml").code == 3)
    #expect(try await folder.tryout("recommend").code == 3)
    let suite = try folder.text("suite.yaml")
    try folder.write(
      suite.replacingOccurrences(of: "requests: 10", with: "requests: 60"), to: "suite.yaml")
    let resumed = try await folder.tryout("run", "suite.yaml", "--resume")
    #expect(resumed.code == 0, "\(resumed.errors)")
    let verdict = try await folder.tryout("recommend")
    #expect(verdict.output.hasPrefix("Make good the default instead of bad"))
    #expect(verdict.output.contains("good was not asked the rest: it is the default"))
  }

  @Test func aSuiteThatAsksForNothingGetsAdvice() async throws {
    let folder = try folder(samples: 1, rule: "")
    #expect(try await folder.tryout("run", "suite.yaml").code == 0)
    let text = try await folder.tryout("recommend")
    #expect(text.code == 64)
    #expect(text.errors.contains("has no `recommend:`"))
  }
}

import Foundation
import Testing

/// The built tool looks at a provider that the built tool plays.
@Suite(.timeLimit(.minutes(3)))
struct DoctorTests {
  private struct Diagnosis: Decodable {
    struct Finding: Decodable {
      var topic: String
      var subject: String
      var state: String
      var found: String
      var advice: String?
    }
    var findings: [Finding]
    var exitCode: Int32

    func state(_ topic: String, _ subject: String) -> String? {
      findings.first { $0.topic == topic && $0.subject == subject }?.state
    }
  }

  private static let key = "lab-key-of-no-worth"

  private func suite(_ url: String, _ models: [String]) -> String {
    """
    version: 1
    suite: watched
    accounts:
      lab: { provider: openrouter, base_url: "\(url)", key_env: LAB_KEY }
    limits: { lab: { account: lab, concurrency: 4 } }
    targets:
    \(models.map { "  - { id: \"\($0)\", account: lab, model: \"\($0)\", limit: lab }" }.joined(separator: "\n"))
    prompts: ["capital of Peru"]
    cases: [{ id: one, checks: [not_empty] }]
    """
  }

  private func diagnose(
    _ folder: ScratchFolder, _ options: String..., key: String? = DoctorTests.key
  ) async throws -> (Diagnosis, Command.Outcome) {
    let environment = key.map { ["LAB_KEY": $0] } ?? [:]
    let outcome = try await Command(
      ["doctor", "suite.yaml", "--json"] + options, in: folder, environment: environment
    ).end()
    let diagnosis = try folder.decode(Diagnosis.self, outcome.output)
    #expect(diagnosis.exitCode == outcome.code)
    return (diagnosis, outcome)
  }

  @Test func everyTargetsStateIsToldWithoutSpendingQuota() async throws {
    let folder = try ScratchFolder()
    let provider = try await SimulatedProvider(["--openrouter", "--night", "2"], in: folder)
    let models = [
      "acme/large:free", "zeta/burst:free", "zeta/thinker:free", "omni/gated:free",
      "acme/small:free",
    ]
    try folder.write(suite(provider.url, models), to: "suite.yaml")
    let (first, outcome) = try await diagnose(folder)
    #expect(outcome.code == 1 && outcome.lastErrors[1] == "tryout: 2 problems, 1 warning")
    #expect(first.state("target", "acme/large:free") == "problem")
    #expect(first.state("target", "zeta/burst:free") == "problem")
    #expect(first.state("target", "zeta/thinker:free") == "ok")
    #expect(first.state("target", "acme/small:free") == "warning")
    for topic in ["network", "clock", "key", "quota"] {
      #expect(first.state(topic, "lab") == "ok", "\(topic)")
    }
    #expect(
      first.findings.first { $0.topic == "quota" }?.found
        == "free tier, 50 of 50 free requests left today")
    // Nothing was written, and nothing asked.
    #expect(!folder.exists("tryout.db"))
    #expect(!outcome.output.contains(Self.key) && !outcome.errors.contains(Self.key))

    // What only asking shows, and that it is remembered.
    let (asked, told) = try await diagnose(folder, "--ask")
    // Two that are listed as dead and do not answer are no four.
    #expect(told.lastErrors[1] == "tryout: 3 problems, 1 warning")
    #expect(asked.state("ask", "zeta/thinker:free") == "ok")
    #expect(asked.state("ask", "omni/gated:free") == "problem")
    #expect(try await folder.runs().map(\.suite) == ["doctor"])
    let (again, _) = try await diagnose(folder)
    #expect(again.state("target", "omni/gated:free") == "problem")
    #expect(again.findings.first { $0.topic == "quota" }?.found.contains("46 of 50") == true)
    let text = try await Command(
      ["doctor", "suite.yaml"], in: folder, environment: ["LAB_KEY": Self.key]
    ).end()
    #expect(text.output.contains("→ Take nova/next:free and measure it."))
  }

  @Test func keysAndWaysHaveCodesOfTheirOwn() async throws {
    let folder = try ScratchFolder()
    try folder.write(
      """
      version: 1
      key: the-right-one
      clock_ahead: 5min
      models: { a/b: { like: fast, cost_per_token: 0.000001 } }
      """, to: "script.yaml")
    let provider = try await SimulatedProvider(["--script", "script.yaml"], in: folder)
    try folder.write(suite(provider.url, ["a/b"]), to: "suite.yaml")
    let (missing, _) = try await diagnose(folder, key: nil)
    #expect(missing.exitCode == 64 && missing.state("key", "lab") == "problem")
    let (refused, _) = try await diagnose(folder, key: "the-wrong-one")
    #expect(refused.exitCode == 69 && refused.state("network", "lab") == "ok")
    let (good, outcome) = try await diagnose(folder, key: "the-right-one")
    #expect(good.exitCode == 0 && good.state("target", "a/b") == "ok")
    #expect(good.state("quota", "lab") == "unknown")
    #expect(good.state("clock", "lab") == "warning")
    #expect(outcome.lastErrors[1] == "tryout: 1 warning")
    try folder.write("this is no database, by no means at all", to: "tryout.db")
    #expect(try await diagnose(folder, key: "the-right-one").0.exitCode == 74)
    try folder.write(suite("http://127.0.0.1:9/v1", ["a/b"]), to: "suite.yaml")
    let (alone, _) = try await diagnose(folder, "--db", "other.db")
    #expect(alone.exitCode == 69 && alone.state("network", "lab") == "problem")
    let usage = try await folder.tryout("doctor", "--ask")
    #expect(usage.code == 64)
  }
}

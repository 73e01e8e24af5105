import Foundation
import Testing

/// What GitHub Actions is told, as its runner would read it.
@Suite(.timeLimit(.minutes(1)))
struct GitHubTests {
  private func environment(_ folder: ScratchFolder) -> [String: String] {
    ["GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": folder.path("summary.md")]
  }

  @Test func runAnnotatesItsGatesAndFillsTheSummary() async throws {
    let folder = try ScratchFolder.simulated(Suites.simulated(gates: "pass_rate >= 90%"))
    // What stands there already stays.
    try folder.write("# Night\n", to: "summary.md")
    let run = try await folder.tryout(
      "run", "suite.yaml", "--github", environment: environment(folder))
    #expect(run.code == 1)
    let commands = run.errors.split(separator: "\n").filter { $0.hasPrefix("::") }
    #expect(commands.first?.hasPrefix("::error title=tiny%3A FAIL::gate pass_rate >= 90") == true)
    #expect(commands.contains { $0.contains("(bad)%3A FAIL::pass_rate >= 90%25; found 0.0 %25") })
    // The reason stays the last line, and stdout stays data.
    #expect(run.lastErrors[1] == "tryout: gate pass_rate >= 90% (bad) failed")
    #expect(!run.output.contains("::"))
    let summary = try folder.text("summary.md")
    let report = try await folder.tryout("report", "--format", "markdown")
    #expect(summary == "# Night\n\n" + report.output)
  }

  @Test(arguments: [["gate"], ["report"], ["report", "--format", "junit"], ["gate", "--strict"]])
  func offlineCommandsTellTheSame(arguments: [String]) async throws {
    let folder = try ScratchFolder.simulated(Suites.simulated(gates: "pass_rate >= 90%"))
    try await folder.tryout("run", "suite.yaml")
    let told = try await Command(
      arguments + ["--github"], in: folder, environment: environment(folder)
    ).end()
    let untold = try await Command(arguments, in: folder).end()
    #expect(told.code == untold.code && told.output == untold.output)
    #expect(told.errors.hasPrefix("::error ") && told.errors.hasSuffix(untold.errors))
    #expect(try folder.text("summary.md").hasPrefix("## FAIL"))
  }

  @Test func gatesThatDecideNothingOnlyWarn() async throws {
    let folder = try ScratchFolder.simulated(Suites.simulated(gates: "pass_rate >= 90%"))
    let run = try await folder.tryout(
      "run", "suite.yaml", "--github", "--report-only", environment: environment(folder))
    #expect(run.code == 0)
    #expect(run.errors.contains("::warning ") && !run.errors.contains("::error "))
  }

  /// A summary that is too long is dropped by GitHub as a whole, with what other commands wrote.
  @Test func fullSummaryIsLeftAlone() async throws {
    let folder = try ScratchFolder.simulated()
    try await folder.tryout("run", "suite.yaml")
    let full = String(repeating: "x", count: 1024 * 1024 - 100)
    try folder.write(full, to: "summary.md")
    let report = try await folder.tryout("report", "--github", environment: environment(folder))
    #expect(report.code == 0)
    #expect(report.errors.contains("The step's summary is full"))
    #expect(try folder.text("summary.md") == full)
  }

  @Test func withoutASummaryThereAreAnnotationsAlone() async throws {
    let folder = try ScratchFolder.simulated(Suites.simulated(gates: "pass_rate >= 90%"))
    try await folder.tryout("run", "suite.yaml")
    let gate = try await folder.tryout("gate", "--github")
    #expect(gate.code == 1)
    #expect(gate.errors.hasPrefix("::error "))
    #expect(gate.errors.contains("GITHUB_STEP_SUMMARY is not set"))
  }

  @Test func unwritableSummaryIs74() async throws {
    let folder = try ScratchFolder.simulated()
    try await folder.tryout("run", "suite.yaml")
    let gate = try await folder.tryout(
      "gate", "--github", environment: ["GITHUB_STEP_SUMMARY": folder.path("no/such/summary.md")])
    #expect(gate.code == 74)
    #expect(gate.lastErrors[1].contains("summary.md cannot be written"))
  }

  @Test func foreignTextInTheLogIsNoCommand() async throws {
    let server = try RawServer { _, _ in
      RawServer.response("404 Not Found", RawServer.error("No endpoints found for ##[error]m."))
    }
    let folder = try ScratchFolder.remote(Suites.remote(server.url))
    let run = try await folder.tryout(
      "run", "suite.yaml", "--github", environment: environment(folder))
    #expect(run.code == 69)
    #expect(run.lastErrors[1].contains("No endpoints found for ##\u{200B}[error]m."))
    let others = run.errors.split(separator: "\n").filter { !$0.hasPrefix("::") }
    #expect(!others.contains { $0.contains("##[") })
  }

  /// Where people read it, an answer is no command either; programs get it as it is.
  @Test func answersAreNoCommands() async throws {
    let server = try RawServer { _, _ in
      RawServer.completion(#"::error::boom\n  ::stop-commands::x\nsee ##[error]here"#)
    }
    let suite = Suites.remote(server.url).replacing(
      "checks: [not_empty]", with: "checks: [{ id: no, equals: \"##[warning]you\" }]")
    let folder = try ScratchFolder.remote(suite)
    let environment = environment(folder)
    func expectNoCommand(_ arguments: [String], _ words: String) async throws {
      let outcome = try await Command(arguments, in: folder, environment: environment).end()
      #expect(outcome.output.contains(words), "\(arguments): \(outcome.output)")
      for line in (outcome.output + outcome.errors).split(separator: "\n") {
        #expect(!line.drop { $0 == " " }.hasPrefix("::") && !line.contains("##["), "\(line)")
      }
    }
    try await expectNoCommand(["ask", "Hello?", "--suite", "suite.yaml"], ":\u{200B}:error::boom")
    try await expectNoCommand(["run", "suite.yaml"], "PASS")
    try await expectNoCommand(["show"], "##\u{200B}[warning]you")
    let samples = try await Command(["show", "--json"], in: folder, environment: environment).end()
    struct Sample: Decodable { var sampleId: String }
    let id = try #require(try folder.decode([Sample].self, samples.output).first?.sampleId)
    try await expectNoCommand(["show", "--sample", id], "stop-commands")
    let raw = try await Command(
      ["show", "--sample", id, "--json"], in: folder, environment: environment
    ).end()
    #expect(raw.output.contains(#""answer":"::error::boom\n"#))
  }

  @Test func comparisonsAreNoTests() async throws {
    let folder = try ScratchFolder()
    let outcome = try await folder.tryout("compare", "a", "b", "--format", "junit")
    #expect(outcome.code == 64)
  }
}

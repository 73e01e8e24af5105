import Foundation
import Testing

/// The nights of docs/ci, played by the script that people run.
@Suite(.timeLimit(.minutes(2)))
struct FiveNightsTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test func everyNightEndsAsPromised() async throws {
    let folder = try ScratchFolder()
    let script = try Command(
      [Self.root.appendingPathComponent("scripts/five-nights").path, folder.path("kept")],
      program: URL(fileURLWithPath: "/bin/sh"), in: folder, seconds: 100)
    let outcome = try await script.end()
    #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
    let nights = outcome.output.split(separator: "\n").map { line in
      line.split(separator: " ").prefix(3).joined(separator: " ")
    }
    #expect(
      nights == [
        "first exit 2", "unchanged exit 0", "slower exit 1", "flaky exit 1", "dead exit 1",
        "quota exit 3", "resumed exit 0",
      ])

    // What a CI system would show of them.
    func kept(_ file: String) throws -> String { try folder.text("kept/\(file)") }
    for night in ["first", "unchanged", "slower", "flaky", "dead", "quota", "resumed"] {
      #expect(try kept("\(night)/report.html").hasPrefix("<!doctype html>"))
      #expect(try kept("\(night)/report.txt").contains("COMPARISON"))
    }
    #expect(try kept("unchanged/summary.md").hasPrefix("## PASS"))
    #expect(try kept("slower/junit.xml").contains("<failure type=\"fail\" message=\"pace: latency"))
    #expect(try kept("slower/log").contains("::error title=pace (default)%3A FAIL::"))
    #expect(try kept("dead/log").contains("No endpoints found"))
    #expect(try kept("quota/junit.xml").contains("<error type=\"incomplete\""))
    // The secret is nowhere in what is kept.
    for (name, data) in try folder.files() where name.hasPrefix("kept/") {
      #expect(data.firstRange(of: Data("lab-only-0123456789abcdef".utf8)) == nil, "\(name)")
    }
  }

  /// A cancelled job sends its signal to the shell, which is `timeout` and then the run; an overdue one is stopped by
  /// `timeout` itself.
  @Test(arguments: [true, false])
  func stoppedNightsAreSaved(isCancelled: Bool) async throws {
    let folder = try ScratchFolder.simulated(Suites.simulated(samples: 100))
    try folder.write(
      "version: 1\nmodels: { quick: { first_token: 300ms }, dud: { like: quick } }",
      to: "quick.yaml")
    let night = try Command(
      [Self.root.appendingPathComponent("docs/ci/night.sh").path, "suite.yaml"],
      program: URL(fileURLWithPath: "/bin/sh"), in: folder,
      environment: ["TRYOUT_TIME": isCancelled ? "60s" : "3s"])
    if isCancelled {
      try await waitUntil("the night has begun") { night.errors.contains("Run ") }
      night.send(SIGINT)
    }
    #expect(try await night.end().code == 130)
    let run = try await folder.latestRun()
    #expect(run.state == "interrupted" && run.done < run.planned)
    #expect(try folder.text("reports/junit.xml").contains("<error type=\"interrupted\""))
    #expect(folder.exists("reports/report.txt"))
  }

  /// What people copy takes the steps that the script plays, and no more rights than it needs.
  @Test(arguments: ["github-actions.yml", "gitlab-ci.yml"])
  func workflowsTakeTheSameSteps(name: String) throws {
    let file = Self.root.appendingPathComponent("docs/ci/\(name)")
    let text = try String(contentsOf: file, encoding: .utf8)
    for step in [#"sh ci/night.sh "$SUITE""#, "tryout audit reports", ".tryout/", "reports/"] {
      #expect(text.contains(step), "\(step)")
    }
    let lines = text.split(separator: "\n").map { $0.trimmingPrefix(/[ -]+/) }
    for line in lines where line.hasPrefix("uses:") {
      #expect(line.wholeMatch(of: /uses: actions\/[a-z\/-]+@v\d+/) != nil, "\(line)")
    }
    for line in lines where line.contains("API_KEY:") {
      #expect(line.wholeMatch(of: /[A-Z_]+: \$\{\{ secrets\.[A-Z_]+ \}\}/) != nil, "\(line)")
    }
    #expect(!text.contains(": write"))
  }
}

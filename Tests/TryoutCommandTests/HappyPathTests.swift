import Foundation
import Testing

/// What a user does on a good day, on one small simulated suite.
@Suite(.timeLimit(.minutes(1)))
struct HappyPathTests {
  private struct Report: Decodable {
    struct Verdict: Decodable { var exitCode: Int }
    struct Target: Decodable { var n: Int }
    var verdict: Verdict
    var targets: [Target]
  }

  private struct Sample: Decodable {
    var sampleId: String
    var outcome: String
    var target: String
  }

  private struct Detail: Decodable {
    struct Attempt: Decodable { var answer: String }
    var sample: Sample
    var attempts: [Attempt]
  }

  private struct Forecast: Decodable {
    var samples: Int
    var completes: Bool
  }

  /// A folder in which the suite was run.
  private func measured() async throws -> ScratchFolder {
    let folder = try ScratchFolder.simulated()
    let run = try await folder.tryout("run", "suite.yaml", "--report-only")
    try #require(run.code == 0, "\(run.errors)")
    return folder
  }

  @Test func runPrintsTheComparisonAndSaysTheReasonLast() async throws {
    let folder = try ScratchFolder.simulated()
    let run = try await folder.tryout("run", "suite.yaml")
    #expect(run.code == 0)
    #expect(run.output.contains("COMPARISON"))
    #expect(run.lastErrors[1] == "tryout: all 2 gates passed")
    let row = try await folder.latestRun()
    #expect(row.state == "finished" && row.suite == "tiny")
    #expect((row.planned, row.done, row.requests) == (12, 12, 12))
  }

  @Test func runPrintsJSON() async throws {
    let folder = try ScratchFolder.simulated()
    let run = try await folder.tryout("run", "suite.yaml", "--json")
    let report = try folder.decode(Report.self, run.output)
    #expect(run.code == 0 && report.verdict.exitCode == 0)
    #expect(report.targets.map(\.n) == [6, 6])
  }

  @Test(arguments: [
    ["--format", "text"], ["--format", "markdown"], ["--format", "csv"], ["--format", "json"],
    ["--format", "html"], ["--format", "junit"],
    ["--json"], ["--format", "csv", "--rows", "samples"],
    ["--format", "csv", "--rows", "attempts"],
  ])
  func reportsAreTheSameBytesEveryTime(format: [String]) async throws {
    let folder = try await measured()
    let first = try await Command(["report"] + format, in: folder).end()
    let second = try await Command(["report"] + format, in: folder).end()
    #expect(first.code == 0)
    #expect(first.output.contains("good") && first.output.contains("bad"))
    #expect(first.output == second.output)
    #expect(first.errors.isEmpty)
    let file = try await Command(["report"] + format + ["--output", "report.out"], in: folder).end()
    #expect(file.code == 0 && file.output.isEmpty)
    #expect(try folder.text("report.out") == first.output)
  }

  @Test func runWritesTheReportsOfItsSuite() async throws {
    let folder = try ScratchFolder.simulated()
    let run = try await folder.tryout("run", "suite.yaml", "--report", "deep/reports")
    #expect(run.code == 0)
    let written = try folder.files().keys.filter { $0.hasPrefix("deep/") }.sorted()
    let names = [
      "attempts.csv", "junit.xml", "report.html", "report.json", "report.md", "samples.csv",
      "targets.csv",
    ]
    #expect(written == names.map { "deep/reports/\($0)" })
    #expect(try folder.text("deep/reports/report.md").contains("tiny"))
  }

  @Test func showGoesDownToAnswers() async throws {
    let folder = try await measured()
    let all = try await folder.tryout("show", "--json")
    let samples = try folder.decode([Sample].self, all.output)
    #expect(samples.count == 12)
    #expect(samples.count { $0.outcome == "pass" && $0.target == "good" } == 6)
    #expect(samples.count { $0.outcome == "fail" && $0.target == "bad" } == 6)

    let failed = try await folder.tryout("show", "--failed", "--json")
    #expect(try folder.decode([Sample].self, failed.output).allSatisfy { $0.target == "bad" })

    let good = try #require(samples.first { $0.target == "good" })
    let one = try await folder.tryout("show", "--sample", good.sampleId, "--json")
    let detail = try folder.decode(Detail.self, one.output)
    #expect(detail.sample.sampleId == good.sampleId)
    try #require(detail.attempts.count == 1)
    let text = try await folder.tryout("show", "--sample", good.sampleId)
    #expect(text.output.contains(detail.attempts[0].answer))
    #expect(text.output.hasPrefix("sample \(good.sampleId): pass\n"))

    // All repeats share what stands before the full stop.
    let parts = good.sampleId.split(separator: ".")
    try #require(parts.count == 2)
    let short = try await folder.tryout("show", "--sample", "\(parts[0].prefix(8)).\(parts[1])")
    #expect(short.output == text.output)
    let many = try await folder.tryout("show", "--sample", "\(parts[0])")
    #expect(many.code == 64 && many.lastErrors[1].contains(good.sampleId))

    let table = try await folder.tryout("show")
    #expect(table.output.split(separator: "\n").count == 13)
    let none = try await folder.tryout("show", "--sample", "zzz")
    #expect(none.code == 64)
  }

  @Test func runsAreListedNewestFirst() async throws {
    let folder = try await measured()
    try await folder.tryout("run", "suite.yaml", "--samples", "1", "--report-only")
    let rows = try await folder.runs()
    try #require(rows.map(\.planned) == [4, 12])
    let table = try await folder.tryout("runs")
    for row in rows { #expect(table.output.contains(row.runId)) }
    let old = try await folder.tryout("report", rows[1].runId, "--format", "json")
    #expect(try folder.decode(Report.self, old.output).targets.map(\.n) == [6, 6])
  }

  @Test(arguments: ["answered >= 50%", "pass_rate >= 90%"])
  func gateJudgesAsTheRunDid(gates: String) async throws {
    let folder = try ScratchFolder.simulated(Suites.simulated(gates: gates))
    let run = try await folder.tryout("run", "suite.yaml")
    let gate = try await folder.tryout("gate")
    #expect(gate.code == run.code)
    #expect(gate.lastErrors[1] == run.lastErrors[1])
    let (verdict, comparison) = (gate.output.split(separator: "\n")[0], "COMPARISON")
    #expect(run.output.hasPrefix(verdict) && gate.output.contains("GATES"))
    #expect(run.output.contains(comparison) && !gate.output.contains(comparison))
    let json = try await folder.tryout("gate", "--json")
    #expect(try folder.decode(Report.self, json.output).verdict.exitCode == Int(run.code))
  }

  @Test func planTellsWhatARunWouldTakeAndSendsNothing() async throws {
    let folder = try ScratchFolder.simulated()
    let text = try await folder.tryout("plan", "suite.yaml")
    #expect(text.code == 0)
    #expect(text.output.contains("12 samples"))
    let json = try await folder.tryout("plan", "suite.yaml", "--samples", "5", "--json")
    let forecast = try folder.decode(Forecast.self, json.output)
    #expect(forecast.samples == 20 && forecast.completes)
    #expect(!folder.exists("tryout.db"))
  }

  @Test func planCountsWhatTheDatabaseHasForToday() async throws {
    let folder = try ScratchFolder.simulated(Suites.simulated(limit: ", requests: 20/day"))
    let before = try await folder.tryout("plan", "suite.yaml", "--json")
    #expect(try folder.decode(Forecast.self, before.output).completes)
    try await folder.tryout("run", "suite.yaml")
    let after = try await folder.tryout("plan", "suite.yaml", "--json")
    #expect(try !folder.decode(Forecast.self, after.output).completes)
  }

  @Test func targetsAndSamplesCanBeNarrowed() async throws {
    let folder = try ScratchFolder.simulated()
    let run = try await folder.tryout("run", "suite.yaml", "--target", "bad", "--samples", "2")
    #expect(run.code == 0)
    #expect(try await folder.latestRun().planned == 4)
    #expect(!run.output.contains("good"))
  }

  @Test func theDatabaseCanBeNamedByTheEnvironment() async throws {
    let folder = try ScratchFolder.simulated()
    let run = try await folder.tryout(
      "run", "suite.yaml", environment: ["TRYOUT_DB": "other.db"])
    #expect(run.code == 0)
    #expect(folder.exists("other.db") && !folder.exists("tryout.db"))
  }
}

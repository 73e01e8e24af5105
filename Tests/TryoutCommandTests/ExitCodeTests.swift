import Foundation
import Testing

/// The promised exit codes that gates, quotas and budgets lead to.
@Suite(.timeLimit(.minutes(1)))
struct ExitCodeTests {
  @Test func failingGateIs1() async throws {
    let folder = try ScratchFolder.simulated(Suites.simulated(gates: "pass_rate >= 90%"))
    let run = try await folder.tryout("run", "suite.yaml")
    #expect(run.code == 1)
    #expect(run.lastErrors[1] == "tryout: gate pass_rate >= 90% (bad) failed")
    #expect(try await folder.tryout("gate").code == 1)
    #expect(try await folder.tryout("run", "suite.yaml", "--report-only").code == 0)
  }

  @Test func aDatabaseWithoutANameIs64() async throws {
    let folder = try ScratchFolder()
    let runs = try await folder.tryout("runs", "--db", "")
    #expect(runs.code == 64 && runs.lastErrors[1] == "tryout: --db wants the path of a file.")
    // An empty variable is one that is not set.
    let unset = try await folder.tryout("runs", environment: ["TRYOUT_DB": ""])
    #expect(unset.code == 64 && unset.errors.contains("tryout.db"))
  }

  @Test func tooFewOpenFilesAre64() async throws {
    let folder = try ScratchFolder.remote(
      Suites.remote("http://127.0.0.1:1/v1").replacing("concurrency: 2", with: "concurrency: 900")
        .replacing("samples: 1", with: "samples: 1\n  concurrency: 800"))
    let command = "ulimit -n 512; exec \(Command.binary.path) run suite.yaml"
    let run = try await Command(
      ["-c", command], program: URL(fileURLWithPath: "/bin/sh"), in: folder
    ).end()
    #expect(run.code == 64)
    #expect(run.errors.contains("needs 864 open files; the system allows 512"))
    #expect(run.errors.contains("`ulimit -n 864`"))
  }

  @Test func gateThatCannotBeEvaluatedIs2() async throws {
    // Every answer of this server lacks the usage that the gate asks for.
    let server = try RawServer { _, _ in RawServer.completion() }
    let folder = try ScratchFolder.remote(
      Suites.remote(server.url, gates: "tokens.output <= 5"))
    let run = try await folder.tryout("run", "suite.yaml")
    #expect(run.code == 2)
    #expect(run.lastErrors[1].hasSuffix("could not be evaluated"))
    #expect(server.requests.count == 1)
  }

  @Test func inconclusiveGateIs2OnlyWhenStrict() async throws {
    let folder = try ScratchFolder.simulated(Suites.simulated(gates: "answered >= 95%"))
    let run = try await folder.tryout("run", "suite.yaml")
    #expect(run.code == 0)
    #expect(run.lastErrors[1] == "tryout: no gate failed: 0 passed, 2 inconclusive")
    #expect(try await folder.tryout("run", "suite.yaml", "--strict").code == 2)
    #expect(try await folder.tryout("gate", "--strict").code == 2)
    #expect(try await folder.tryout("gate").code == 0)
  }

  /// The command between backticks on the last line but one.
  private func resumeCommand(_ outcome: Command.Outcome) throws -> String {
    let line = outcome.lastErrors[0]
    let match = try #require(line.firstMatch(of: /`(tryout run .*)`$/), "\(line)")
    return String(match.1)
  }

  @Test func spentDailyQuotaIs3AndItsResumeAsksNothingBeforeTheReset() async throws {
    let folder = try ScratchFolder.simulated(Suites.simulated(limit: ", requests: 3/day"))
    let run = try await folder.tryout("run", "suite.yaml")
    #expect(run.code == 3)
    #expect(run.lastErrors[1].contains("the daily quota of lab is used up, resumes at 20"))
    let row = try await folder.latestRun()
    #expect(row.state == "paused" && row.requests == 3 && row.done == 3)

    let again = try await folder.shell(resumeCommand(run))
    #expect(again.code == 3)
    #expect(try await folder.runs().map(\.requests) == [3])
  }

  @Test func spentBudgetIs3AndARaisedOneLetsTheSameRunFinish() async throws {
    let folder = try ScratchFolder.simulated(
      Suites.simulated(run: ", budget: { requests: 5 }"))
    let run = try await folder.tryout("run", "suite.yaml")
    #expect(run.code == 3)
    #expect(
      run.lastErrors[1]
        == "tryout: the budget of 5 requests is used up: 5 of 12 samples done, 7 left"
    )
    #expect(run.lastErrors[0].contains("raise the budget"))
    #expect(try await folder.tryout("gate").code == 3)

    try folder.write(Suites.simulated(run: ", budget: { requests: 100 }"), to: "suite.yaml")
    let resumed = try await folder.shell(resumeCommand(run))
    #expect(resumed.code == 0, "\(resumed.errors)")
    let rows = try await folder.runs()
    try #require(rows.count == 1)
    #expect(rows[0].state == "finished")
    #expect((rows[0].done, rows[0].requests) == (12, 12))
  }

  @Test func resumeCommandNamesAllThatMadeTheRunWhatItIs() async throws {
    let folder = try ScratchFolder.simulated()
    let name = "my suite's.yaml"
    try folder.write(Suites.simulated(run: ", budget: { requests: 1 }"), to: name)
    let run = try await folder.tryout(
      "run", name, "--db", "my results.db", "--target", "good", "--samples", "2")
    #expect(run.code == 3)
    try folder.write(Suites.simulated(run: ", budget: { requests: 9 }"), to: name)
    let resumed = try await folder.shell(resumeCommand(run))
    #expect(resumed.code == 0, "\(resumed.errors)")
    let row = try #require(await folder.runs("my results.db").first)
    #expect((row.planned, row.done, row.requests) == (4, 4, 4))
  }
}

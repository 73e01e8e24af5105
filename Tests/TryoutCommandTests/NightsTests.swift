#if os(Linux)
import Foundation
import Testing

/// Runs over several days, on a clock that runs sixty times as fast.
@Suite(.timeLimit(.minutes(3)))
struct NightsTests {
  /// Five targets under 15 requests a minute and 50 a day; the second night is killed three times.
  ///
  /// The simulator counts by itself, as the provider would: a request too many is refused there, which the attempts show.
  @Test func threeNightsAskWhatWasPlannedAndNeverAFiftyFirstCall() async throws {
    let folder = try ScratchFolder()
    let warp = try await Warp(in: folder, hour: 1)
    let models = (1...5).map { "  m\($0): { like: fast }" }.joined(separator: "\n")
    try folder.write(
      "version: 1\nquotas: [{ requests: 20/min }, { requests: 50/day }]\nmodels:\n\(models)\n",
      to: "sim.yaml")
    let simulator = try Command(
      ["simulate", "--script", "sim.yaml"], in: folder, environment: warp.environment, seconds: 170)
    try await waitUntil("the simulator listens") { simulator.output.hasSuffix("/v1\n") }
    try folder.write(suite(at: simulator.output), to: "suite.yaml")
    func night(_ arguments: String...) throws -> Command {
      try Command(
        ["run", "suite.yaml"] + arguments, in: folder, environment: warp.environment, seconds: 60)
    }

    let first = try await night().end()
    #expect(first.code == 3)
    #expect(first.lastErrors[0].contains("--resume"))
    #expect(
      first.lastErrors[1].contains(
        "the daily quota of lab is used up, resumes at 2030-01-02T00:00:00Z"))
    #expect(try await folder.latestRun().done == 50)
    // The same day nothing more can be asked.
    #expect(try await night("--resume").end().code == 3)
    #expect(try await folder.latestRun().requests == 50)

    warp.sleepUntilTomorrow(at: 1)
    for kill in 1...3 {
      let run = try night("--resume")
      let before = 50 + 8 * (kill - 1)
      try await waitUntil("some were asked") {
        try await folder.latestRun().requests > before + Int.random(in: 0...7)
      }
      run.send(SIGKILL)
      #expect(try await run.end().code == 128 + SIGKILL)
      #expect(try await folder.latestRun().state == "crashed")
    }
    #expect(try await night("--resume").end().code == 3)
    // What was in flight when it was killed was asked again: the day has fewer new ones by as many.
    #expect(try await folder.latestRun().requests == 100)

    warp.sleepUntilTomorrow(at: 1)
    let last = try await night("--resume").end()
    #expect(last.code == 0, "\(last.errors)")
    simulator.send(SIGTERM)
    _ = try await simulator.end()

    let row = try await folder.latestRun()
    #expect((row.state, row.done, row.planned) == ("finished", 120, 120))
    let attempts = try await folder.attempts()
    let good = attempts.filter { $0.status == "ok" }
    #expect(good.count == 120)
    #expect(Set(good.map(\.sample)).count == 120)
    #expect(attempts.allSatisfy { $0.status == "ok" || $0.status == "cancelled" })
    #expect(attempts.count <= 120 + 3 * 4)
    let csv = try await folder.tryout("report", "--format", "csv", "--rows", "attempts")
    let starts = try #require(CommaSeparated(csv.output)["started_at"])
    let days = Dictionary(grouping: starts) { $0.prefix(10) }.mapValues(\.count)
    #expect(days["2030-01-01"] == 50 && days["2030-01-02"] == 50)
    #expect(days.count == 3)
  }

  /// By two hours, in the middle of a run: nothing in it moves, and what follows counts its requests as just sent.
  @Test func clockSetBackInMidRunChangesNothing() async throws {
    let folder = try ScratchFolder()
    let warp = try await Warp(in: folder, hour: 12)
    let server = try RawServer { _, number in
      if number == 10 { warp.set(by: -7200) }
      return RawServer.completion()
    }
    try folder.write(suite(at: server.url, samples: 4), to: "suite.yaml")
    let run = try await Command(
      ["run", "suite.yaml"], in: folder, environment: warp.environment, seconds: 60
    ).end()
    #expect(run.code == 0, "\(run.errors)")
    #expect(server.requests.count == 20)
    let csv = try await folder.tryout("report", "--format", "csv", "--rows", "attempts")
    let starts = try #require(CommaSeparated(csv.output)["started_at"]).sorted()
    #expect(starts.count == 20)
    // 20 requests at 15 a minute: none of them lies before the run or hours after.
    #expect(starts.allSatisfy { $0.hasPrefix("2030-01-01T12:0") }, "\(starts)")
    // A second run begins nearly two hours before the first one, and 30 of its 40 requests are left today.
    try folder.write(suite(at: server.url, samples: 8, name: "later"), to: "suite.yaml")
    let second = try await Command(
      ["run", "suite.yaml"], in: folder, environment: warp.environment, seconds: 60
    ).end()
    #expect(second.code == 3, "\(second.errors)")
    #expect(server.requests.count == 50)
  }

  private func suite(at url: String, samples: Int = 24, name: String = "nights") -> String {
    let targets = (1...5).map { "  - { id: m\($0), account: lab, model: m\($0), limit: pool }" }
    return """
      version: 1
      suite: \(name)
      accounts: { lab: { provider: openrouter, base_url: "\(url.filter { $0 != "\n" })", key_env: none } }
      limits: { pool: { account: lab, requests: [15/min, 50/day], concurrency: 4 } }
      targets:
      \(targets.joined(separator: "\n"))
      prompts: [What is the capital of Peru?]
      checks: [not_empty]
      run: { samples: \(samples) }
      """
  }
}
#endif

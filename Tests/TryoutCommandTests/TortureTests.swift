import Foundation
import Testing

/// Kills a run again and again at moments nobody chose, and resumes it; `make torture` does so more often.
///
/// Two independent witnesses are held against the database: what the server has seen of each request, and what every
/// earlier look at the database has shown.
@Suite(.serialized)
struct TortureTests {
  private static let kills =
    ProcessInfo.processInfo.environment["TRYOUT_KILLS"].flatMap { Int($0) } ?? 20
  private static let concurrency = 8

  @Test func killedAtRandomMomentsNothingIsLostOrDoubled() async throws {
    // More than the kills leave time for, so that there is always something under way.
    let samples = 50 * Self.kills
    let server = try RawServer { _, _ in
      usleep(20_000)
      return RawServer.completion()
    }
    let suite = Suites.remote(server.url, samples: samples, concurrency: Self.concurrency)
    let folder = try ScratchFolder.remote(suite)
    var ended: [ScratchFolder.EndedAttempt] = []
    var lost = 0
    var kills = 0
    while kills < Self.kills {
      // A process may have died before it had entered its run, or made the database.
      let isEntered = try await folder.hasRuns
      let run = try Command(
        ["run", "suite.yaml"] + (isEntered ? ["--resume"] : []), in: folder)
      // From before the database is open to deep inside of the run.
      try await Task.sleep(for: .milliseconds(Int.random(in: 0...400)))
      run.send(SIGKILL)
      let end = try await run.end()
      if end.code == 0 { break }
      try #require(end.code == 128 + SIGKILL, "\(end.code): \(end.errors)")
      kills += 1
      guard try await folder.hasRuns else { continue }
      let row = try await folder.latestRun()
      // The signal may have come when only the report was left to be shown.
      #expect(row.state == "crashed" || row.done == samples)
      // Whatever the server has seen was entered before, and what has ended stays as it was.
      lost += max(0, server.requests.count - row.requests)
      let now = try await folder.endedAttempts()
      lost += Set(ended).subtracting(now).count
      ended = now
    }
    let last = try await folder.tryout("run", "suite.yaml", "--resume")
    #expect(last.code == 0, "\(last.errors)")
    let rows = try await folder.runs()
    #expect(rows.count == 1)
    #expect((rows[0].state, rows[0].done) == ("finished", samples))
    let now = try await folder.endedAttempts()
    lost += Set(ended).subtracting(now).count
    let good = now.filter { $0.status == "ok" }
    let doubled = good.count - Set(good.map(\.sample)).count
    lost += samples - Set(good.map(\.sample)).count
    print(
      "torture: \(kills) kills, \(samples) samples, \(server.requests.count) requests:",
      terminator: " ")
    print("lost \(lost), doubled \(doubled)")
    #expect(lost == 0)
    #expect(doubled == 0)
    #expect(kills > 0)
    // Every other one was under way when its process died.
    let attempts = try await folder.attempts()
    #expect(attempts.allSatisfy { $0.status == "ok" || $0.status == "cancelled" })
    #expect(attempts.count - good.count <= Self.concurrency * kills)
    #expect(server.requests.count >= samples && server.requests.count <= attempts.count)
  }
}

extension ScratchFolder {
  /// An attempt that was answered, as the database tells it.
  fileprivate struct EndedAttempt: Hashable {
    var sample: String
    var number: String
    var status: String
    var latency: String
  }

  fileprivate var hasRuns: Bool {
    get async throws {
      let outcome = try await tryout("runs", "--json")
      // 64: there is no database yet, or one without runs.
      try #require([0, 64].contains(outcome.code), "\(outcome.errors)")
      return outcome.code == 0 && outcome.output.contains("run_id")
    }
  }

  fileprivate func endedAttempts() async throws -> [EndedAttempt] {
    let outcome = try await tryout("report", "--format", "csv", "--rows", "attempts")
    try #require([0, 2, 130].contains(outcome.code), "\(outcome.errors)")
    let table = CommaSeparated(outcome.output)
    let columns = try ["sample_id", "attempt", "status", "latency_ms"].map {
      try #require(table[$0])
    }
    return columns[0].indices.map {
      EndedAttempt(
        sample: columns[0][$0], number: columns[1][$0], status: columns[2][$0],
        latency: columns[3][$0])
    }.filter { $0.status == "ok" }
  }
}

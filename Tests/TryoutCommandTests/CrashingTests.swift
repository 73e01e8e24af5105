import Foundation
import Testing

/// Runs that are suspended at moments nobody chose, and files that somebody has damaged.
@Suite(.timeLimit(.minutes(2)))
struct CrashingTests {
  @Test func suspendedRunGoesOnWhereItWas() async throws {
    let gate = Gate()
    let server = try RawServer { _, number in
      if number > 4 { gate.wait() }
      return RawServer.completion()
    }
    // The pause is longer than any deadline.
    let suite = Suites.remote(server.url, samples: 12).replacing(
      "first_token: 60s, stall: 60s, total: 90s", with: "first_token: 15s, stall: 15s, total: 15s")
    let folder = try ScratchFolder.remote(suite)
    let run = try Command(["run", "suite.yaml"], in: folder)
    try await waitUntil("six requests came") { server.requests.count == 6 }
    run.send(SIGSTOP)
    #if os(Linux)
    try await waitUntil("it stands still") {
      try String(contentsOfFile: "/proc/\(run.id)/stat", encoding: .utf8).contains(") T ")
    }
    #endif
    // The two answers arrive while nobody is there to read them.
    gate.open()
    try await Task.sleep(for: .seconds(17))
    run.send(SIGCONT)
    #expect(try await run.end().code == 0)
    #expect(server.requests.count == 12)
    #expect(try await folder.attempts().count { $0.status == "ok" } == 12)
    // Their latency holds the pause.
    let rows = try await folder.tryout("report", "--format", "csv", "--rows", "attempts")
    let latencies = try #require(CommaSeparated(rows.output)["latency_ms"]).compactMap(Double.init)
    #expect(latencies.count == 12)
    #expect(latencies.count { $0 > 2000 } == 2)
    let tainted = try #require(CommaSeparated(rows.output)["tainted"])
    #expect(zip(latencies, tainted).allSatisfy { $0 < 2000 || $1 == "true" }, "\(tainted)")
  }

  /// The first page stays, so that the file is still known to be ours.
  @Test(arguments: [1, 2, 3, 4, 5])
  func damagedFileIsNeverTakenForWhole(seed: UInt8) async throws {
    let folder = try ScratchFolder.simulated()
    try #require(try await folder.tryout("run", "suite.yaml", "--db", "made.db").code == 0)
    var bytes = try folder.data("made.db")
    for index in bytes.indices.dropFirst(4096) {
      bytes[index] = UInt8(truncatingIfNeeded: index &* 31 &+ index / 7) ^ seed
    }
    try folder.write(bytes, to: "made.db")
    for command in ["report", "runs", "show", "gate"] {
      let outcome = try await folder.tryout(command, "--db", "made.db")
      #expect(outcome.code == 74, "\(command): \(outcome.errors)")
      #expect(outcome.lastErrors[1].contains("made.db"))
    }
    #expect(try await folder.tryout("run", "suite.yaml", "--db", "made.db").code == 74)
    #expect(try folder.data("made.db") == bytes)
  }
}

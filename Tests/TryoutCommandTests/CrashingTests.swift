import Foundation
import Testing

/// Runs that are killed or suspended at moments nobody chose, and files that somebody has damaged.
@Suite(.timeLimit(.minutes(2)))
struct CrashingTests {
  /// The rows are compared with the requests that the server itself has counted.
  @Test func killedAtRandomMomentsNothingIsLostOrDoubled() async throws {
    let samples = 400
    let server = try RawServer { _, _ in RawServer.completion() }
    let folder = try ScratchFolder.remote(Suites.remote(server.url, samples: samples))
    var done = 0
    for trial in 1...20 {
      let before = server.requests.count
      let resume = trial == 1 ? [] : ["--resume"]
      let run = try Command(["run", "suite.yaml"] + resume, in: folder)
      try await waitUntil("a request came") { server.requests.count > before }
      try await Task.sleep(for: .milliseconds(Int.random(in: 0...20)))
      run.send(SIGKILL)
      let code = try await run.end().code
      let row = try await folder.latestRun()
      // Whatever the server has seen was entered before, and what has ended stays so.
      #expect(row.requests >= server.requests.count)
      #expect(row.done >= done)
      done = row.done
      if code == 0 { break }
      #expect(code == 128 + SIGKILL)
      #expect(row.state == "crashed")
    }
    #expect(done > 0)
    let last = try await folder.tryout("run", "suite.yaml", "--resume")
    #expect(last.code == 0, "\(last.errors)")
    let rows = try await folder.runs()
    #expect(rows.count == 1)
    #expect((rows[0].state, rows[0].done) == ("finished", samples))
    let attempts = try await folder.attempts()
    let good = attempts.filter { $0.status == "ok" }
    #expect(good.count == samples)
    #expect(Set(good.map(\.sample)).count == samples)
    // Every other one was under way when its process died; two may be at once.
    #expect(attempts.allSatisfy { $0.status == "ok" || $0.status == "cancelled" })
    #expect(attempts.count - good.count <= 2 * 20)
    #expect(server.requests.count >= samples && server.requests.count <= attempts.count)
  }

  @Test func suspendedRunGoesOnWhereItWas() async throws {
    let gate = Gate()
    let server = try RawServer { _, number in
      if number > 4 { gate.wait() }
      return RawServer.completion()
    }
    let folder = try ScratchFolder.remote(Suites.remote(server.url, samples: 12))
    let run = try Command(["run", "suite.yaml"], in: folder)
    try await waitUntil("six requests came") { server.requests.count == 6 }
    run.send(SIGSTOP)
    // The two answers arrive while nobody is there to read them.
    gate.open()
    try await Task.sleep(for: .seconds(3))
    run.send(SIGCONT)
    #expect(try await run.end().code == 0)
    #expect(server.requests.count == 12)
    #expect(try await folder.attempts().count { $0.status == "ok" } == 12)
    // Their latency holds the pause.
    let rows = try await folder.tryout("report", "--format", "csv", "--rows", "attempts")
    let latencies = try #require(CommaSeparated(rows.output)["latency_ms"]).compactMap(Double.init)
    #expect(latencies.count == 12)
    #expect(latencies.count { $0 > 2000 } == 2)
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

import Foundation
import Testing

/// Runs that are stopped in the middle, gently and not, and taken up again.
///
/// The server answers the first four requests and holds up the others until a gate opens, so that every test
/// stops at a moment that it knows.
@Suite(.timeLimit(.minutes(1)))
struct StoppingTests {
  private let gate = Gate()
  private let server: RawServer
  private let folder: ScratchFolder

  init() throws {
    server = try RawServer { [gate] _, number in
      if number > 4 { gate.wait() }
      return RawServer.completion()
    }
    folder = try .remote(Suites.remote(server.url, samples: 12))
  }

  /// A run with four samples done and two in flight.
  private func halfway(_ options: String...) async throws -> Command {
    let run = try Command(["run", "suite.yaml"] + options, in: folder)
    try await waitUntil("six requests came") { server.requests.count == 6 }
    try await waitUntil("four samples are done") { try await folder.latestRun().done == 4 }
    #expect(try await folder.latestRun().state == "running")
    return run
  }

  /// Resumes until the end and checks that nothing was skipped and nothing answered twice.
  private func finish(askedTwice: Int = 0) async throws {
    gate.open()
    let resumed = try await folder.tryout("run", "suite.yaml", "--resume")
    #expect(resumed.code == 0, "\(resumed.errors)")
    let rows = try await folder.runs()
    try #require(rows.count == 1)
    #expect(rows[0].state == "finished")
    #expect((rows[0].planned, rows[0].done) == (12, 12))
    let good = try await folder.attempts().filter { $0.status == "ok" }
    #expect(good.count == 12)
    #expect(Set(good.map(\.sample)).count == 12)
    #expect(server.requests.count == 12 + askedTwice)
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func firstSignalLetsRequestsInFlightFinish(signal: Int32) async throws {
    let run = try await halfway()
    run.send(signal)
    try await waitUntil("the signal was heard") { run.errors.contains("Stopping") }
    gate.open()
    let outcome = try await run.end()
    #expect(outcome.code == 128 + signal)
    #expect(outcome.lastErrors[1] == "tryout: interrupted: 6 of 12 samples done, 6 left")
    #expect(outcome.lastErrors[0].contains("--resume"))
    let row = try await folder.latestRun()
    #expect(row.state == "interrupted" && row.done == 6 && row.requests == 6)
    #expect(try await folder.tryout("gate").code == 130)
    try await finish()
  }

  /// The first signal names the exit code, also where the second ends what is under way.
  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func aQuestionThatIsStoppedExitsLikeARun(signal: Int32) async throws {
    let closed = Gate()
    let server = try RawServer { _, _ in
      closed.wait()
      return RawServer.completion()
    }
    let folder = try ScratchFolder.remote(Suites.remote(server.url, samples: 1))
    let ask = try Command(["ask", "Hello?", "--suite", "suite.yaml"], in: folder)
    try await waitUntil("a request came") { server.requests.count == 1 }
    ask.send(signal)
    try await waitUntil("the signal was heard") { ask.errors.contains("Stopping") }
    ask.send(SIGINT)
    let outcome = try await ask.end()
    closed.open()
    #expect(outcome.code == 128 + signal, "\(outcome.errors)")
  }

  @Test func secondSignalStopsAtOnce() async throws {
    let run = try await halfway()
    run.send(SIGINT)
    try await waitUntil("the signal was heard") { run.errors.contains("Stopping") }
    run.send(SIGINT)
    // The gate is closed: nothing that is in flight can finish.
    let outcome = try await run.end()
    #expect(outcome.code == 130)
    #expect(outcome.errors.contains("Stopping at once."))
    let row = try await folder.latestRun()
    #expect(row.state == "interrupted" && row.done == 4)
    #expect(try await folder.attempts().count { $0.status == "cancelled" } == 2)
    try await finish(askedTwice: 2)
  }

  @Test func requestsThatOutlastTheGraceAreCutOff() async throws {
    let run = try await halfway("--grace", "50ms")
    run.send(SIGTERM)
    // The gate is closed: nothing that is in flight can finish.
    let outcome = try await run.end()
    #expect(outcome.code == 143)
    #expect(outcome.errors.contains("requests in flight have 50ms to finish"))
    let row = try await folder.latestRun()
    #expect(row.state == "interrupted" && row.done == 4)
    #expect(try await folder.attempts().count { $0.status == "cancelled" } == 2)
    try await finish(askedTwice: 2)
  }

  #if os(Linux)
  /// The database is locked, so that the signal comes while it is being opened.
  @Test func signalBeforeTheFirstRequestIsHeard() async throws {
    let lock = try DatabaseLock(folder.path("tryout.db"))
    let run = try Command(["run", "suite.yaml"], in: folder)
    try await waitUntil("signals are handled") { run.catches(SIGINT) }
    run.send(SIGINT)
    try await waitUntil("the signal was heard") { run.errors.contains("Stopping") }
    lock.release()
    let outcome = try await run.end()
    #expect(outcome.code == 130, "\(outcome.errors)")
    #expect(server.requests.isEmpty)
    let row = try await folder.latestRun()
    #expect(row.state == "interrupted" && row.done == 0)
    try await finish()
  }
  #endif

  @Test func hangupIsNotHeardWhereItIsIgnored() async throws {
    let line = "trap '' HUP; exec tryout run suite.yaml"
    let run = try Command(["-c", line], program: URL(fileURLWithPath: "/bin/sh"), in: folder)
    try await waitUntil("six requests came") { server.requests.count == 6 }
    run.send(SIGHUP)
    gate.open()
    let outcome = try await run.end()
    #expect(outcome.code == 0)
    #expect(!outcome.errors.contains("Stopping"))
    #expect(server.requests.count == 12)
  }

  /// A report that cannot be shown must be told; a reader that went away has what it wanted.
  @Test(arguments: [("| true", 0), (">&-", 74), ("2>&-", 0), (">&- 2>&- <&-", 74)])
  func nobodyNeedsToListen(ending: String, code: Int) async throws {
    gate.open()
    _ = try await folder.shell("(tryout run suite.yaml; echo $? >code) \(ending)")
    #expect(try folder.text("code") == "\(code)\n")
    let row = try await folder.latestRun()
    #expect((row.state, row.done) == ("finished", 12))
    #expect(server.requests.count == 12)
  }

  @Test func killedRunIsShownAsCrashedAndResumes() async throws {
    let run = try await halfway()
    run.send(SIGKILL)
    #expect(try await run.end().code == 128 + SIGKILL)
    let row = try await folder.latestRun()
    #expect(row.state == "crashed")
    // The two in flight have left a trace: their quota is spent.
    #expect(row.done == 4 && row.requests == 6)
    #expect(try await folder.tryout("report").code == 0)
    #expect(try await folder.tryout("gate").code == 130)
    try await finish(askedTwice: 2)
  }

  @Test func runThatGoesOnIsNotTakenUpByASecondProcess() async throws {
    let run = try await halfway()
    let second = try await folder.tryout("run", "suite.yaml", "--resume")
    #expect(second.code == 64)
    #expect(second.lastErrors[1].contains("is carrying out run"))
    #expect(try await folder.latestRun().state == "running")
    #expect(server.requests.count == 6)
    gate.open()
    #expect(try await run.end().code == 0)
    try await finish()
  }

  @Test func finishedRunIsNotAskedAgain() async throws {
    gate.open()
    #expect(try await folder.tryout("run", "suite.yaml").code == 0)
    let again = try await folder.tryout("run", "suite.yaml", "--resume")
    #expect(again.code == 0)
    #expect(again.errors.contains("nothing is left to ask"))
    #expect(server.requests.count == 12)
    let reports = try await folder.tryout("report")
    #expect(again.output == reports.output)
  }

  @Test func otherSuiteIsRefused() async throws {
    let run = try await halfway()
    run.send(SIGKILL)
    _ = try await run.end()
    gate.open()
    let suite = Suites.remote(server.url, samples: 12)
    try folder.write(suite.replacing("suite: remote", with: "suite: other"), to: "suite.yaml")
    let resumed = try await folder.tryout("run", "suite.yaml", "--resume")
    #expect(resumed.code == 64)
    #expect(resumed.lastErrors[1].contains("is one of suite remote, not of other"))
    try folder.write(
      suite.replacing("samples: 12", with: "samples: 12\n  load: { rate: 100/s }"), to: "suite.yaml"
    )
    let loaded = try await folder.tryout("run", "suite.yaml", "--resume")
    #expect(loaded.code == 64)
    #expect(loaded.lastErrors[1].contains("was made under another `run.load`"))
    #expect(server.requests.count == 6)
    try folder.write(Suites.remote(server.url, samples: 12), to: "suite.yaml")
    try await finish(askedTwice: 2)
  }

  @Test func nothingToResume() async throws {
    gate.open()
    let outcome = try await folder.tryout("run", "suite.yaml", "--resume")
    #expect(outcome.code == 64)
    #expect(outcome.lastErrors[1].contains("There is no database"))
    #expect(server.requests.isEmpty)
  }
}

#if os(Linux)
/// A new database that another program keeps for itself, by the lock that SQLite takes to write.
private final class DatabaseLock {
  private let file: Int32

  init(_ path: String) throws {
    file = open(path, O_RDWR | O_CREAT, 0o600)
    // The bytes that SQLite locks lie behind the first gigabyte: one to ask, one to reserve, 510 to share.
    var lock = flock(
      l_type: Int16(F_WRLCK), l_whence: Int16(SEEK_SET), l_start: 0x4000_0000, l_len: 512, l_pid: 0)
    guard fcntl(file, F_SETLK, &lock) == 0 else { throw POSIXError(.EDEADLK) }
  }

  func release() { close(file) }
}

extension Command {
  /// Whether a signal is caught instead of ending the process.
  fileprivate func catches(_ signal: Int32) -> Bool {
    let status = try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)
    let mask = status?.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }
      .flatMap { UInt64($0.dropFirst(7).trimmingCharacters(in: .whitespaces), radix: 16) }
    return (mask ?? 0) & 1 << UInt64(signal - 1) != 0
  }
}
#endif

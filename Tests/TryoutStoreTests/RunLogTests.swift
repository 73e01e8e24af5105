import GRDB
import Testing
import TryoutCore
import TryoutStore

struct RunLogTests {
  private func fill(_ store: Store, _ entries: [LogEntry]) async throws {
    try store.begin(Sample.run())
    try await RunLog(store, run: "run-1").append(entries)
  }

  @Test func anAttemptIsOnDiskWhenItIsAcknowledged() async throws {
    let folder = try ScratchFolder()
    let store = try Store(path: folder.database, mode: .readWrite)
    let attempt = Sample.attempt(Sample.identity("a", 1))
    try await fill(store, [.started(attempt)])
    // Read through a connection of its own, as after a crash.
    let other = try DatabaseQueue(path: folder.database)
    let status = try await other.read {
      try String.fetchOne($0, sql: "SELECT status FROM attempts")
    }
    #expect(status == "started")
    let done = try store.done(of: "run-1")
    #expect(done.closed.isEmpty)
    #expect(done.attempts == ["a.1": 1])
    #expect(done.requests == 1)
  }

  @Test func whatWasNeverSentIsKeptAndCostsNothing() async throws {
    let folder = try ScratchFolder()
    let store = try Store(path: folder.database, mode: .readWrite)
    let down = Sample.attempt(Sample.identity("a", 1), failure: Failure(.connect, "down"))
    var refused = Sample.attempt(Sample.identity("a", 2), failure: Failure(.freeEnded, "priced"))
    refused.exchange.connection.sends = 0
    let broken = Sample.attempt(Sample.identity("a", 3), failure: Failure(.server, "500"))
    try await fill(
      store,
      [down, refused, broken].flatMap { [.started($0), .ended($0, Grade(.error))] })
    #expect(try store.ledger(of: Sample.suite, anchor: Sample.noon).count == 1)
    #expect(try store.done(of: "run-1").requests == 1)
    #expect(try store.runs().map(\.requests) == [1])
    let sent = try await DatabaseQueue(path: folder.database).read {
      try Int.fetchAll($0, sql: "SELECT sent FROM attempts ORDER BY sample_id")
    }
    #expect(sent == [0, 0, 1])
  }

  @Test func attemptsAreReadBackAsTheyWereWritten() async throws {
    let folder = try ScratchFolder()
    let store = try Store(path: folder.database, mode: .readWrite)
    var attempt = Sample.attempt(Sample.identity("a", 1), latency: 40_000_000)
    attempt.exchange.connection.sends = 2
    attempt.exchange.connection.cold = true
    attempt.exchange.servedModel = "a-2026"
    attempt.exchange.usage.total = 15
    try await fill(
      store,
      [.started(attempt), .ended(attempt, Grade(.pass, score: 1, reasons: ["one", "two"]))])
    var read: [Attempt] = []
    try store.forEachAttempt(of: "run-1", texts: true) { read.append($0) }
    #expect(read == [attempt])
  }

  @Test func partsHoldEverySampleOnceAndInOrder() async throws {
    let folder = try ScratchFolder()
    let store = try Store(path: folder.database, mode: .readWrite)
    let identities = (1...50_000).map { Sample.identity("a", $0) }
    try await fill(store, identities.map { .closed($0, Grade(.skipped, failure: .auth)) })
    #expect(try store.parts(of: "run-1", atMost: 1).count == 1)
    let parts = try store.parts(of: "run-1", atMost: 8)
    #expect(parts.count == 2)
    var read: [String] = []
    for part in parts {
      try store.forEachSample(of: "run-1", in: part) { read.append($0.identity.id) }
    }
    #expect(read == identities.map(\.id))
    #expect(try store.parts(of: "nobody", atMost: 8).isEmpty)
  }

  @Test func textsOfAnyKindAreReadBack() async throws {
    let folder = try ScratchFolder()
    let store = try Store(path: folder.database, mode: .readWrite)
    let targets = ["", "\u{0}", "ä", "\u{1F600}", String(repeating: "long", count: 100)]
    let samples = targets.enumerated().map { index, target in
      var sample = Sample.identity("a", index)
      sample.target = target
      return sample
    }
    try await fill(store, samples.map { .closed($0, Grade(.pass, reasons: [$0.target])) })
    var read: [SampleIdentity] = []
    try store.forEachSample(of: "run-1") { read.append($0.identity) }
    #expect(read == samples)
  }

  @Test func samplesGatherTheirAttempts() async throws {
    let folder = try ScratchFolder()
    let store = try Store(path: folder.database, mode: .readWrite)
    let sample = Sample.identity("a", 1)
    let failure = Failure(.server, "down", replacement: "b", evidence: "503")
    let first = Sample.attempt(sample, latency: 5_000_000, failure: failure)
    let second = Sample.attempt(
      sample, number: 2, at: Sample.noon + 3 * Sample.second, latency: 40_000_000)
    let skipped = Sample.identity("b", 1)
    try await fill(
      store,
      [
        .started(first), .ended(first, nil), .started(second),
        .ended(second, Grade(.fail, score: 0.5, reasons: ["right: no"])),
        .closed(skipped, Grade(.skipped, failure: .auth)),
      ])
    var samples: [SampleRecord] = []
    try store.forEachSample(of: "run-1") { samples.append($0) }
    try #require(samples.count == 2)
    #expect(samples[0].outcome == .fail)
    #expect(samples[0].attempts == 2)
    #expect(samples[0].latency == 40_000_000)
    #expect(samples[0].ttft == 20_000_000)
    // From the first attempt's due time, 2 ms before its start, to the second's end.
    #expect(samples[0].total == 3 * Sample.second + 41_000_000 + 2_000_000)
    #expect(samples[0].usd == 0.25)
    #expect(samples[0].replacement == "b")
    #expect(samples[0].reasons == ["right: no"])
    #expect(samples[1].outcome == .skipped)
    #expect(samples[1].failure == .auth)
    #expect(samples[1].attempts == 0)
    #expect(try store.done(of: "run-1").closed == ["a.1", "b.1"])
    #expect(try store.run().done == 2)
  }

  @Test func manyAppendersAreAllAcknowledged() async throws {
    let folder = try ScratchFolder()
    let store = try Store(path: folder.database, mode: .readWrite)
    try store.begin(Sample.run())
    let log = try RunLog(store, run: "run-1")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 1...500 {
        group.addTask {
          let attempt = Sample.attempt(Sample.identity("a", index), latency: 1_000_000)
          try await log.append([.started(attempt)])
          try await log.append([.ended(attempt, Grade(.pass))])
        }
      }
      try await group.waitForAll()
    }
    #expect(try store.done(of: "run-1").closed.count == 500)
  }

  @Test func aCancelledTaskIsWrittenAllTheSame() async throws {
    let folder = try ScratchFolder()
    let store = try Store(path: folder.database, mode: .readWrite)
    try store.begin(Sample.run())
    let log = try RunLog(store, run: "run-1")
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.cancelAll()
      for index in 1...20 {
        group.addTask {
          let attempt = Sample.attempt(Sample.identity("a", index), latency: 1_000_000)
          try await log.append([.started(attempt), .ended(attempt, Grade(.pass))])
        }
      }
      try await group.waitForAll()
    }
    #expect(try store.done(of: "run-1").closed.count == 20)
  }

  @Test func aFailingCommitIsToldToEveryoneAndKeepsWhatWasThere() async throws {
    let folder = try ScratchFolder()
    let store = try Store(path: folder.database, mode: .readWrite)
    let attempt = Sample.attempt(Sample.identity("a", 1), latency: 1_000_000)
    try await fill(store, [.started(attempt), .ended(attempt, Grade(.pass))])
    try store.limitPages()
    let log = try RunLog(store, run: "run-1")
    var big = Sample.attempt(Sample.identity("a", 2), latency: 1_000_000)
    big.exchange.answer = String(repeating: "x", count: 1 << 20)
    await #expect(throws: StoreError.full(path: folder.database)) {
      try await log.append([.started(big), .ended(big, Grade(.pass))])
    }
    #expect(try store.done(of: "run-1").closed == ["a.1"])
  }

  @Test func aResumedRunKnowsWhatWasInFlight() async throws {
    let folder = try ScratchFolder()
    let store = try Store(path: folder.database, mode: .readWrite)
    try await fill(store, [.started(Sample.attempt(Sample.identity("a", 1)))])
    try store.resume("run-1")
    var statuses: [Attempt.Status] = []
    try store.forEachAttempt(of: "run-1") { statuses.append($0.status) }
    #expect(statuses == [.cancelled])
    #expect(try store.done(of: "run-1").attempts == ["a.1": 1])
  }

  @Test func whatWasLostOrRefusedForTheAccountIsNotTheSamplesOwn() async throws {
    let folder = try ScratchFolder()
    let store = try Store(path: folder.database, mode: .readWrite)
    let sample = Sample.identity("a", 1)
    var lost = Sample.attempt(sample, at: Sample.noon - 9000 * Sample.second, latency: 1)
    lost.status = .cancelled
    let refused = Sample.attempt(
      sample, number: 2, at: Sample.noon - 60 * Sample.second, latency: 1,
      failure: Failure(.rateMinute, "too many"))
    let good = Sample.attempt(sample, number: 3, latency: 40_000_000)
    try await fill(
      store,
      [
        .started(lost), .ended(lost, nil), .started(refused), .ended(refused, nil),
        .started(good), .ended(good, Grade(.pass)),
      ])
    var records: [SampleRecord] = []
    try store.forEachSample(of: "run-1") { records.append($0) }
    #expect(records.map(\.attempts) == [1])
    #expect(records.map(\.total) == [43_000_000])
    let database = try DatabaseQueue(path: folder.database)
    let row = try await database.read { db in
      let row = try Row.fetchOne(db, sql: "SELECT attempts, total_ms FROM samples")
      return [row?["attempts"] as Double?, row?["total_ms"] as Double?]
    }
    #expect(row == [1, 43])
  }

  @Test func theLedgerCountsTheLastDayOfEveryRun() async throws {
    let folder = try ScratchFolder()
    let store = try Store(path: folder.database, mode: .readWrite)
    let hour = 3600 * Sample.second
    let old = Sample.attempt(Sample.identity("a", 1), at: Sample.noon - 25 * hour, latency: 1)
    let recent = Sample.attempt(Sample.identity("a", 2), at: Sample.noon - hour, latency: 1)
    try await fill(store, [.started(old), .ended(old, nil), .started(recent), .ended(recent, nil)])
    let ledger = try store.ledger(of: Sample.suite, anchor: Sample.noon)
    #expect(ledger.map(\.time) == [.seconds(-3600)])
    #expect(ledger.map(\.tokens) == [15])
    #expect(ledger.map(\.limit) == ["shared"])
  }

  @Test func theLedgerFollowsTheKeyAndNotTheNames() async throws {
    let folder = try ScratchFolder()
    let store = try Store(path: folder.database, mode: .readWrite)
    // Lost in a crash, so that nobody knows how many tokens it took; and one after the clock was set back.
    let lost = Sample.attempt(Sample.identity("a", 1), at: Sample.noon - 2 * Sample.second)
    let later = Sample.attempt(Sample.identity("a", 2), at: Sample.noon + 9, latency: 1)
    try await fill(store, [.started(lost), .started(later), .ended(later, nil)])
    var renamed = Sample.suite
    renamed.limits[0].id = "other"
    renamed.targets = [Target(id: "z", account: "simulator", model: "z", limit: "other")]
    let ledger = try store.ledger(of: renamed, anchor: Sample.noon)
    #expect(ledger.map(\.limit) == ["other", "other"])
    #expect(ledger.map(\.time) == [.seconds(-2), .zero])
    #expect(ledger.map(\.tokens) == [nil, 15])
    // Another key, another quota; and without windows nothing counts.
    var elsewhere = renamed
    elsewhere.accounts[0].keyVariable = "OTHER_KEY"
    #expect(try store.ledger(of: elsewhere, anchor: Sample.noon).isEmpty)
    renamed.limits[0].windows = []
    #expect(try store.ledger(of: renamed, anchor: Sample.noon).isEmpty)
  }

  @Test func oneRunAtATimeHasAQuota() async throws {
    let folder = try ScratchFolder()
    let store = try Store(path: folder.database, mode: .readWrite)
    for id in ["run-1", "run-2", "run-3"] { try store.begin(Sample.run(id)) }
    #expect(try store.claim(["x", "y"], for: "run-1") == nil)
    #expect(try store.claim(["z"], for: "run-2") == nil)
    let claimant = try store.claim(["a", "y"], for: "run-3")
    #expect(claimant?.run == "run-1" && claimant?.quota == "y")
    // None of several is taken while one is in use.
    #expect(try store.claim(["a"], for: "run-2") == nil)
    try store.end("run-1", .paused, reason: nil, at: Sample.noon)
    #expect(try store.claim(["y"], for: "run-3") == nil)
    // What a run had that has ended is anybody's.
    #expect(try store.claim(["y"], for: "run-1")?.run == "run-3")
    // A process that is gone has nothing.
    let database = try DatabaseQueue(path: folder.database)
    try await database.write { db in
      try db.execute(sql: "UPDATE run SET process = '1:0', claim = '1:0' || char(10) || 'y'")
    }
    #expect(try store.claim(["y"], for: "run-1") == nil)
  }
}

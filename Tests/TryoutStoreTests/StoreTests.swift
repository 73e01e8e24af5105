import Foundation
import GRDB
import Testing
import TryoutCore
import TryoutStore

struct StoreTests {
  @Test func runsAreReadBackAsTheyWereWritten() throws {
    let folder = try ScratchFolder()
    let store = try Store(path: folder.database, mode: .readWrite)
    try store.begin(Sample.run())
    let run = try store.run()
    #expect(run == Sample.run())
    #expect(run.suite == Sample.suite)
    try store.end("run-1", .paused, reason: "quota", at: Sample.noon + 5)
    let ended = try store.run("run")
    #expect(ended.state == .paused)
    #expect(ended.reason == "quota")
    #expect(ended.endedAt == Sample.noon + 5)
    store.close()
  }

  @Test func runsAreFoundByTheBeginningOfTheirIDs() throws {
    let folder = try ScratchFolder()
    let store = try Store(path: folder.database, mode: .readWrite)
    #expect(throws: StoreError.noRuns(path: folder.database)) { try store.run() }
    try store.begin(Sample.run("2026a", at: Sample.noon))
    try store.begin(Sample.run("2026b", at: Sample.noon + 1))
    #expect(try store.run().id == "2026b")
    #expect(try store.run("2026a").id == "2026a")
    #expect(throws: StoreError.ambiguousRun("2026", matches: ["2026b", "2026a"])) {
      try store.run("2026")
    }
    #expect(
      StoreError.ambiguousRun("2", matches: ["2a", "2b", "2c", "2d", "2e", "2f"]).description
        == "2 may be 2a or 2b or 2c or 2d or 2 more. Write more of it.")
    #expect(throws: StoreError.unknownRun("x", path: folder.database)) { try store.run("x") }
    #expect(try store.runs().map(\.id) == ["2026b", "2026a"])
  }

  /// Whoever changed the file meant no good; what is read of it must add up all the same.
  @Test(arguments: [Int64.min, .max])
  func timesBeyondAllBoundsAreReadWithinThem(time: Int64) async throws {
    let folder = try ScratchFolder()
    let store = try Store(path: folder.database, mode: .readWrite)
    try store.begin(Sample.run())
    let attempt = Sample.attempt(Sample.identity("a", 1), latency: 9)
    try await RunLog(store, run: "run-1").append([
      .started(attempt), .ended(attempt, Grade(.pass)),
    ])
    try await DatabaseQueue(path: folder.database).write { db in
      try db.execute(
        sql: """
          UPDATE run SET started_at = :time, ended_at = -1 - :time, planned = :time;
          UPDATE attempt SET booked_at = 9223372036854775807;
          UPDATE result SET started_at = :time, queue_ns = -1 - :time, end_ns = :time,
            first_token_ns = -1 - :time, last_token_ns = :time, total_tokens = :time,
            prompt_tokens = :time, completion_tokens = :time
          """, arguments: ["time": time])
    }
    let run = try store.run()
    #expect(run.planned >= 0)
    let length = try #require(run.endedAt).subtractingReportingOverflow(run.startedAt)
    #expect(!length.overflow)
    var samples: [SampleRecord] = []
    try store.forEachSample(of: run.id) { samples.append($0) }
    #expect(samples.map(\.usage) == [Usage()])
    var attempts: [Attempt] = []
    try store.forEachAttempt(of: run.id) { attempts.append($0) }
    #expect(attempts.map(\.exchange.decodeRate) == [nil])
    let ledger = try store.ledger(of: Sample.suite, anchor: Sample.noon)
    #expect(ledger.map(\.tokens) == [nil])
  }

  /// Its maker was killed when it had a header and nothing else.
  @Test func halfMadeFileIsAnEmptyOne() throws {
    let folder = try ScratchFolder()
    let maker = try DatabaseQueue(path: folder.database)
    try maker.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
    try maker.close()
    #expect(throws: StoreError.noRuns(path: folder.database)) {
      try Store(path: folder.database, mode: .readOnly)
    }
    let store = try Store(path: folder.database, mode: .readWrite)
    try store.begin(Sample.run())
    #expect(try store.run() == Sample.run())
  }

  /// It has no table yet, but a version, which its maker counts by.
  @Test func emptyFileOfAnotherProgramIsNotOurs() throws {
    let folder = try ScratchFolder()
    let maker = try DatabaseQueue(path: folder.database)
    try maker.write { try $0.execute(sql: "PRAGMA user_version = 5") }
    try maker.close()
    for mode in [Store.Mode.readOnly, .readWrite] {
      #expect(throws: StoreError.foreign(path: folder.database)) {
        try Store(path: folder.database, mode: mode)
      }
    }
  }

  @Test func everyCommitIsSynchronisedToDisk() throws {
    let folder = try ScratchFolder()
    let store = try Store(path: folder.database, mode: .readWrite)
    try store.begin(Sample.run())
    // A second connection sees the mode of the file; the level belongs to the connection and is asked there.
    let other = try DatabaseQueue(path: folder.database)
    #expect(try other.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
    #expect(store.synchronousLevel == 2)
  }

  @Test func aClosedStoreIsOneFile() throws {
    let folder = try ScratchFolder()
    let store = try Store(path: folder.database, mode: .readWrite)
    try store.begin(Sample.run())
    store.close()
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(files == ["t.db"])
  }

  @Test func readersChangeNothing() throws {
    let folder = try ScratchFolder()
    #expect(throws: StoreError.missing(path: folder.database)) {
      try Store(path: folder.database, mode: .readOnly)
    }
    try Store(path: folder.database, mode: .readWrite).close()
    let reader = try Store(path: folder.database, mode: .readOnly)
    #expect(throws: StoreError.cannotWrite(path: folder.database, reason: "it is read-only")) {
      try reader.begin(Sample.run())
    }
  }

  @Test func manyMayMakeOneFileAtOnce() async throws {
    let folder = try ScratchFolder()
    let path = folder.database
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 1...6 {
        group.addTask {
          let store = try Store(path: path, mode: .readWrite)
          try store.begin(Sample.run("run-\(index)"))
        }
      }
      try await group.waitForAll()
    }
    let store = try Store(path: path, mode: .readOnly)
    #expect(try store.runs().count == 6)
  }

  @Test func aClosedStoreNeedsNoFolderThatCanBeWritten() throws {
    let folder = try ScratchFolder()
    let store = try Store(path: folder.database, mode: .readWrite)
    store.close()
    // Without a write-ahead log a reader makes no file beside it.
    let mode = try DatabaseQueue(path: folder.database).read {
      try String.fetchOne($0, sql: "PRAGMA journal_mode")
    }
    #expect(mode == "delete")
  }

  @Test func aTextFileIsRefusedAndLeftAlone() throws {
    let folder = try ScratchFolder()
    let text = String(repeating: "Dear diary, today I measured nothing.\n", count: 40)
    try text.write(toFile: folder.database, atomically: true, encoding: .utf8)
    for mode in [Store.Mode.readOnly, .readWrite] {
      #expect(throws: StoreError.notADatabase(path: folder.database)) {
        try Store(path: folder.database, mode: mode)
      }
    }
    #expect(try String(contentsOfFile: folder.database, encoding: .utf8) == text)
  }

  @Test func anotherProgramsDatabaseIsRefusedAndLeftAlone() throws {
    let folder = try ScratchFolder()
    try DatabaseQueue(path: folder.database).write { db in
      try db.execute(sql: "CREATE TABLE diary (day TEXT); PRAGMA application_id = 7")
    }
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.database))
    for mode in [Store.Mode.readOnly, .readWrite] {
      #expect(throws: StoreError.foreign(path: folder.database)) {
        try Store(path: folder.database, mode: mode)
      }
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.database)) == before)
  }

  @Test func aNewerSchemaIsRefused() throws {
    let folder = try ScratchFolder()
    try Store(path: folder.database, mode: .readWrite).close()
    try DatabaseQueue(path: folder.database).write { db in
      try db.execute(sql: "PRAGMA user_version = 99")
    }
    for mode in [Store.Mode.readOnly, .readWrite] {
      #expect(throws: StoreError.newer(path: folder.database, version: 99)) {
        try Store(path: folder.database, mode: mode)
      }
    }
  }

  @Test func aFolderIsNoDatabase() throws {
    let folder = try ScratchFolder()
    #expect(throws: StoreError.directory(path: folder.path)) {
      try Store(path: folder.path, mode: .readWrite)
    }
  }

  @Test func aRunWhoseProcessIsGoneHasCrashed() throws {
    let folder = try ScratchFolder()
    let store = try Store(path: folder.database, mode: .readWrite)
    try store.begin(Sample.run())
    store.close()
    // No process has this number: Linux and macOS end theirs far below.
    try DatabaseQueue(path: folder.database).write { db in
      try db.execute(sql: "UPDATE run SET process = '2147483000:1'")
    }
    let reader = try Store(path: folder.database, mode: .readOnly)
    #expect(try reader.runs().map(\.state) == [.crashed])
    #expect(try reader.run().state == .crashed)
    reader.close()
    let writer = try Store(path: folder.database, mode: .readWrite)
    writer.close()
    let state = try DatabaseQueue(path: folder.database).read {
      try String.fetchOne($0, sql: "SELECT state FROM runs")
    }
    #expect(state == "crashed")
  }
}

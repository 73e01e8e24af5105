import Foundation
import GRDB
import Testing
import TryoutCore
import TryoutStatistics

@testable import TryoutStore

/// What lies on the disk at some moment is what a process that dies then leaves behind.
struct CrashTests {
  /// Appends samples one after the other; after each the files as they lie there are handed over.
  private func run(
    in folder: borrowing ScratchFolder, samples: Int, _ body: (Int) async throws -> Void
  ) async throws -> Store {
    let store = try Store(path: folder.database, mode: .readWrite)
    try store.begin(Sample.run())
    let log = try RunLog(store, run: "run-1")
    for index in 1...samples {
      let attempt = Sample.attempt(Sample.identity("a", index), latency: 1_000_000)
      try await log.append([.started(attempt)])
      try await log.append([.ended(attempt, Grade(.pass))])
      try await body(index)
    }
    return store
  }

  /// Copies the file and its log, without the shared memory, which no restart of a machine survives.
  private func copy(
    _ folder: borrowing ScratchFolder, to other: borrowing ScratchFolder
  ) throws {
    for ending in ["", "-wal"] {
      try FileManager.default.copyItem(
        atPath: folder.database + ending, toPath: other.database + ending)
    }
  }

  @Test func whatWasAcknowledgedIsInTheFilesAtThatMoment() async throws {
    let folder = try ScratchFolder()
    let store = try await run(in: folder, samples: 20) { index in
      let left = try ScratchFolder()
      try copy(folder, to: left)
      let found = try Store(path: left.database, mode: .readWrite)
      #expect(try found.done(of: "run-1").closed.count == index)
      found.close()
    }
    store.close()
  }

  /// A cut or a flipped bit stands for what a power failure leaves of the last pages.
  @Test func aTornLogLosesItsEndAndNothingElse() async throws {
    let folder = try ScratchFolder()
    let store = try await run(in: folder, samples: 20) { _ in }
    let whole = try Data(contentsOf: URL(fileURLWithPath: folder.database + "-wal"))
    var random = SplitMix64(seed: 11)
    var counts: [Int] = []
    for trial in 1...40 {
      let left = try ScratchFolder()
      try copy(folder, to: left)
      let place = Int(random.next() % UInt64(whole.count))
      var torn = trial % 2 == 0 ? whole.prefix(place) : whole
      if trial % 2 == 1 { torn[place] ^= 0x40 }
      try torn.write(to: URL(fileURLWithPath: left.database + "-wal"))
      guard let found = try? Store(path: left.database, mode: .readWrite) else {
        // Cut before its first commit, the log holds no table, and the file is still without any.
        continue
      }
      guard (try? found.run("run-1")) != nil else { continue }
      let closed = try found.done(of: "run-1").closed
      #expect(closed == Set((1...20).prefix(closed.count).map { "a.\($0)" }))
      let verdict = try await found.queue.read {
        try String.fetchOne($0, sql: "PRAGMA integrity_check")
      }
      #expect(verdict == "ok")
      counts.append(closed.count)
      // And it can be written again.
      let log = try RunLog(found, run: "run-1")
      try await log.append([.closed(Sample.identity("b", 1), Grade(.skipped))])
      #expect(try found.done(of: "run-1").closed.count == closed.count + 1)
    }
    #expect(Set(counts).count > 5)
    store.close()
  }

  @Test func afterATransactionThatFailedTheLogKnowsWhatIsThere() async throws {
    let folder = try ScratchFolder()
    let store = try await run(in: folder, samples: 3) { _ in }
    let log = try RunLog(store, run: "run-1")
    let open = Sample.attempt(Sample.identity("b", 1), latency: 1_000_000)
    try await log.append([.started(open)])
    // The same attempt twice does not fit; what came with it goes with it.
    let lost = Sample.attempt(Sample.identity("b", 2), latency: 1_000_000)
    await #expect(throws: StoreError.self) {
      try await log.append([.started(lost), .started(open)])
    }
    try await log.append([.ended(open, Grade(.pass)), .started(lost), .ended(lost, Grade(.fail))])
    #expect(try store.done(of: "run-1").closed == ["a.1", "a.2", "a.3", "b.1", "b.2"])
    #expect(try store.done(of: "run-1").requests == 5)
  }

  /// Its writer died in the middle of a commit, where a rollback journal is kept or the file was being made.
  @Test func whoOnlyReadsSeesTheFileAsItWasBeforeAHalfCommit() throws {
    let folder = try ScratchFolder()
    let left = try ScratchFolder()
    let store = try Store(path: folder.database, mode: .readWrite)
    try store.begin(Sample.run())
    store.close()
    let writer = try DatabaseQueue(path: folder.database)
    try writer.writeWithoutTransaction { db in
      // So that pages are written before the commit.
      try db.execute(sql: "PRAGMA foreign_keys = OFF; PRAGMA cache_size = 2; BEGIN")
      defer { try? db.execute(sql: "ROLLBACK") }
      try db.execute(sql: "UPDATE run SET state = 'finished'")
      try db.execute(
        sql: """
          WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
          INSERT INTO text (attempt, answer) SELECT i, hex(randomblob(500)) FROM n
          """)
      for ending in ["", "-journal"] {
        try FileManager.default.copyItem(
          atPath: folder.database + ending, toPath: left.database + ending)
      }
    }
    let reader = try Store(path: left.database, mode: .readOnly)
    #expect(try reader.run().state != .finished)
    #expect(try reader.damages() == [])
    #expect(!FileManager.default.fileExists(atPath: left.database + "-journal"))
  }

  /// This way of locking, by files, has no shared memory, as a network's file system has none.
  @Test func withoutSharedMemoryARollbackJournalIsKept() async throws {
    let folder = try ScratchFolder()
    let path = "file:\(folder.database)?vfs=unix-dotfile"
    let store = try Store(path: path, mode: .readWrite)
    try store.begin(Sample.run())
    let attempt = Sample.attempt(Sample.identity("a", 1), latency: 1_000_000)
    try await RunLog(store, run: "run-1").append([.started(attempt), .ended(attempt, Grade(.pass))])
    let (mode, level) = try await store.queue.read { db in
      (
        try String.fetchOne(db, sql: "PRAGMA journal_mode"),
        try Int.fetchOne(db, sql: "PRAGMA synchronous")
      )
    }
    #expect(mode == "delete")
    #expect(level == 3)
    #expect(!FileManager.default.fileExists(atPath: folder.database + "-wal"))
    store.close()
    let reader = try Store(path: folder.database, mode: .readOnly)
    #expect(try reader.done(of: "run-1").closed == ["a.1"])
  }

  @Test(arguments: [
    (path: "/home/me/t.db", kind: "ext4"), ("/data/night/t.db", "nfs4"),
    ("/database/t.db", "ext4"), ("/my files/t.db", "fuse.sshfs"), ("/data/fast/t.db", "xfs"),
  ])
  func theFileSystemOfAPathIsFound(path: String, kind: String) {
    let mounts = """
      rootfs / rootfs rw 0 0
      /dev/sda1 / ext4 rw,relatime 0 0
      server:/export /data nfs4 rw,vers=4.2 0 0
      /dev/sdb1 /data/fast xfs rw 0 0
      me@server: /my\\040files fuse.sshfs rw 0 0
      """
    #expect(Journal.fileSystem(of: path, in: mounts) == kind)
    #expect(Journal.isNetwork(kind) == (kind == "nfs4" || kind == "fuse.sshfs"))
  }

  #if os(Linux)
  @Test func aProcessThatNobodyWaitedForIsGone() throws {
    var process: pid_t = 0
    var words = [strdup("/bin/true"), nil]
    defer { free(words[0]) }
    try #require(posix_spawn(&process, "/bin/true", nil, nil, &words, nil) == 0)
    var info = siginfo_t()
    try #require(waitid(P_PID, id_t(process), &info, WEXITED | WNOWAIT) == 0)
    // It is still in the table of processes.
    #expect(kill(process, 0) == 0)
    #expect(!Host.isAlive(String(process)))
    waitpid(process, nil, 0)
    #expect(Host.isAlive(Host.process))
  }
  #endif

  @Test func whatSeemsToLieAheadCountsAsJustSent() async throws {
    let folder = try ScratchFolder()
    let store = try await run(in: folder, samples: 1) { _ in }
    // Two hours back.
    let anchor = Sample.noon - 7200 * Sample.second
    #expect(try store.ledger(of: Sample.suite, anchor: anchor).map(\.time) == [.zero])
  }

  @Test func aRunIsShownWithWhatItSpent() async throws {
    let folder = try ScratchFolder()
    let store = try await run(in: folder, samples: 4) { _ in }
    let lost = Sample.attempt(Sample.identity("b", 1))
    try await RunLog(store, run: "run-1").append([.started(lost)])
    try store.begin(Sample.run("run-0", at: Sample.noon - 1))
    let runs = try store.runs()
    #expect(runs.map(\.requests) == [5, 0])
    #expect(runs.map(\.done) == [4, 0])
    #expect(runs.map(\.tokens) == [60, nil])
    #expect(runs.map(\.usd) == [1, nil])
  }
}

import Foundation
import GRDB
import Testing
import TryoutCore

@testable import TryoutStore

/// Files of an older version; that of the tests is today's, made older by a version that does not exist yet.
struct MigrationTests {
  private let addNote = Migration(steps: ["ALTER TABLE run ADD COLUMN note TEXT"])

  private func older(_ folder: borrowing ScratchFolder) throws {
    let store = try Store(path: folder.database, mode: .readWrite)
    try store.begin(Sample.run())
    store.close()
  }

  private func version(_ path: String) throws -> Int {
    try DatabaseQueue(path: path).read(Migration.version)
  }

  private func files(_ folder: borrowing ScratchFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test func anOlderFileIsCopiedAndBroughtUpToDate() throws {
    let folder = try ScratchFolder()
    try older(folder)
    let store = try Store(path: folder.database, mode: .readWrite, addNote)
    #expect(try store.run().suite == Sample.suite)
    store.close()
    #expect(try files(folder) == ["t.db", "t.db.v1.bak"])
    #expect(try version(folder.database) == 2)
    let copy = try Store(path: folder.database + ".v1.bak", mode: .readOnly)
    #expect(try copy.run().suite == Sample.suite)
    // Nothing is left to do the next time.
    try FileManager.default.removeItem(atPath: folder.database + ".v1.bak")
    try Store(path: folder.database, mode: .readWrite, addNote).close()
    #expect(try files(folder) == ["t.db"])
  }

  @Test func whoOnlyReadsChangesNothing() throws {
    let folder = try ScratchFolder()
    try older(folder)
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.database))
    #expect(throws: StoreError.older(path: folder.database, version: 1)) {
      try Store(path: folder.database, mode: .readOnly, addNote)
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.database)) == before)
    #expect(try files(folder) == ["t.db"])
  }

  @Test func aStepThatFailsLeavesTheFileAsItWas() throws {
    let folder = try ScratchFolder()
    try older(folder)
    let broken = Migration(steps: addNote.steps + ["ALTER TABLE nothing ADD COLUMN note TEXT"])
    #expect(throws: StoreError.self) {
      try Store(path: folder.database, mode: .readWrite, broken)
    }
    #expect(try version(folder.database) == 1)
    #expect(try Store(path: folder.database, mode: .readOnly).run().suite == Sample.suite)
  }

  @Test func noCopyMeansNoChange() throws {
    let folder = try ScratchFolder()
    try older(folder)
    try FileManager.default.createDirectory(
      atPath: folder.database + ".v1.bak/taken", withIntermediateDirectories: true)
    #expect(throws: StoreError.self) {
      try Store(path: folder.database, mode: .readWrite, addNote)
    }
    #expect(try version(folder.database) == 1)
    #expect(try files(folder).filter { $0.contains("bak.") } == [])
  }

  @Test func ofManyWhoTryOneDoesIt() async throws {
    let folder = try ScratchFolder()
    try older(folder)
    let (path, migration) = (folder.database, addNote)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 1...4 {
        group.addTask { _ = try Store(path: path, mode: .readWrite, migration) }
      }
      try await group.waitForAll()
    }
    #expect(try version(path) == 2)
    #expect(try version(path + ".v1.bak") == 1)
  }
}

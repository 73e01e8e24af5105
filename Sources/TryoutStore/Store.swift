import Foundation
import GRDB

/// Every attempt ever made, in one SQLite file.
///
/// One connection writes; readers open the file read-only and never change it.
package final class Store: Sendable {
  package enum Mode: Sendable { case readOnly, readWrite }

  package let path: String
  let queue: DatabaseQueue

  /// Opens the file, making it where it may be written and is not there.
  ///
  /// A file of an older version is brought up to date where it may be written, after a copy of it was made. Throws a
  /// `StoreError` for every file that is not a store of this or an older version.
  package convenience init(path: String, mode: Mode) throws(StoreError) {
    try self.init(path: path, mode: mode, Migration(steps: Schema.migrations))
  }

  init(path: String, mode: Mode, _ migration: Migration) throws(StoreError) {
    self.path = path
    try Store.inspect(path, mode)
    do {
      queue = try Store.open(path, mode)
      if mode == .readWrite { try Store.createIfEmpty(queue) }
    } catch {
      throw StoreError.from(error, path: path)
    }
    try check(migration.version, mode)
    guard mode == .readWrite else { return }
    do {
      // Only now, so that a file that is not ours stays as it was.
      try queue.writeWithoutTransaction { try Journal.open($0, path: path) }
      try migration.apply(queue, path: path)
    } catch {
      throw StoreError.from(error, path: path)
    }
    try markCrashedRuns()
  }

  /// Lets go of the file, and makes it one that can be read without a write-ahead log beside it.
  ///
  /// Where somebody else has it open, it stays as it is; nothing is lost either way.
  package func close() {
    try? queue.writeWithoutTransaction { db in
      guard !db.configuration.readonly else { return }
      try db.execute(sql: "PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE")
    }
    try? queue.close()
  }

  /// Reads in one snapshot, with errors in words.
  func read<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    do { return try queue.read(body) } catch { throw StoreError.from(error, path: path) }
  }

  /// Writes in one transaction, with errors in words.
  func write<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    do { return try queue.write(body) } catch { throw StoreError.from(error, path: path) }
  }

  /// Refuses what cannot be a database without touching it; opening a pipe would wait for its writer.
  private static func inspect(_ path: String, _ mode: Mode) throws(StoreError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      if mode == .readOnly { throw .missing(path: path) }
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw .directory(path: path)
    // SQLite takes a file of one byte for an empty one (`unixFileSize` in os_unix.c).
    case S_IFREG where status.st_size != 1: return
    default: throw .notADatabase(path: path)
    }
  }

  private static func open(_ path: String, _ mode: Mode) throws -> DatabaseQueue {
    func queue(_ mode: Mode) throws -> DatabaseQueue {
      let queue = try DatabaseQueue(path: path, configuration: configuration(mode))
      _ = try queue.read(isEmpty)
      return queue
    }
    do {
      return try queue(mode)
    } catch let error as DatabaseError
      where mode == .readOnly && error.extendedResultCode == .SQLITE_READONLY_ROLLBACK
    {
      // Its writer died in the middle of a commit. Only who may write can take that back; nobody was told of it.
      try queue(.readWrite).close()
      return try queue(mode)
    }
  }

  private static func configuration(_ mode: Mode) -> Configuration {
    var configuration = Configuration()
    configuration.readonly = mode == .readOnly
    // The one writer makes every key itself; looking each up again would be a tenth of its work.
    configuration.foreignKeysEnabled = false
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
    }
    return configuration
  }

  /// Makes an empty file ours; of several processes that try at once, one does it.
  private static func createIfEmpty(_ queue: DatabaseQueue) throws {
    guard try queue.read(isEmpty) else { return }
    try queue.inTransaction(.immediate) { db in
      if try isEmpty(db) { try Schema.create(db) }
      return .commit
    }
  }

  /// Whether it is a new file, or one whose maker died before it was made.
  private static func isEmpty(_ db: Database) throws -> Bool {
    try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0
      && Int32.fetchOne(db, sql: "PRAGMA application_id") == 0
      && Migration.version(db) == 0
  }

  /// Whether the last page has lost its end: SQLite would read zeros there, and take them for rows that never were.
  ///
  /// Beside a log that was not taken in yet the file may end anywhere.
  private func isCut(_ db: Database) throws -> Bool {
    let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    func size(_ path: String) -> Int64 {
      var status = stat()
      return stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }
    guard size(file + "-wal") == 0, size(file + "-journal") == 0,
      let page = try Int64.fetchOne(db, sql: "PRAGMA page_size"), page > 0
    else { return false }
    return size(file) % page != 0
  }

  private func check(_ current: Int, _ mode: Mode) throws(StoreError) {
    let (id, version, lacksEnd) = try read { db in
      try (
        Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0, Migration.version(db), isCut(db)
      )
    }
    guard id == Schema.applicationID, version > 0 else {
      throw try read(Store.isEmpty) ? .noRuns(path: path) : .foreign(path: path)
    }
    guard version <= current else { throw .newer(path: path, version: version) }
    if lacksEnd { throw .damaged(path: path, reason: "its end is missing") }
    guard version == current || mode == .readWrite else {
      throw .older(path: path, version: version)
    }
  }
}

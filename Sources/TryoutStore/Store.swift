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
  /// Throws a `StoreError` for every file that is not a store of this or an older version.
  package init(path: String, mode: Mode) throws(StoreError) {
    self.path = path
    let size = try Store.inspect(path, mode)
    do {
      queue = try DatabaseQueue(path: path, configuration: Store.configuration(mode))
      if size == 0 {
        try queue.inTransaction(.immediate) { db in
          if try Int.fetchOne(db, sql: "PRAGMA user_version") == 0 { try Schema.create(db) }
          return .commit
        }
      }
    } catch {
      throw StoreError.from(error, path: path)
    }
    try check()
    if mode == .readWrite { try markCrashedRuns() }
  }

  /// Moves everything from the write-ahead log into the file and lets go of it.
  package func close() throws(StoreError) {
    do {
      _ = try queue.writeWithoutTransaction { db in
        if !db.configuration.readonly { _ = try db.checkpoint(.truncate) }
      }
      try queue.close()
    } catch {
      throw StoreError.from(error, path: path)
    }
  }

  /// Reads in one snapshot, with errors in words.
  func read<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    do { return try queue.read(body) } catch { throw StoreError.from(error, path: path) }
  }

  /// Writes in one transaction, with errors in words.
  func write<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    do { return try queue.write(body) } catch { throw StoreError.from(error, path: path) }
  }

  /// The size of the file, 0 where there is none yet; refuses what cannot be a database without touching it.
  private static func inspect(_ path: String, _ mode: Mode) throws(StoreError) -> Int {
    var isDirectory = ObjCBool(false)
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      if mode == .readOnly { throw .missing(path: path) }
      return 0
    }
    if isDirectory.boolValue { throw .directory(path: path) }
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? Int) ?? 0
  }

  private static func configuration(_ mode: Mode) -> Configuration {
    var configuration = Configuration()
    configuration.readonly = mode == .readOnly
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
      guard mode == .readWrite else { return }
      // Checked before the first write, so that a foreign file stays as it was.
      let id = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
      let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
      let version = try Int32.fetchOne(db, sql: "PRAGMA user_version") ?? 0
      let isOurs = id == Schema.applicationID && version <= Schema.version
      guard isOurs || (id == 0 && tables == 0) else { return }
      try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
      try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
    }
    return configuration
  }

  private func check() throws(StoreError) {
    let (id, version) = try read { db in
      (
        try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0,
        try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
      )
    }
    guard id == Schema.applicationID else { throw .foreign(path: path) }
    guard version <= Int(Schema.version) else { throw .newer(path: path, version: version) }
  }
}

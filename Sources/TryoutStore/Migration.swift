import Foundation
import GRDB

/// Brings a file of an older version up to date, after a copy of it was made.
struct Migration {
  /// What turns a file of version N into one of version N + 1, at index N - 1; views are made anew after the last.
  let steps: [String]

  var version: Int { steps.count + 1 }

  /// Does what is missing in one transaction, so that a file is of one version or of another and never between.
  ///
  /// The copy is complete and on disk before anything is changed.
  func apply(_ queue: DatabaseQueue, path: String) throws {
    let found = try queue.read(Migration.version)
    guard found < version else { return }
    try backUp(queue, path, version: found)
    try queue.inTransaction(.exclusive) { db in
      // Somebody else may have done it meanwhile.
      for step in steps.dropFirst(try Migration.version(db) - 1) { try db.execute(sql: step) }
      try Schema.renewViews(db)
      try db.execute(sql: "PRAGMA user_version = \(version)")
      return .commit
    }
  }

  /// Writes the copy under a name of its own first: under its final name there is always a whole one.
  private func backUp(_ queue: DatabaseQueue, _ path: String, version: Int) throws {
    let copy = URL(fileURLWithPath: "\(path).v\(version).bak")
    let draft = copy.appendingPathExtension(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: draft) }
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: "VACUUM INTO ?", arguments: [draft.path])
    }
    // Somebody else may have changed the file meanwhile, and has made the copy.
    guard try DatabaseQueue(path: draft.path).read(Migration.version) == version else { return }
    // SQLite leaves a copy of this kind to the system's cache.
    let file = try FileHandle(forUpdating: draft)
    try file.synchronize()
    try file.close()
    guard rename(draft.path, copy.path) == 0 else {
      throw StoreError.cannotWrite(path: copy.path, reason: String(cString: strerror(errno)))
    }
  }

  static func version(_ db: Database) throws -> Int {
    try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
  }
}

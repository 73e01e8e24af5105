import Foundation
import GRDB

/// Why a store cannot be used, in words for users.
package enum StoreError: Error, Equatable, CustomStringConvertible {
  case missing(path: String)
  case directory(path: String)
  case notADatabase(path: String)
  case foreign(path: String)
  case newer(path: String, version: Int)
  case older(path: String, version: Int)
  case damaged(path: String, reason: String)
  case cannotOpen(path: String, reason: String)
  case full(path: String)
  case locked(path: String)
  case cannotWrite(path: String, reason: String)
  case noRuns(path: String)
  case unknownRun(String, path: String)
  case ambiguousRun(String, matches: [String])
  case unreadableRun(String)
  case unreadableCatalogue(source: String)
  case runGoesOn(String, process: String)

  /// Whether a wrong argument is to blame rather than the file or the disk.
  package var isUsage: Bool {
    switch self {
    case .missing, .noRuns, .unknownRun, .ambiguousRun, .runGoesOn: true
    default: false
    }
  }

  package var description: String {
    switch self {
    case .missing(let path):
      "There is no database at \(path). `tryout run SUITE --db \(path)` makes one."
    case .directory(let path):
      "\(path) is a folder. Name a file, such as \(path)/tryout.db."
    case .notADatabase(let path):
      "\(path) is not an SQLite database. It was left untouched; name another file with --db."
    case .foreign(let path):
      "\(path) is an SQLite database of another program. It was left untouched; name another file with --db."
    case .newer(let path, let version):
      "\(path) was written by a newer tryout (schema \(version); this one reads up to "
        + "\(Schema.version)). Update tryout, or name another file with --db."
    case .older(let path, let version):
      "\(path) was written by an older tryout (schema \(version); this one reads \(Schema.version)). The next "
        + "`tryout run --db \(path)` brings it up to date and keeps a copy; reading never changes a file."
    case .damaged(let path, let reason):
      "\(path) is damaged (\(reason)). `sqlite3 \(path) .recover` may save what is left."
    case .cannotOpen(let path, let reason):
      "\(path) cannot be opened: \(reason)."
    case .full(let path):
      "The disk with \(path) is full. What was measured so far is saved; make room, then resume."
    case .locked(let path):
      "Another process keeps \(path) locked. What was measured so far is saved; end that process, then resume."
    case .cannotWrite(let path, let reason):
      "\(path) cannot be written: \(reason)."
    case .noRuns(let path):
      "\(path) holds no run yet. `tryout run SUITE --db \(path)` makes one."
    case .unknownRun(let run, let path):
      "\(path) holds no run \(run). `tryout runs --db \(path)` lists them."
    case .ambiguousRun(let run, let matches):
      "\(run) may be \(matches.prefix(4).joined(separator: " or "))"
        + (matches.count > 4 ? " or \(matches.count - 4) more" : "") + ". Write more of it."
    case .unreadableRun(let run):
      "The definition of run \(run) cannot be read."
    case .unreadableCatalogue(let source):
      "What \(source) listed cannot be read as it was kept."
    case .runGoesOn(let run, let process):
      "Process \(process.prefix { $0 != ":" }) is carrying out run \(run). Wait until it ends, or interrupt it, then resume."
    }
  }

  /// The sentence for an error that SQLite reports on a file.
  static func from(_ error: any Error, path: String) -> StoreError {
    if let error = error as? StoreError { return error }
    if error is AttemptKey.TooMany {
      return .cannotWrite(path: path, reason: "it holds as many rows as it can; name another file")
    }
    guard let error = error as? DatabaseError else {
      return .cannotOpen(path: path, reason: "\(error)")
    }
    let reason = error.message ?? error.resultCode.description
    return switch error.resultCode {
    case .SQLITE_NOTADB: .notADatabase(path: path)
    case .SQLITE_CORRUPT: .damaged(path: path, reason: reason)
    case .SQLITE_FULL: .full(path: path)
    case .SQLITE_READONLY, .SQLITE_PERM: .cannotWrite(path: path, reason: "it is read-only")
    case .SQLITE_IOERR: .cannotWrite(path: path, reason: reason)
    case .SQLITE_CANTOPEN: .cannotOpen(path: path, reason: obstacle(path) ?? reason)
    case .SQLITE_BUSY, .SQLITE_LOCKED: .locked(path: path)
    default: .cannotOpen(path: path, reason: reason)
    }
  }

  /// What keeps a file from being opened or made, which SQLite does not tell.
  private static func obstacle(_ path: String) -> String? {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    var isDirectory = ObjCBool(false)
    let isThere = FileManager.default.fileExists(atPath: folder, isDirectory: &isDirectory)
    guard isThere, isDirectory.boolValue else {
      return isThere ? "\(folder) is no folder" : "there is no folder \(folder); make it first"
    }
    let place = FileManager.default.fileExists(atPath: path) ? path : folder
    guard access(place, R_OK | W_OK) != 0 else { return nil }
    return "\(place): \(String(cString: strerror(errno)))"
  }
}

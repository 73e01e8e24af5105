import Foundation
import GRDB

/// How a file that is written is kept whole.
enum Journal {
  /// Chooses a write-ahead log, or a rollback journal where processes cannot share memory beside the file.
  ///
  /// Either way a commit is on disk when it returns. A write-ahead log needs shared memory, which does not reach from
  /// one machine to another (sqlite.org/wal.html), so that on a network's file system it would be read wrongly.
  static func open(_ db: Database, path: String) throws {
    let isShared = isOnNetwork(path)
    let wanted = isShared ? "DELETE" : "WAL"
    let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode = \(wanted)")
    // EXTRA also synchronises the folder from which the journal has gone; a write-ahead log stays where it is.
    try db.execute(sql: "PRAGMA synchronous = \(mode == "wal" ? "FULL" : "EXTRA")")
    try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
  }

  #if os(Linux)
  private static func isOnNetwork(_ path: String) -> Bool {
    let mounts = (try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)) ?? ""
    let place = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    return isNetwork(fileSystem(of: place, in: mounts))
  }
  #else
  private static func isOnNetwork(_ path: String) -> Bool {
    var system = statfs()
    return statfs(path, &system) == 0 && system.f_flags & UInt32(MNT_LOCAL) == 0
  }
  #endif

  /// The kind of the file system with an absolute path, by the lines of `/proc/self/mounts`: device, place, kind, and
  /// more (proc(5)).
  static func fileSystem(of path: String, in mounts: String) -> String {
    var found = (place: "", kind: "")
    for line in mounts.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count > 2 else { continue }
      let place = String(words[1]).replacing("\\040", with: " ")
      let isAbove = place == "/" || path == place || path.hasPrefix(place + "/")
      // Of two at one place the later hides the earlier.
      if isAbove, place.count >= found.place.count { found = (place, String(words[2])) }
    }
    return found.kind
  }

  /// Whether other machines may see a file system of this kind too.
  static func isNetwork(_ kind: String) -> Bool {
    let kinds: Set = [
      "9p", "afs", "ceph", "cifs", "gfs2", "lustre", "nfs", "nfs4", "ocfs2", "smb3", "smbfs",
    ]
    return kinds.contains(kind) || kind.hasPrefix("fuse.")
  }
}

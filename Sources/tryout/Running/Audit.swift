import Foundation
import TryoutCore
import TryoutStore

/// A search of files and of a database for keys.
struct Audit {
  /// What stands in one place, and how often.
  struct Hit: Sendable, Equatable {
    var place: String
    var what: String
    var count: Int
    /// The byte of a file where it stands first; nil for a value of a table.
    var offset: Int?
  }

  let search: SecretSearch
  private(set) var hits: [Hit] = []
  private(set) var files = 0
  private(set) var bytes = 0

  init(_ search: SecretSearch) { self.search = search }

  /// Searches the values of a store, whole ones even where the file keeps them in pieces.
  mutating func look(into store: Store) throws {
    try store.forEachValue { place, bytes in
      for finding in search.findings(in: bytes) {
        add("\(store.path): \(place)", finding.what, offset: nil)
      }
    }
  }

  /// Searches a file, or every file of a folder and its folders.
  mutating func look(into path: String) throws {
    var isFolder = ObjCBool(false)
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw UserError(.usage, "There is nothing at \(path).")
    }
    guard isFolder.boolValue else {
      // A pipe without a writer would be waited for, and a device may have no end.
      let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
      let kind =
        try? FileManager.default.attributesOfItem(atPath: file)[.type] as? FileAttributeType
      guard kind == .typeRegular else {
        throw UserError(.usage, "\(path) is neither a file nor a folder.")
      }
      return try lookIntoFile(path)
    }
    let names = try FileManager.default.subpathsOfDirectory(atPath: path).sorted()
    for name in names {
      let inner = "\(path)/\(name)"
      let kind =
        try? FileManager.default.attributesOfItem(atPath: inner)[.type] as? FileAttributeType
      if kind == .typeRegular { try lookIntoFile(inner) }
    }
  }

  /// Pieces overlap, so that nothing is missed where one ends; what lies wholly in the overlap is counted once.
  private mutating func lookIntoFile(_ path: String) throws {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw UserError(.usage, "\(path) cannot be read.")
    }
    defer { try? file.close() }
    files += 1
    var window = Data()
    var start = 0
    var done = -1
    while let next = try file.read(upToCount: 4 << 20), !next.isEmpty {
      bytes += next.count
      window.append(next)
      let findings = window.withUnsafeBytes { search.findings(in: $0) }
      for finding in findings where start + finding.offset > done {
        done = start + finding.offset
        add(path, finding.what, offset: done)
      }
      let surplus = max(0, window.count - SecretSearch.longest)
      window = Data(window.suffix(SecretSearch.longest))
      start += surplus
    }
  }

  private mutating func add(_ place: String, _ what: String, offset: Int?) {
    if let index = hits.firstIndex(where: { $0.place == place && $0.what == what }) {
      hits[index].count += 1
    } else {
      hits.append(Hit(place: place, what: what, count: 1, offset: offset))
    }
  }
}

import ArgumentParser
import Foundation
import TryoutCore
import TryoutReport
import TryoutStore

struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Search the database and reports for keys.",
    discussion: """
      Looks for the values of the keys that presets and the runs of the database name, as far as the environment and \
      key files have them, and for texts of the shape of a key, in every table, in the bytes of the database and of the \
      files beside it, and in the files and folders named:

        tryout audit reports

      Says where something was found and never what. Ends with 0 where nothing was found and with 1 where something was.
      """
  )

  @Argument(help: "Files and folders besides the database, such as report folders.")
  var paths: [String] = []

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await reportingErrors {
      let path = store.path
      let hasStore = FileManager.default.fileExists(atPath: path)
      guard hasStore || !paths.isEmpty else { throw StoreError.missing(path: path) }
      let audit = try searched(path, hasStore: hasStore)
      try output.json ? Console.data(json(audit)) : Console.text(text(audit))
      let places = Format.count(audit.hits.count, "place")
      let searched = "\(Format.count(audit.files, "file")), \(audit.bytes) bytes"
      Console.say(
        audit.hits.isEmpty
          ? "tryout: no key was found in \(searched)"
          : "tryout: keys were found in \(places) of \(searched). Change each key at its provider, then delete the files."
      )
      if !audit.hits.isEmpty { throw ExitCode(1) }
    }
  }

  private func searched(_ path: String, hasStore: Bool) throws -> Audit {
    guard hasStore else {
      var audit = Audit(SecretSearch(keys: known(to: [])))
      for path in paths { try audit.look(into: path) }
      return audit
    }
    // The bytes first: opening a database may tidy up the files beside it.
    let sources = try store.reading { store in
      try store.runs().flatMap { try store.run($0.id).suite.accounts.compactMap(\.key) }
    }
    var audit = Audit(SecretSearch(keys: known(to: sources)))
    let beside = ["", "-wal", "-shm", "-journal"].map { path + $0 }
      .filter { FileManager.default.fileExists(atPath: $0) }
    for path in beside + paths { try audit.look(into: path) }
    try store.reading { try audit.look(into: $0) }
    return audit
  }

  /// The keys that presets and accounts name, as far as they can be read without running anything.
  private func known(to sources: [KeySource]) -> [(name: String, value: String)] {
    let presets = Provider.presets.compactMap { $0.keyVariable.map(KeySource.variable) }
    var seen: Set<KeySource> = []
    return (presets + sources).filter { seen.insert($0).inserted }.compactMap { source in
      (try? source.read(allowExec: false)).map { (source.name, $0) }
    }
  }

  private func text(_ audit: Audit) -> String {
    guard !audit.hits.isEmpty else { return "" }
    return TextTable.render(
      header: ["place", "what", "times", "first at byte"],
      rows: audit.hits.map { [$0.place, $0.what, "\($0.count)", $0.offset.map(String.init) ?? ""] })
  }

  private func json(_ audit: Audit) -> String {
    let hits = audit.hits.map { hit -> JSON in
      [
        "place": .string(hit.place), "what": .string(hit.what),
        "times": .integer(Int64(hit.count)),
        "offset": hit.offset.map { .integer(Int64($0)) } ?? .null,
      ]
    }
    let document: JSON = [
      "files": .integer(Int64(audit.files)), "bytes": .integer(Int64(audit.bytes)),
      "found": .array(hits),
    ]
    return document.canonicalText + "\n"
  }
}

import ArgumentParser
import Foundation
import TryoutStore

/// Where the evidence is.
struct StoreOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The SQLite file with all runs (default: $TRYOUT_DB, else tryout.db).",
      valueName: "path"
    )
  )
  var db: String?

  func validate() throws {
    if db?.isEmpty == true { throw ValidationError("--db wants the path of a file.") }
  }

  var path: String {
    db ?? ProcessInfo.processInfo.environment["TRYOUT_DB"].flatMap { $0.isEmpty ? nil : $0 }
      ?? "tryout.db"
  }

  /// Opens the store for reading, lets the body read, and closes it.
  func reading<T>(_ body: (Store) throws -> T) throws -> T {
    let store = try Store(path: path, mode: .readOnly)
    let result = try body(store)
    store.close()
    return result
  }
}

/// How a command's output looks.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print JSON instead of text.")
  var json = false

  @Flag(help: "Print without colour, also on a terminal. NO_COLOR does the same.")
  var noColor = false

  var usesColor: Bool { !json && Console.usesColor(noColor) }
}

/// How much is said while models are asked.
struct TalkOptions: ParsableArguments {
  @Flag(help: "Say on stderr what is asked and what comes back, a line each.")
  var verbose = false
}

/// The argument that names a run.
struct RunArgument: ParsableArguments {
  @Argument(help: "The run's id or the beginning of it (default: the latest run).")
  var run: String?
}

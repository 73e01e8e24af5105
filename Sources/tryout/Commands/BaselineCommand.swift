import ArgumentParser
import TryoutCore
import TryoutReport
import TryoutStore

struct BaselineCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "baseline",
    abstract: "Say which runs others are compared with.",
    discussion: """
      Without any of this a run is compared with the latest comparable nights of its suite. A night that failed against \
      them is left out until it is accepted; `pin` gives a run a name for `compare` and `--baseline`.
      """,
    subcommands: [Accept.self, Pin.self, List.self, Remove.self],
    defaultSubcommand: List.self
  )

  struct Accept: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Accept what a run measured as the new normal: the baseline begins with it.")

    @OptionGroup var run: RunArgument
    @OptionGroup var store: StoreOptions

    @Option(help: "Why: it is kept, and shown by `baseline list`.")
    var reason: String

    @Option(help: "Also give the run this name.")
    var name: String?

    @OptionGroup var output: OutputOptions

    func run() async throws {
      try await reportingErrors {
        try requireReason(reason)
        try store.writing { store in
          let record = try store.run(run.run)
          guard record.state == .finished else {
            throw UserError(
              .usage,
              "Run \(record.id) is \(record.state.rawValue). Only a finished run can be accepted.")
          }
          if let name { try requireFreeName(name, store) }
          let now = wallClock()
          try store.accept(record.id, reason: reason, at: now)
          if let name { try store.name(record.id, name, reason: reason, at: now) }
          Console.say(
            "Run \(record.id) is accepted; the baseline of \(record.suite.name) begins with it.")
          try output.print(
            store.baselineMarks().filter {
              $0.kind == .accepted && $0.run == record.id || name != nil && $0.name == name
            })
        }
      }
    }
  }

  struct Pin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give a run a name, which moves from the run that had it.")

    @Argument(help: "The name.")
    var name: String

    @OptionGroup var run: RunArgument
    @OptionGroup var store: StoreOptions

    @Option(help: "Why: it is kept, and shown by `baseline list`.")
    var reason: String

    @OptionGroup var output: OutputOptions

    func run() async throws {
      try await reportingErrors {
        try requireReason(reason)
        try store.writing { store in
          let record = try store.run(run.run)
          try requireFreeName(name, store)
          try store.name(record.id, name, reason: reason, at: wallClock())
          Console.say("\(name) means run \(record.id).")
          try output.print(store.baselineMarks().filter { $0.name == name })
        }
      }
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List names and acceptances, the newest first.")

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
      try await reportingErrors {
        let marks = try store.reading { try $0.baselineMarks() }
        if output.json {
          try output.print(marks)
        } else if marks.isEmpty {
          Console.say("No run of \(store.path) is named or accepted.")
        } else {
          try Console.text(
            TextTable.render(
              header: ["kind", "name", "run", "suite", "since", "reason"],
              rows: marks.map {
                [
                  $0.kind.rawValue, $0.name ?? "", $0.run, $0.suite, timestamp($0.createdAt),
                  $0.reason,
                ]
              }
            )
          )
        }
      }
    }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Forget a name, or take an acceptance back. No run is deleted.")

    @Argument(help: "A name, or an accepted run's id.")
    var name: String

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
      try await reportingErrors {
        try store.writing { store in
          let marks = try store.baselineMarks()
          if try store.removeName(name) {
            Console.say("\(name) means nothing any more.")
            try output.print(marks.filter { $0.name == name })
            return
          }
          let record = try store.run(name)
          guard try store.removeAcceptance(of: record.id) else {
            throw UserError(
              .usage,
              "\(name) is neither a name nor an accepted run; `tryout baseline list` shows them.")
          }
          Console.say("Run \(record.id) is not accepted any more.")
          try output.print(marks.filter { $0.kind == .accepted && $0.run == record.id })
        }
      }
    }
  }
}

private extension StoreOptions {
  /// Opens a store that is there for writing, and closes it.
  func writing(_ body: (Store) throws -> Void) throws {
    // A store that is not there shall not be made by this.
    _ = try reading { try $0.baselineMarks() }
    let store = try Store(path: path, mode: .readWrite)
    defer { store.close() }
    try body(store)
  }
}

private func requireReason(_ reason: String) throws {
  guard !VisibleText.line(reason).isEmpty else {
    throw UserError(
      .usage, "A reason must say something: it is all that is known of it a year later.")
  }
}

/// Refuses names that could mean something else.
private func requireFreeName(_ name: String, _ store: Store) throws {
  let isPlain = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
  guard isPlain, let first = name.first, first.isLetter || first.isNumber, name.count <= 100 else {
    throw UserError(
      .usage, "A name consists of letters, digits, - _ and . and begins with one of the first two.")
  }
  guard name != Store.latest, name != History.rolling else {
    throw UserError(.usage, "\(name) already has a meaning. Choose another name.")
  }
  guard try !store.runs().contains(where: { $0.id.hasPrefix(name) }) else {
    throw UserError(.usage, "\(name) is the beginning of a run's id. Choose another name.")
  }
}

private extension OutputOptions {
  /// What was made, found or removed, where JSON is wanted.
  func print(_ marks: [BaselineMark]) throws {
    guard json else { return }
    try Console.data(JSON.array(marks.map(\.json)).canonicalText + "\n")
  }
}

private extension BaselineMark {
  var json: JSON {
    [
      "kind": .string(kind.rawValue), "name": name.map { .string($0) } ?? .null,
      "run_id": .string(run), "suite": .string(suite), "reason": .string(reason),
      "created_at": .string(timestamp(createdAt)),
    ]
  }
}

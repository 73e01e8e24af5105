import ArgumentParser
import Foundation

/// Measures the program against its bars, and against a client in C that does the same and records nothing.
@main
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure speed, exactness and memory.",
    subcommands: [Compare.self, Serve.self, Ask.self, Record.self],
    defaultSubcommand: Compare.self)
}

/// Runs everything in turn, again and again, so that a busy minute of the machine hits all alike.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the measurements and print the table.")

  @Option(help: "How often everything is measured.")
  var rounds = 5

  @Option(help: "The release binary.")
  var tryout = ".build/release/tryout"

  @Option(help: "The folder with the source of the yardstick, sse_client.c.")
  var yardstick = "../shared/bench"

  @Flag(help: "Print JSON instead of a table.")
  var json = false

  @Argument(help: "Only these: \(Measurement.all.map(\.name).joined(separator: ", ")).")
  var names: [String] = []

  func validate() throws {
    let known = Measurement.all.map(\.name)
    if let stranger = names.first(where: { !known.contains($0) }) {
      throw ValidationError("There is no \(stranger); there are \(known.joined(separator: ", ")).")
    }
    if rounds < 1 { throw ValidationError("--rounds must be at least 1.") }
  }

  func run() throws {
    raiseFileLimit()
    // What else the machine does shall matter less; without the right to ask for it this does nothing.
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, -15)
    let workshop = try Workshop(tryout: tryout, yardstick: yardstick)
    defer { workshop.close() }
    let measurements = Measurement.all.filter { names.isEmpty || names.contains($0.name) }
    var readings = measurements.map { $0.rows.map { _ in [Reading]() } }
    for round in 1...rounds {
      for (index, measurement) in measurements.enumerated() {
        complain("round \(round) of \(rounds): \(measurement.name)")
        for (row, reading) in try measurement.measure(workshop).enumerated() {
          readings[index][row].append(reading)
        }
      }
    }
    let results = zip(measurements, readings).flatMap { measurement, readings in
      zip(measurement.rows, readings).map(RowResult.init)
    }
    try show(results)
  }

  private func show(_ results: [RowResult]) throws {
    guard json else {
      print(RowResult.head)
      for result in results { print(result.line) }
      return
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(results), as: UTF8.self))
  }

  /// Ten thousand streams need as many descriptors, in the server as well.
  private func raiseFileLimit() {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}

/// The server of the benchmark as a process of its own.
struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(shouldDisplay: false)

  @Option var chunks: Int
  @Option var first: Int64
  @Option var gap: Int64

  func run() throws {
    var server = try StreamServer(.init(chunks: chunks, first: first, gap: gap))
    print(server.port)
    fflush(nil)
    server.run()
  }
}

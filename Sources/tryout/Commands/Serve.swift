import ArgumentParser
import TryoutCore
import TryoutReport
import TryoutServer
import TryoutStore

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show reports in a browser and as a JSON API, until interrupted.",
    discussion: """
      On 127.0.0.1 only. / shows the latest run, /?run=ID another one, /api/report the same as JSON. The database is \
      opened read-only for each request, so a run may be going on meanwhile.
      """
  )

  @OptionGroup var store: StoreOptions

  @Option(help: "The port; 0 takes a free one.")
  var port: UInt16 = 0

  @Flag(help: "Print the address as JSON.")
  var json = false

  func run() async throws {
    try await reportingErrors {
      _ = try store.reading { try $0.runs() }
      let signals = Signals(farewell: "Stopping.")
      let path = store.path
      let server = ReportServer(port: port) { name in
        let store = try Store(path: path, mode: .readOnly)
        let report = try Report.make(of: store.run(name), from: store)
        store.close()
        return report
      }
      try await signals.handling {
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask { try await serve(server) }
          group.addTask { await signals.interruption.wait() }
          try await group.next()
          group.cancelAll()
        }
      }
    }
  }

  private func serve(_ server: ReportServer) async throws {
    do {
      try await server.run { [json] url in
        let address: JSON = ["url": .string(url)]
        try? Console.data((json ? address.canonicalText : url) + "\n")
      }
    } catch is CancellationError {
      // Interrupted, as asked.
    } catch {
      throw UserError(.unavailable, "Port \(port) cannot be served. Choose another port, or 0.")
    }
  }
}

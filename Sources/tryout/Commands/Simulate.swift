import ArgumentParser
import Foundation
import TryoutCore
import TryoutSimulator

struct Simulate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serve the embedded provider for others, until interrupted.",
    discussion: """
      Speaks OpenAI's chat completions on 127.0.0.1. The models steady, fast, slow, flaky, thinker, burst and wrong \
      are built in; a script (docs/simulator.md) adds others. The same seed gives the same delays and answers.

        tryout simulate --port 8080
        curl http://127.0.0.1:8080/v1/models

      With --streams it serves the streams of docs/streams.md instead: each row is a model of that name.
      """
  )

  @Option(help: ArgumentHelp("A YAML script with models, quotas and faults.", valueName: "file"))
  var script: String?

  @Option(help: "The port; 0 takes a free one.")
  var port: UInt16 = 0

  @Option(help: "The seed, instead of the script's.")
  var seed: UInt64?

  @Flag(help: "Serve the streams of docs/streams.md, also those that no client likes.")
  var streams = false

  @Flag(help: "Print the address as JSON.")
  var json = false

  func validate() throws {
    if streams, script != nil || seed != nil {
      throw ValidationError("--streams has neither a script nor a seed.")
    }
  }

  func run() async throws {
    try await reportingErrors {
      let signals = Signals(farewell: "Stopping.")
      if streams {
        let station = try StreamStation(port: port)
        defer { station.stop() }
        return try await signals.handling { try await show(station.url, until: signals) }
      }
      var script = try readScript()
      script.seed = seed ?? script.seed
      try await signals.handling {
        try await Simulator(script: script, port: port).withRunning { endpoint in
          try await show(endpoint.baseURL, until: signals)
        }
      }
    }
  }

  private func show(_ url: String, until signals: Signals) async throws {
    let address: JSON = ["url": .string(url)]
    try Console.data((json ? address.canonicalText : url) + "\n")
    await signals.interruption.wait()
  }

  private func readScript() throws -> Script {
    guard let path = script else { return Script() }
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw UserError(.usage, "The script \(path) cannot be read as UTF-8 text.")
    }
    do {
      return try Script(yaml: text)
    } catch {
      throw UserError(.usage, "\(path):\(error)")
    }
  }
}

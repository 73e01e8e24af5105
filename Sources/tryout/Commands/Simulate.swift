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

      With --openrouter it plays OpenRouter: free models with limits, gates and usage in three shapes, `/key`, and a \
      catalogue that changes over nights; `curl -X POST` to /v1/night begins the next one.

      With --streams it serves the streams of docs/streams.md instead: each row is a model of that name.
      """
  )

  @Option(help: ArgumentHelp("A YAML script with models, quotas and faults.", valueName: "file"))
  var script: String?

  @Flag(
    help:
      "Play OpenRouter with free models that die, instead of a script. GET /v1/models lists them.")
  var openrouter = false

  @Option(help: ArgumentHelp("How many of the script's nights have passed.", valueName: "count"))
  var night: Int?

  @Option(help: "The port; 0 takes a free one.")
  var port: UInt16 = 0

  @Option(help: "The seed, instead of the script's.")
  var seed: UInt64?

  @Flag(help: "Serve the streams of docs/streams.md, also those that no client likes.")
  var streams = false

  @Flag(help: "Print the address as JSON.")
  var json = false

  func validate() throws {
    if streams, script != nil || seed != nil || openrouter || night != nil {
      throw ValidationError("--streams has no script, seed or nights.")
    }
    if openrouter, script != nil {
      throw ValidationError("--openrouter is a script itself; leave out --script.")
    }
    if let night, night < 0 { throw ValidationError("--night must be at least 0.") }
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
      script.night = night ?? script.night
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
    guard let path = script else { return openrouter ? try Script.openRouter() : Script() }
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

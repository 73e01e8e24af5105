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
      """
  )

  @Option(help: ArgumentHelp("A YAML script with models, quotas and faults.", valueName: "file"))
  var script: String?

  @Option(help: "The port; 0 takes a free one.")
  var port: UInt16 = 0

  @Option(help: "The seed, instead of the script's.")
  var seed: UInt64?

  @Flag(help: "Print the address as JSON.")
  var json = false

  func run() async throws {
    try await reportingErrors {
      var script = try readScript()
      script.seed = seed ?? script.seed
      let signals = Signals(farewell: "Stopping.")
      try await signals.handling {
        try await Simulator(script: script, port: port).withRunning { endpoint in
          let address: JSON = ["url": .string(endpoint.baseURL)]
          try Console.data((json ? address.canonicalText : endpoint.baseURL) + "\n")
          await signals.interruption.wait()
        }
      }
    }
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

import Foundation

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// The built tool as a provider on a loopback port, until it is let go.
final class SimulatedProvider: Sendable {
  let url: String
  private let command: Command

  /// Serves a script, or `--openrouter` and the like.
  init(_ options: [String], in folder: ScratchFolder) async throws {
    let command = try Command(["simulate"] + options, in: folder, seconds: 120)
    try await waitUntil("the simulator serves: \(command.errors)") {
      command.output.hasSuffix("\n")
    }
    url = command.output.trimmingCharacters(in: .whitespacesAndNewlines)
    self.command = command
  }

  deinit { command.send(SIGTERM) }

  /// Begins the script's next night.
  func nextNight() async throws {
    guard let address = URL(string: url + "/night") else { throw NeverCameTrue(what: url) }
    var request = URLRequest(url: address)
    request.httpMethod = "POST"
    _ = try await URLSession.shared.data(for: request)
  }

  /// Options of `models` and the like that ask it as if it were OpenRouter.
  var options: [String] { ["--provider", "openrouter", "--base-url", url, "--key-env", "LAB_KEY"] }
}

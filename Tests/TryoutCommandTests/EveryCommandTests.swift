import ArgumentParser
import Foundation
import Testing

@testable import tryout

/// A key of known text, a provider that sends it back in every disguise and place, and every command there is.
@Suite(.timeLimit(.minutes(2)))
struct EveryCommandTests {
  /// With characters that URLs and JSON write differently.
  private static let key = "canary+4f1d/9b7e=2a6c8035-secret"

  /// How it may look; made here by other means than those of the tool.
  private static let forms: [String] = [
    key, "canary%2B4f1d%2F9b7e%3D2a6c8035-secret", "canary%2b4f1d%2f9b7e%3d2a6c8035-secret",
    #"canary+4f1d\/9b7e=2a6c8035-secret"#, base64(key), base64("Bearer \(key)"),
    base64("user:\(key)"),
  ]

  private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

  /// Each form as it stands in the bodies of errors; what JSON escapes comes out of it as it was.
  private static let echo = forms.joined(separator: " ~ ").replacing(#"\/"#, with: #"\\/"#)

  private static func answer(to request: String, _ number: Int) -> String {
    let list =
      #"{"data":[{"id":"a/b","name":"\#(key)","pricing":{"prompt":"0","completion":"0"}}]}"#
    guard request.hasPrefix("POST") else {
      if request.contains("/key ") || request.contains("/generation") {
        return RawServer.response("500 Oops", RawServer.error(echo))
      }
      return RawServer.response("200 OK", list)
    }
    let page = "<html><title>\(forms.joined(separator: " ~ "))</title></html>"
    let content = #"{"id":"\#(key)","model":"m","choices":[{"delta":{"content":"of \#(key)"}}]}"#
    return switch number % 9 {
    case 0: RawServer.response("401 Unauthorized", RawServer.error(echo))
    case 1: RawServer.response("502 Bad Gateway", type: "text/html", page)
    case 2: RawServer.response("429 Too Many Requests", RawServer.error(echo))
    case 3:
      RawServer.response("302 Found", "").replacing(
        "\r\nConnection", with: "\r\nLocation: https://a.example/?k=\(forms[1])\r\nConnection")
    case 4: RawServer.response(type: "text/event-stream", "data: \(content)\n\n")
    case 5:
      RawServer.response(
        type: "text/event-stream", "data: \(content)\n\ndata: \(RawServer.error(echo))\n\n")
    case 6: RawServer.response("400 Bad Request", type: "text/plain", forms.joined(separator: "\n"))
    default: RawServer.completion("echo of \(key)", model: key)
    }
  }

  private static func suite(_ url: String) -> String {
    """
    version: 1
    suite: canary
    accounts:
      there: { provider: openrouter, base_url: "\(url)", key_env: CANARY }
    targets:
      - { id: first, account: there, model: a/b }
      - { id: second, account: there, model: a/c, stream: false }
    prompts: [What is the capital of Peru?]
    checks: [not_empty]
    recommend: { rank_by: [latency], current: first }
    run: { samples: 6, retry: { attempts: 2, wait: 1ms..2ms, pool_wait: 1ms..2ms, max_server_wait: 1s } }
    gates: ["answered >= 10%"]
    """
  }

  /// In an order in which each has something to say.
  private static let lines = [
    ["validate", "suite.yaml"], ["plan", "suite.yaml"],
    ["models", "snapshot", "--suite", "suite.yaml"],
    ["models", "list", "--suite", "suite.yaml"],
    ["models", "diff", "--suite", "suite.yaml"],
    ["models", "show", "a/b", "--suite", "suite.yaml"],
    ["doctor", "suite.yaml"], ["doctor", "suite.yaml", "--ask", "--json"],
    ["run", "suite.yaml", "--verbose", "--report", "reports", "--github"],
    ["run", "suite.yaml", "--verbose", "--resume"], ["run", "suite.yaml", "--json"],
    ["ask", "Hello?", "--suite", "suite.yaml", "--verbose"],
    ["ask", "Hello?", "--suite", "suite.yaml", "--verbose", "--fallback", "--json"],
    ["report"], ["report", "--format", "html"],
    ["report", "--format", "csv", "--rows", "attempts"],
    ["gate"], ["runs"], ["show"], ["show", "--json"], ["recommend"],
    ["recommend", "--format", "env"], ["recommend", "--format", "litellm"],
    ["baseline", "list"], ["trend", "canary"], ["reconcile"], ["audit", "reports"],
  ]

  /// Serve until they are interrupted.
  private static let servers = [["simulate"], ["serve"]]

  @Test func aKeyIsShownByNoCommandAndWrittenByNone() async throws {
    let server = try RawServer(Self.answer)
    let folder = try ScratchFolder.remote(Self.suite(server.url))
    let environment = ["CANARY": Self.key, "GITHUB_STEP_SUMMARY": folder.path("summary.md")]
    for line in Self.lines {
      let outcome = try await Command(line, in: folder, environment: environment).end()
      #expect(outcome.code != 70, "\(line): \(outcome.errors)")
    }
    let listed = try await folder.tryout("runs", "--json").output
    let runs = try folder.decode([ScratchFolder.RunRow].self, listed)
    let last = try #require(runs.first?.runId)
    for line in [["compare", runs.last?.runId ?? "", last], ["regrade", last, "suite.yaml"]] {
      let outcome = try await Command(line, in: folder, environment: environment).end()
      #expect(outcome.code != 70 && outcome.code != 64, "\(line): \(outcome.errors)")
    }
    for line in Self.servers {
      let command = try Command(line, in: folder, environment: environment)
      try await waitUntil("an address is printed") { command.output.contains("http://") }
      #if os(Linux)
      try Self.expectClosed(command)
      #endif
      command.send(SIGINT)
      _ = try await command.end()
    }
    let named = Set((Self.lines + Self.servers + [["compare"], ["regrade"]]).map { $0[0] })
    // A selftest reads neither suites nor keys, asks nobody but itself, and wants the machine alone.
    #expect(
      named.union(["selftest"]) == Set(Tryout.configuration.subcommands.map { $0._commandName }))

    #expect(server.requests.allSatisfy { $0.contains("Bearer \(Self.key)\r\n") })
    let files = try folder.files()
    // The provider's words were kept, without the key in them; all that was printed lies here, too.
    #expect(files.values.contains { $0.range(of: Data("echo of [key]".utf8)) != nil })
    #expect(files.keys.contains("summary.md") && files.keys.contains { $0.hasPrefix("reports/") })
    for (name, data) in files {
      for form in Self.forms {
        // Padding depends on what stands behind.
        let text = form.trimmingCharacters(in: ["="])
        guard let place = data.range(of: Data(text.utf8)) else { continue }
        let before = data[max(0, place.lowerBound - 200)..<place.lowerBound]
        Issue.record("\(form) in \(name) behind \(String(decoding: before, as: UTF8.self))")
      }
    }
  }

  #if os(Linux)
  /// What other processes and a crash could show of a command that waits for an answer.
  @Test(arguments: [
    ["run", "suite.yaml", "--verbose"], ["ask", "Hello?", "--suite", "suite.yaml"],
    ["doctor", "suite.yaml"], ["models", "list", "--suite", "suite.yaml"],
  ])
  func aProcessThatAsksShowsNothing(line: [String]) async throws {
    let gate = Gate()
    let server = try RawServer { request, number in
      gate.wait()
      return Self.answer(to: request, number)
    }
    let folder = try ScratchFolder.remote(Self.suite(server.url))
    let command = try Command(line, in: folder, environment: ["CANARY": Self.key])
    try await waitUntil("a request came") { !server.requests.isEmpty }
    try Self.expectClosed(command)
    gate.open()
    _ = try await command.end()
  }

  private static func expectClosed(_ command: Command) throws {
    func proc(_ name: String) throws -> String {
      try String(contentsOfFile: "/proc/\(command.id)/\(name)", encoding: .utf8)
    }
    let words = try proc("cmdline")
    #expect(!words.isEmpty && forms.allSatisfy { !words.contains($0) })
    #expect(try proc("limits").contains(#/Max core file size +0 +0 /#))
    #expect(try proc("coredump_filter").trimmingCharacters(in: .newlines) == "00000000")
  }
  #endif
}

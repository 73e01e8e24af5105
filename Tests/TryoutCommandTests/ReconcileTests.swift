import Foundation
import Testing

/// Our own figures beside those of a router.
@Suite(.timeLimit(.minutes(1)))
struct ReconcileTests {
  private struct Row: Decodable {
    var generationId: String?
    var ttftMs: Double?
    var routerTtftMs: Double?
    var differenceMs: Double?
    var known: Bool
    var disagreements: [String]
  }

  /// Tells about one generation, and knows nothing of others.
  private func server() throws -> RawServer {
    let record =
      #"{"data":{"id":"g","model":"a/b","provider_name":"P","latency":0.5,"generation_time":2,"#
      + #""native_tokens_prompt":3,"native_tokens_completion":9,"total_cost":0}}"#
    return try RawServer { request, _ in
      if request.hasPrefix("GET /v1/generation?id=g ") {
        return RawServer.response(type: "application/json", record)
      }
      return request.hasPrefix("POST")
        ? RawServer.completion()
        : RawServer.response("404 Not Found", RawServer.error("no"))
    }
  }

  private func folder(_ server: RawServer) async throws -> ScratchFolder {
    let suite = Suites.remote(server.url, key: "CANARY")
      .replacingOccurrences(of: "provider: openai", with: "provider: openrouter")
    let folder = try ScratchFolder.remote(suite)
    _ = try await folder.tryout(
      "run", "suite.yaml", environment: ["CANARY": "sk-canary-0123456789"])
    return folder
  }

  @Test func aRunIsHeldAgainstWhatTheRouterSays() async throws {
    let server = try server()
    let folder = try await folder(server)
    let environment = ["CANARY": "sk-canary-0123456789"]
    let outcome = try await folder.tryout("reconcile", "--json", environment: environment)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let row = try #require(folder.decode([Row].self, outcome.output).first)
    #expect(row.generationId == "g" && row.known)
    #expect(row.routerTtftMs == 0.5)
    let here = try #require(row.ttftMs)
    #expect(abs(try #require(row.differenceMs) - (here - 0.5)) < 1e-6)
    #expect(row.disagreements == [])
    #expect(outcome.lastErrors[1].hasPrefix("tryout: 1 of 1 answer known there"))
    let asked = try #require(server.requests.last)
    #expect(asked.contains("Bearer sk-canary-0123456789\r\n"))
    let text = try await folder.tryout("reconcile", environment: environment)
    #expect(text.code == 0 && text.output.contains("difference"))
  }

  /// The embedded provider says what it counted, by a script that says nothing of usage.
  @Test func theSimulatorCanBeAsked() async throws {
    let folder = try ScratchFolder()
    try folder.write(Suites.quickScript, to: "quick.yaml")
    let provider = try await SimulatedProvider(["--script", "quick.yaml"], in: folder)
    defer { withExtendedLifetime(provider) {} }
    try folder.write(
      Suites.remote(provider.url, samples: 3, model: "quick")
        .replacing("provider: openai", with: "provider: openrouter"), to: "suite.yaml")
    #expect(try await folder.tryout("run", "suite.yaml").code == 0)
    let outcome = try await folder.tryout("reconcile", "--json")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let rows = try folder.decode([Row].self, outcome.output)
    // OpenRouter tells the usage of every answer.
    #expect(try await folder.latestRun().tokens ?? 0 > 0)
    #expect(rows.count == 3 && rows.allSatisfy { $0.known && $0.disagreements.isEmpty })
    #expect(rows.allSatisfy { ($0.differenceMs ?? -1) > 0 })
  }

  /// Whoever else the suite asked is not asked here.
  @Test func onlyTheRoutersKeyIsNeeded() async throws {
    let server = try server()
    let suite = Suites.remote(server.url, key: "CANARY")
      .replacing("provider: openai", with: "provider: openrouter")
      .replacing(
        "limits:",
        with: "  other: { provider: openai, base_url: \"\(server.url)\", key_env: OTHER }\nlimits:"
      )
      .replacing("prompts:", with: "  - { id: second, account: other, model: m }\nprompts:")
    let folder = try ScratchFolder.remote(suite)
    let key = "sk-canary-0123456789"
    let run = try await folder.tryout(
      "run", "suite.yaml", environment: ["CANARY": key, "OTHER": key])
    #expect(run.code == 0, "\(run.errors)")
    let outcome = try await folder.tryout("reconcile", environment: ["CANARY": key])
    #expect(outcome.code == 0, "\(outcome.errors)")
  }

  @Test func aRunWithoutARouterIsWrongUsage() async throws {
    let folder = try ScratchFolder.simulated()
    #expect(try await folder.tryout("run", "suite.yaml").code == 0)
    let outcome = try await folder.tryout("reconcile")
    #expect(outcome.code == 64 && outcome.errors.contains("no answer with a generation id"))
  }
}

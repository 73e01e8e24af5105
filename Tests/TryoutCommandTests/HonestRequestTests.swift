import Foundation
import Testing

/// What is sent to a router so that the measured is a model, and what is made of answers that are none.
@Suite(.timeLimit(.minutes(1)))
struct HonestRequestTests {
  private func folder(_ server: RawServer, target: String = "") throws -> ScratchFolder {
    let suite = """
      version: 1
      suite: honest
      accounts:
        or:
          provider: openrouter
          base_url: "\(server.url)"
          key_env: none
          app: { url: "https://app.example", title: My App, categories: [cli-agent, ide] }
      targets: [{ id: only, account: or, model: a/b, stream: false\(target) }]
      prompts: [Hello]
      run: { retry: { attempts: 1 } }
      """
    return try ScratchFolder.remote(suite)
  }

  private struct Row: Decodable {
    var outcome: String
    var latencyMs: Double?
    var totalMs: Double?
  }

  private static let answer =
    #"{"id":"gen-1","model":"a/b","choices":[{"finish_reason":"stop","message":{"content":"Hi"}}],"#
    + #""usage":{"prompt_tokens":0,"completion_tokens":0,"cost":0}}"#

  @Test func theRequestSaysWhoAsksAndSwitchesOffWhatWouldHelp() async throws {
    let server = try RawServer { _, _ in RawServer.response(type: "application/json", Self.answer) }
    let target =
      ", route: { only: [x], allow_fallbacks: false }, params: { reasoning: { effort: low } }"
    let folder = try folder(server, target: target)
    #expect(try await folder.tryout("run", "suite.yaml").code == 0)
    let request = try #require(server.requests.first)
    for line in [
      "HTTP-Referer: https://app.example\r\n", "X-Title: My App\r\n",
      "X-OpenRouter-Categories: cli-agent,ide\r\n", "X-OpenRouter-Cache: false\r\n",
      #""plugins":[{"enabled":false,"id":"context-compression"}]"#,
      #""provider":{"allow_fallbacks":false,"only":["x"]}"#, #""reasoning":{"effort":"low"}"#,
    ] {
      #expect(request.contains(line), "\(line) in \(request)")
    }
    #expect(!request.contains("\"models\"") && !request.contains("Authorization"))
  }

  @Test func anAnswerOfACacheIsNoMeasurement() async throws {
    let server = try RawServer { _, _ in
      RawServer.response(type: "application/json", Self.answer).replacingOccurrences(
        of: "Connection: close", with: "X-OpenRouter-Cache-Status: HIT\r\nConnection: close")
    }
    let folder = try folder(server)
    #expect(try await folder.tryout("run", "suite.yaml").code == 0)
    let shown = try await folder.tryout("show", "--json")
    let row = try #require(folder.decode([Row].self, shown.output).first)
    #expect(row.outcome == "ungraded" && row.latencyMs == nil && row.totalMs == nil)
    let report = try await folder.tryout("report", "--json")
    #expect(report.output.contains("response cache"))
  }

  @Test func reasoningThatAteTheTokensIsNamed() async throws {
    let empty =
      #"{"id":"gen-1","model":"a/b","choices":[{"finish_reason":"length","message":{"content":"","#
      + #""reasoning":"Let me think"}}],"usage":{"prompt_tokens":3,"completion_tokens":16}}"#
    let server = try RawServer { _, _ in RawServer.response(type: "application/json", empty) }
    let folder = try folder(server)
    let run = try await folder.tryout("run", "suite.yaml")
    #expect(
      run.output.contains("1 answer stayed empty because the tokens were used up"), "\(run.output)")
    #expect(run.output.contains("raise max_tokens"))
  }
}

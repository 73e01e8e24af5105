import Foundation
import Testing

/// Providers that cannot be measured: 69, with a sentence that says what is in the way.
@Suite(.timeLimit(.minutes(1)))
struct UnreachableTests {
  private func expect69(_ suite: String, _ kind: String, requests: Int) async throws {
    let folder = try ScratchFolder.remote(suite)
    let run = try await folder.tryout("run", "suite.yaml", environment: ["SOME_API_KEY": "local"])
    #expect(run.code == 69, "\(run.errors)")
    #expect(run.lastErrors[1].hasPrefix("tryout: nothing could be measured: \(kind): "))
    // What was tried is evidence, too.
    let row = try await folder.latestRun()
    #expect(row.requests == requests && row.state == "finished")
    #expect(try await folder.attempts().map(\.status) == ["failed"])
    #expect(try await folder.tryout("gate").code == 69)
  }

  @Test func unknownHost() async throws {
    try await expect69(Suites.remote("https://nowhere.invalid/v1"), "dns", requests: 0)
  }

  @Test func refusedConnection() async throws {
    try await expect69(Suites.remote("http://127.0.0.1:1/v1"), "connect", requests: 0)
  }

  @Test func plainHTTPWhereTLSIsExpected() async throws {
    let server = try RawServer { _, _ in RawServer.response("400 Bad Request", "no") }
    try await expect69(Suites.remote("https://127.0.0.1:\(server.port)/v1"), "tls", requests: 0)
    #expect(server.requests.count == 1)
  }

  @Test func webPageInPlaceOfAnAnswer() async throws {
    let server = try RawServer { _, _ in
      RawServer.response(type: "text/html", "<!doctype html><title>Log in</title>")
    }
    try await expect69(Suites.remote(server.url), "malformed", requests: 1)
    #expect(server.requests.count == 1)
  }

  @Test func refusedKey() async throws {
    let server = try RawServer { _, _ in
      RawServer.response("401 Unauthorized", RawServer.error("No auth credentials found"))
    }
    try await expect69(Suites.remote(server.url, key: "SOME_API_KEY"), "auth", requests: 1)
    #expect(server.requests.count == 1)
  }

  @Test func refusedKeyIsNotTriedAgainAndAgain() async throws {
    let server = try RawServer { _, _ in
      RawServer.response("401 Unauthorized", RawServer.error("No auth credentials found"))
    }
    let folder = try ScratchFolder.remote(Suites.remote(server.url, samples: 50))
    let run = try await folder.tryout("run", "suite.yaml")
    #expect(run.code == 69)
    // Two may be in flight when the first refusal comes.
    #expect((1...2).contains(server.requests.count))
    let row = try await folder.latestRun()
    #expect(row.done == 50 && row.requests == server.requests.count)
  }

  /// Three attempts tell that nobody is there; the other account's target is measured, and the rest is left for a resume.
  @Test func aServerThatIsNotThereIsLeftAndTheRestGoesOn() async throws {
    let server = try RawServer { _, _ in RawServer.completion() }
    let two = Suites.remote(
      "http://127.0.0.1:1/v1", samples: 20, gates: "usd <= 1"
    ).replacing(
      "limits:",
      with: "  here: { provider: openai, base_url: \"\(server.url)\", key_env: none }\nlimits:"
    ).replacing("prompts:", with: "  - { id: other, account: here, model: m }\nprompts:")
    let folder = try ScratchFolder.remote(two)
    let run = try await folder.tryout("run", "suite.yaml")
    #expect(run.code == 3, "\(run.errors)")
    let reason = "there cannot be reached (connect); check that the server runs, and its base_url"
    #expect(run.lastErrors[1].contains(reason))
    #expect(run.errors.contains("--resume"))
    let row = try await folder.latestRun()
    #expect(row.state == "paused" && row.requests == 20 && server.requests.count == 20)
    // Nothing of that counts against the model behind it.
    #expect(row.done == 20)
    // Two may be in flight when the third fails.
    let tried = try await folder.attempts().count { $0.status == "failed" }
    #expect((3...4).contains(tried))
    // Nor does what a resume tries in the same outage.
    let again = try await folder.tryout("run", "suite.yaml", "--resume")
    #expect(again.code == 3 && again.lastErrors[1].contains(reason), "\(again.errors)")
    #expect(try await folder.latestRun().done == 20)
    let alone = try ScratchFolder.remote(Suites.remote("http://127.0.0.1:1/v1", samples: 20))
    let nothing = try await alone.tryout("run", "suite.yaml")
    #expect(nothing.code == 69)
    #expect(nothing.lastErrors[1].contains("Is the server running?"), "\(nothing.errors)")
    #expect(try await alone.latestRun().done <= 4)
  }

  @Test func aServerThatWarmUpsDoNotReachIs69() async throws {
    let suite = Suites.remote("http://127.0.0.1:1/v1", samples: 5)
      .replacing("retry: { attempts: 1 }", with: "retry: { attempts: 1 }\n  warmup: 3")
    let folder = try ScratchFolder.remote(suite)
    let run = try await folder.tryout("run", "suite.yaml")
    #expect(
      run.code == 69 && run.lastErrors[1].contains("nothing could be measured: connect: "),
      "\(run.errors)")
    #expect(try await folder.latestRun().done == 0)
  }
}

import Foundation
import Testing

/// Providers that cannot be measured: 69, with a sentence that says what is in the way.
@Suite(.timeLimit(.minutes(1)))
struct UnreachableTests {
  private func expect69(_ suite: String, _ kind: String) async throws {
    let folder = try ScratchFolder.remote(suite)
    let run = try await folder.tryout("run", "suite.yaml", environment: ["SOME_API_KEY": "local"])
    #expect(run.code == 69, "\(run.errors)")
    #expect(run.lastErrors[1].hasPrefix("tryout: nothing could be measured: \(kind): "))
    // What was tried is evidence, too.
    let row = try await folder.latestRun()
    #expect(row.requests == 1 && row.state == "finished")
    #expect(try await folder.attempts().map(\.status) == ["failed"])
    #expect(try await folder.tryout("gate").code == 69)
  }

  @Test func unknownHost() async throws {
    try await expect69(Suites.remote("https://nowhere.invalid/v1"), "dns")
  }

  @Test func refusedConnection() async throws {
    try await expect69(Suites.remote("http://127.0.0.1:1/v1"), "connect")
  }

  @Test func plainHTTPWhereTLSIsExpected() async throws {
    let server = try RawServer { _, _ in RawServer.response("400 Bad Request", "no") }
    try await expect69(Suites.remote("https://127.0.0.1:\(server.port)/v1"), "tls")
    #expect(server.requests.count == 1)
  }

  @Test func webPageInPlaceOfAnAnswer() async throws {
    let server = try RawServer { _, _ in
      RawServer.response(type: "text/html", "<!doctype html><title>Log in</title>")
    }
    try await expect69(Suites.remote(server.url), "malformed")
    #expect(server.requests.count == 1)
  }

  @Test func refusedKey() async throws {
    let server = try RawServer { _, _ in
      RawServer.response("401 Unauthorized", RawServer.error("No auth credentials found"))
    }
    try await expect69(Suites.remote(server.url, key: "SOME_API_KEY"), "auth")
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
}

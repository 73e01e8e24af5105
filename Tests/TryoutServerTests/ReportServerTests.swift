import Foundation
import FoundationNetworking
import Testing
import TryoutCore
import TryoutReport
import TryoutServer

/// Over a real loopback socket.
struct ReportServerTests {
  private struct NoSuchRun: Error, CustomStringConvertible {
    let description = "There is no run <b>x</b>."
  }

  /// The suite's name would be a script, were it not escaped.
  private static let report: Report = {
    let suite = Suite(
      name: "<script>alert(1)</script>",
      accounts: [Account(id: "simulator", provider: .simulator)],
      targets: [Target(id: "a", account: "simulator", model: "steady", limit: "l")],
      prompts: [Prompt(id: "p", user: Template("Hello"))])
    let run = RunRecord(id: "r1", suite: suite, seed: 1, startedAt: 0, planned: 1)
    return Report.Builder(run: run).finish()
  }()

  /// Serves while the body fetches paths.
  private func serving(
    host: String? = nil, method: String = "GET",
    _ body: @escaping @Sendable (_ get: (String) async throws -> (Int, String)) async throws -> Void
  ) async throws {
    let server = ReportServer(port: 0) { run in
      if run == "x" { throw NoSuchRun() }
      return Self.report
    }
    let (addresses, continuation) = AsyncStream.makeStream(of: String.self)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run { continuation.yield($0) } }
      var iterator = addresses.makeAsyncIterator()
      let address = try #require(await iterator.next())
      try await body { path in
        let url = try #require(URL(string: address + path))
        var request = URLRequest(url: url)
        request.httpMethod = method
        if let host { request.setValue(host, forHTTPHeaderField: "Host") }
        let (data, response) = try await URLSession.shared.data(for: request)
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        return (status, String(decoding: data, as: UTF8.self))
      }
      group.cancelAll()
    }
  }

  @Test func theDocumentIsTheJSONReport() async throws {
    try await serving { get in
      let (status, text) = try await get("api/report")
      #expect(status == 200)
      #expect(text == JSONRendering().render(Self.report))
    }
  }

  @Test func thePageEscapesWhatTheReportHolds() async throws {
    try await serving { get in
      let (status, text) = try await get("")
      #expect(status == 200)
      #expect(!text.contains("<script>"))
      #expect(text.contains("&lt;script&gt;"))
    }
  }

  @Test func headIsAnsweredWithoutABody() async throws {
    try await serving(method: "HEAD") { get in
      for path in ["", "api/report"] {
        let (status, text) = try await get(path)
        #expect(status == 200 && text.isEmpty)
      }
      #expect(try await get("?run=x").0 == 404)
    }
  }

  @Test func anotherSitesNameIsRefused() async throws {
    try await serving(host: "attacker.example") { get in
      for path in ["", "api/report"] {
        let (status, _) = try await get(path)
        #expect(status == 403)
      }
    }
  }

  @Test func anUnknownRunIsASentence() async throws {
    try await serving { get in
      let (status, text) = try await get("?run=x")
      #expect(status == 404)
      #expect(text.contains("There is no run &lt;b&gt;x&lt;/b&gt;."))
      let (code, document) = try await get("api/report?run=x")
      #expect(code == 404)
      #expect(try JSON(parsing: document.utf8)["error"]?.text == "There is no run <b>x</b>.")
    }
  }
}

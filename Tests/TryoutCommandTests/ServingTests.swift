import Foundation
import Testing

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// The commands that serve until they are told to stop.
@Suite(.timeLimit(.minutes(1)))
struct ServingTests {
  /// The address that a command prints when it is ready.
  private func address(of command: Command) async throws -> String {
    try await waitUntil("an address is printed") { command.output.hasSuffix("\n") }
    return command.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private func get(_ address: String) async throws -> (status: Int, body: String) {
    let url = try #require(URL(string: address))
    let (data, response) = try await URLSession.shared.data(from: url)
    let status = try #require(response as? HTTPURLResponse).statusCode
    return (status, String(decoding: data, as: UTF8.self))
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func simulateServesOtherRuns(signal: Int32) async throws {
    let folder = try ScratchFolder.simulated()
    let simulator = try Command(["simulate", "--script", "quick.yaml"], in: folder)
    let url = try await address(of: simulator)
    #expect(url.wholeMatch(of: /http:\/\/127\.0\.0\.1:\d+\/v1/) != nil)
    try folder.write(Suites.remote(url, model: "quick"), to: "remote.yaml")
    let run = try await folder.tryout("run", "remote.yaml")
    #expect(run.code == 0, "\(run.errors)")
    #expect(try await folder.attempts().map(\.status) == ["ok"])
    simulator.send(signal)
    #expect(try await simulator.end().code == 0)
  }

  private struct Address: Decodable { var url: String }

  @Test func simulatePrintsItsAddressAsJSON() async throws {
    let folder = try ScratchFolder.simulated()
    let simulator = try Command(["simulate", "--json"], in: folder)
    let url = try await folder.decode(Address.self, address(of: simulator)).url
    let models = try await get("\(url)/models")
    #expect(models.status == 200)
    #expect(models.body.contains("steady"))
    simulator.send(SIGINT)
    #expect(try await simulator.end().code == 0)
  }

  @Test func simulateServesTheTableOfStreams() async throws {
    let folder = try ScratchFolder()
    let simulator = try Command(["simulate", "--streams"], in: folder)
    let url = try await address(of: simulator)
    let models = try await get("\(url)/models")
    #expect(models.status == 200)
    #expect(models.body.contains(#""id":"role-first""#))
    try folder.write(Suites.remote(url, model: "role-first"), to: "good.yaml")
    #expect(try await folder.tryout("run", "good.yaml").code == 0)
    try folder.write(Suites.remote(url, model: "error-mid-stream"), to: "bad.yaml")
    let run = try await folder.tryout("run", "bad.yaml", "--db", "bad.db")
    #expect(run.output.contains("stream_error"))
    simulator.send(SIGINT)
    #expect(try await simulator.end().code == 0)
  }

  @Test func serveShowsTheReportsThatReportPrints() async throws {
    let folder = try ScratchFolder.simulated()
    try await folder.tryout("run", "suite.yaml", "--samples", "1")
    try await folder.tryout("run", "suite.yaml")
    let server = try Command(["serve"], in: folder)
    let url = try await address(of: server)
    let page = try await get(url)
    #expect(page.status == 200)
    #expect(page.body.hasPrefix("<!doctype html>") && page.body.contains("tiny"))
    let document = try await get("\(url)api/report")
    #expect(document.body == (try await folder.tryout("report", "--json").output))
    let old = try #require(await folder.runs().last).runId
    let earlier = try await get("\(url)api/report?run=\(old)")
    #expect(earlier.body == (try await folder.tryout("report", old, "--json").output))
    #expect(try await get("\(url)api/report?run=nobody").status == 404)
    #expect(try await get("\(url)no/such/page").status == 404)
    server.send(SIGINT)
    #expect(try await server.end().code == 0)
  }

  @Test(arguments: [["simulate"], ["simulate", "--streams"], ["serve"]])
  func takenPortIs69(command: [String]) async throws {
    let folder = try ScratchFolder.simulated()
    try await folder.tryout("run", "suite.yaml")
    let server = try RawServer { _, _ in RawServer.response("204 No Content", "") }
    let outcome = try await Command(command + ["--port", "\(server.port)"], in: folder).end()
    #expect(outcome.code == 69)
    #expect(outcome.lastErrors[1].contains("ort \(server.port)"))
    #expect(outcome.output.isEmpty)
  }
}

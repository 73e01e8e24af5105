import Foundation
import Testing
import TryoutCore
import TryoutSimulator

@testable import TryoutTransport

@Suite(.timeLimit(.minutes(1)))
struct ProviderDeskTests {
  private static let key = "sk-or-desk-secret"

  private func account(_ provider: String = "openrouter") throws -> Account {
    try Fixture.account(provider)
  }

  /// Answers each path, without its query, with a body; others with 404.
  private func server(_ bodies: [String: String]) throws -> RawServer {
    try RawServer { request in
      let path = String(request.head.split(separator: " ")[1].prefix { $0 != "?" })
      let body = bodies[path]
      let status = body == nil ? "404 Not Found" : "200 OK"
      return [.write(RawHTTP.response(status, body ?? #"{"error":{"message":"no"}}"#))]
    }
  }

  private func with<T>(
    _ url: String, provider: String = "openrouter", key: String? = ProviderDeskTests.key,
    _ body: (ProviderDesk, Account, Endpoint) async throws -> T
  ) async throws -> T {
    let desk = try ProviderDesk()
    defer { desk.shutdown() }
    return try await body(desk, account(provider), Endpoint(url: url, key: key))
  }

  /// The captured list, as the provider sent it.
  private static let captured =
    #"{"data":[{"id":"a/b:free","pricing":{"prompt":"0","completion":"0"}},{"id":"a/c"}],"links":{"next":null}}"#

  @Test func aListIsReadWithWhatTheKeyMayUse() async throws {
    let server = try server([
      "/v1/models": Self.captured, "/v1/models/user": #"{"data":[{"id":"a/c"}]}"#,
    ])
    defer { server.stop() }
    try await with(server.url) { desk, account, endpoint in
      let catalogue = try await desk.catalogue(of: account, at: endpoint, now: 7)
      #expect(catalogue.models.map(\.id) == ["a/b:free", "a/c"])
      #expect(catalogue.usable == ["a/c"] && catalogue.takenAt == 7)
    }
    #expect(server.received.count == 2)
    #expect(
      server.received.allSatisfy {
        $0.head.hasPrefix("GET /v1/models") && $0.head.contains("Authorization: Bearer \(Self.key)")
          && $0.body.isEmpty
      })
  }

  @Test func withoutAKeyNothingIsKnownOfWhatIsUsable() async throws {
    let server = try server(["/v1/models": Self.captured])
    defer { server.stop() }
    try await with(server.url, key: nil) { desk, account, endpoint in
      let catalogue = try await desk.catalogue(of: account, at: endpoint, now: 0)
      #expect(catalogue.usable == nil)
    }
    #expect(server.received.count == 1 && !server.received[0].head.contains("Authorization"))
  }

  /// A link to another host would carry the key there.
  @Test func pagesAreFollowedAtTheSameServerOnly() async throws {
    let other = try server(["/v1/more": #"{"data":[{"id":"foreign"}]}"#])
    defer { other.stop() }
    let foreign = other.url + "/more"
    let server = try server([
      "/v1/models": #"{"data":[{"id":"a"}],"links":{"next":"/v1/more?offset=1"}}"#,
      "/v1/more": #"{"data":[{"id":"b"}],"links":{"next":"\#(foreign)"}}"#,
    ])
    defer { server.stop() }
    try await with(server.url, provider: "openai") { desk, account, endpoint in
      let catalogue = try await desk.catalogue(of: account, at: endpoint, now: 0)
      #expect(catalogue.models.map(\.id) == ["a", "b"])
    }
    #expect(other.received.isEmpty)
    #expect(server.received.count == 2)
  }

  /// A part of a list, taken for the whole, would say that the other models are gone.
  @Test func aListWithoutAnEndIsNoList() async throws {
    let pages = (0..<80).map { page in
      let next = page < 79 ? "\"/v1/page\(page + 1)\"" : "null"
      return ("/v1/page\(page)", #"{"data":[{"id":"m\#(page)"}],"links":{"next":\#(next)}}"#)
    }
    let long = try server(
      Dictionary(pages) { $1 }.merging(["/v1/models": #"{"data":[],"links":{"next":"/v1/page0"}}"#])
      { $1 })
    defer { long.stop() }
    try await with(long.url, provider: "openai") { desk, account, endpoint in
      let catalogue = try await desk.catalogue(of: account, at: endpoint, now: 0)
      #expect(catalogue.models.count == 80)
    }
    let circle = try server([
      "/v1/models": #"{"data":[{"id":"a"}],"links":{"next":"/v1/more"}}"#,
      "/v1/more": #"{"data":[{"id":"b"}],"links":{"next":"/v1/more"}}"#,
    ])
    defer { circle.stop() }
    try await with(circle.url, provider: "openai") { desk, account, endpoint in
      let failure = await #expect(throws: Failure.self) {
        try await desk.catalogue(of: account, at: endpoint, now: 0)
      }
      #expect(failure?.kind == .malformed && failure?.message.contains("come to an end") == true)
    }
  }

  @Test func aRedirectIsNotFollowed() async throws {
    let other = try server(["/v1/models": Self.captured])
    defer { other.stop() }
    let moved = "Location: \(other.url)/models"
    let server = try RawServer(
      .write(RawHTTP.response("302 Found", fields: [moved], "")))
    defer { server.stop() }
    try await with(server.url) { desk, account, endpoint in
      let failure = await #expect(throws: Failure.self) {
        try await desk.catalogue(of: account, at: endpoint, now: 0)
      }
      #expect(failure?.kind == .unsupported)
    }
    #expect(other.received.isEmpty)
  }

  @Test(arguments: [
    (#"{"id":"x"}"#, "200 OK", FailureKind.malformed),
    ("<!DOCTYPE html><title>x</title>", "200 OK", .malformed),
    (#"{"error":{"message":"User not found.","code":401}}"#, "401 Unauthorized", .auth),
    (#"{"error":{"message":"boom","code":500}}"#, "500 Internal Server Error", .server),
  ])
  func whatIsNoListIsNamed(_ body: String, _ status: String, _ kind: FailureKind) async throws {
    let server = try RawServer(.write(RawHTTP.response(status, body)))
    defer { server.stop() }
    try await with(server.url) { desk, account, endpoint in
      let failure = await #expect(throws: Failure.self) {
        try await desk.catalogue(of: account, at: endpoint, now: 0)
      }
      #expect(failure?.kind == kind)
    }
  }

  @Test func anthropicIsAskedInItsOwnWords() async throws {
    let server = try server([
      "/v1/models":
        #"{"data":[{"id":"claude-x","display_name":"Claude X","type":"model"}],"has_more":false}"#
    ])
    defer { server.stop() }
    try await with(server.url, provider: "anthropic") { desk, account, endpoint in
      let catalogue = try await desk.catalogue(of: account, at: endpoint, now: 0)
      #expect(catalogue["claude-x"]?.name == "Claude X")
    }
    let head = try #require(server.received.first).head
    #expect(head.contains("x-api-key: \(Self.key)") && head.contains("anthropic-version"))
    #expect(!head.contains("Bearer"))
  }

  @Test func anthropicsListIsReadToItsEnd() async throws {
    let server = try RawServer { request in
      let isSecond = request.head.hasPrefix("GET /v1/models?after_id=claude-a ")
      let body =
        isSecond
        ? #"{"data":[{"id":"claude-b"}],"has_more":false,"last_id":"claude-b"}"#
        : #"{"data":[{"id":"claude-a"}],"has_more":true,"last_id":"claude-a"}"#
      return [.write(RawHTTP.response("200 OK", body))]
    }
    defer { server.stop() }
    try await with(server.url, provider: "anthropic") { desk, account, endpoint in
      let catalogue = try await desk.catalogue(of: account, at: endpoint, now: 0)
      #expect(catalogue.models.map(\.id) == ["claude-a", "claude-b"])
    }
    #expect(server.received.count == 2)
  }

  /// Two programs that share no wire code agree.
  @Test func theSimulatorIsUnderstood() async throws {
    let script = try Script.openRouter()
    try await Simulator(script: script).withRunning { server in
      try await with(server.baseURL) { desk, account, endpoint in
        let catalogue = try await desk.catalogue(of: account, at: endpoint, now: 0)
        #expect(catalogue.models.count == 11)
        #expect(catalogue.models.count(where: \.isFree) == 9)
        #expect(catalogue.allows("omni/private:free") == false)
        #expect(catalogue["zeta/thinker:free"]?.reasoning == .mandatory)
        #expect(catalogue["acme/large"]?.prices["prompt"]?.text == "0.0000002")
        let reading = try await desk.key(of: account, at: endpoint)
        #expect(reading.freeRemaining == 50 && reading.isFreeTier == true && reading.limit == nil)
        let model = try await desk.model("acme/small:free", of: account, at: endpoint)
        #expect(model == catalogue["acme/small:free"])
        let endpoints = try await desk.endpoints(of: model.id, account, at: endpoint)
        #expect(endpoints.count == 1)
        let failure = await #expect(throws: Failure.self) {
          try await desk.model("acme/none:free", of: account, at: endpoint)
        }
        #expect(failure?.kind == .modelGone)
        let sighting = await desk.greeting(of: account, at: endpoint)
        let skew = try #require(sighting.serverTime) - sighting.ownTime
        #expect(abs(skew) < 30)
      }
    }
  }
}

import Foundation
import Testing
import TryoutCore
import TryoutSimulator

/// The whole transport over TLS, as a provider's web server speaks it.
struct TLSTests {
  @Test func aNewConnectionTellsItsPhasesAndTheNextRequestUsesIt() async throws {
    let (exchanges, requests) = try await Front.serving { front in
      let ask = try Asking(front)
      defer { ask.end() }
      return [try await ask("One?"), try await ask("Two?")]
    }
    for exchange in exchanges {
      #expect(exchange.failure == nil)
      #expect(exchange.chunks > 1)
      #expect(exchange.connection.sends == 1)
    }
    let (first, second) = (exchanges[0], exchanges[1])
    #expect(first.connection.cold)
    let phases = [first.connection.dns, first.connection.tcp, first.connection.tls]
    let connecting = try phases.map { try #require($0) }
    #expect(connecting.allSatisfy { $0 > 0 })
    #expect(try #require(first.timeline.sent) >= connecting.reduce(0, +) - 1_000_000)
    #expect(first.connection.resumed == false)
    #expect(!second.connection.cold)
    #expect(second.connection.resumed == nil)
    #expect(
      [second.connection.dns, second.connection.tcp, second.connection.tls] == [nil, nil, nil])
    #expect(requests.count == 2)
    #expect(Set(requests.map(\.connection)).count == 1)
    #expect(requests.allSatisfy { $0.key == "Bearer sk-secret" })
  }

  @Test(arguments: ["localhost", "tryout.localhost"], HTTPVersion.allCases)
  func eachNameOfAPortHasItsCertificate(host: String, http: HTTPVersion) async throws {
    let (exchange, requests) = try await Front.serving { front in
      let ask = try Asking(front, host: host)
      defer { ask.end() }
      return try await ask(http: http)
    }
    #expect(exchange.failure == nil)
    #expect(exchange.connection.httpVersion == http.rawValue)
    #expect(requests.map(\.host) == [host])
    #expect(requests.map(\.version) == [http == .http2 ? "HTTP/2.0" : "HTTP/1.1"])
  }

  @Test(arguments: [
    ("localhost", "/dev/null", "SSL_CERT_FILE"),
    ("localhost", "/there/is/no/such.pem", "cannot be read. Check SSL_CERT_FILE"),
    ("localhost", "tryout.localhost.pem", "No authority that this machine trusts"),
    ("expired.localhost", "authority.pem", "out of date"),
    ("wrong.localhost", "authority.pem", "for another name"),
  ])
  func aServerThatCannotBeTrustedIsToldNothing(
    host: String, file: String, advice: String
  ) async throws {
    let (exchange, requests) = try await Front.serving { front in
      let beside = front.authority.replacing("authority.pem", with: file)
      let ask = try Asking(front, host: host, trusting: file.hasPrefix("/") ? file : beside)
      defer { ask.end() }
      return try await ask()
    }
    let failure = try #require(exchange.failure)
    #expect(failure.kind == .tls)
    #expect(failure.message.contains(host))
    #expect(failure.message.contains(advice), "\(failure.message)")
    #expect(exchange.timeline.sent == nil)
    #expect(exchange.connection.sends == 0)
    #expect(requests.isEmpty)
  }

  @Test func aServerWithoutTLSIsToldApart() async throws {
    let (exchange, _) = try await Front.serving { front in
      let ask = try Asking(front.plainURL.replacing("http:", with: "https:"))
      defer { ask.end() }
      return try await ask()
    }
    #expect(exchange.failure?.kind == .tls)
    let message = try #require(exchange.failure?.message)
    #expect(message.contains("does not seem to speak TLS"), "\(message)")
  }

  @Test(arguments: ["TLSv1.2", "TLSv1.3"], HTTPVersion.allCases)
  func aResumedSessionIsMarked(version: String, http: HTTPVersion) async throws {
    let setting = Front.Setting(requestsPerConnection: 1, protocols: version)
    let (exchanges, requests) = try await Front.serving(.quick, setting) { front in
      let ask = try Asking(front)
      defer { ask.end() }
      var exchanges: [Exchange] = []
      for number in 0..<3 { exchanges.append(try await ask("\(number)?", http: http)) }
      return exchanges
    }
    #expect(exchanges.compactMap(\.failure).isEmpty)
    #expect(exchanges.allSatisfy { $0.connection.cold })
    #expect(exchanges.map(\.connection.resumed) == requests.map(\.isResumed))
    #expect(exchanges[0].connection.resumed == false)
    // Whether a session outlives a connection of HTTP/2 depends on how that was closed.
    if http == .http1 { #expect(exchanges.map(\.connection.resumed) == [false, true, true]) }
  }

  @Test func connectionsOpenedAtOnceAreMarkedAsTheServerSeesThem() async throws {
    // One request for each connection, so that each of nginx's lines is a connection.
    let setting = Front.Setting(requestsPerConnection: 1)
    let (exchanges, requests) = try await Front.serving(.quick, setting) { front in
      let ask = try Asking(front)
      defer { ask.end() }
      return try await withThrowingTaskGroup { group in
        for number in 0..<8 { group.addTask { try await ask("\(number)?") } }
        return try await group.reduce(into: [Exchange]()) { $0.append($1) }
      }
    }
    #expect(exchanges.compactMap(\.failure).isEmpty)
    let opened = exchanges.filter(\.connection.cold)
    #expect(opened.allSatisfy { $0.connection.resumed != nil })
    #expect(opened.count == Set(requests.map(\.connection)).count)
    #expect(opened.count { $0.connection.resumed == true } == requests.count(where: \.isResumed))
  }

  /// Reading some hundred and fifty certificates takes longer than many a first token, and the thread that reads them
  /// reads all streams.
  @Test(
    .enabled(if: Asking.keepsCertificates, "libcurl reads them for each connection before 7.87"))
  func certificatesAreReadOnceForAllConnections() async throws {
    let setting = Front.Setting(requestsPerConnection: 1)
    let (exchanges, requests) = try await Front.serving(.quick, setting) { front in
      let trusted = URL(filePath: front.authority + ".copy")
      try FileManager.default.copyItem(at: URL(filePath: front.authority), to: trusted)
      let ask = try Asking(front, trusting: trusted.path)
      defer { ask.end() }
      let first = try await ask("One?")
      try FileManager.default.removeItem(at: trusted)
      return [first, try await ask("Two?"), try await ask("Three?")]
    }
    #expect(exchanges.compactMap(\.failure).isEmpty)
    #expect(exchanges.allSatisfy { $0.connection.cold })
    #expect(Set(requests.map(\.connection)).count == 3)
  }

  @Test func theEnvironmentNamesTheAuthority() async {
    await #expect(processExitsWith: .success) {
      let (exchange, _) = try await Front.serving { front in
        setenv("SSL_CERT_FILE", front.authority, 1)
        let ask = try Asking(front.url())
        defer { ask.end() }
        return try await ask()
      }
      #expect(exchange.failure == nil)
    }
  }
}

import Testing
import TryoutCore
import TryoutSimulator

/// Streams that share a connection, and what becomes of them when it or they break.
struct HTTP2Tests {
  private static let numbers = 0..<32

  /// Each prompt has an answer of its own.
  private static let script = {
    var script = Script.quick
    script.answers = numbers.map { number in
      let words = (0..<20).map { "\(number).\($0)" }.joined(separator: " ")
      return ScriptedAnswer(when: .contains("Number \(number)?"), say: words)
    }
    return script
  }()

  private static let answers = script.answers.map(\.say)

  /// Asks all prompts at once; the answers in their order.
  private func askAll(_ ask: Asking) async throws -> [Exchange] {
    try await withThrowingTaskGroup { group in
      for number in Self.numbers {
        group.addTask { (number, try await ask("Number \(number)?", http: .http2)) }
      }
      return try await group.reduce(into: [(Int, Exchange)]()) { $0.append($1) }
        .sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  @Test func streamsShareOneConnection() async throws {
    let (exchanges, requests) = try await Front.serving(Self.script) { front in
      let ask = try Asking(front)
      defer { ask.end() }
      return try await askAll(ask)
    }
    #expect(exchanges.compactMap(\.failure) == [])
    #expect(exchanges.map(\.answer) == Self.answers)
    #expect(exchanges.allSatisfy { $0.connection.httpVersion == "2" && $0.chunks > 1 })
    #expect(exchanges.count { $0.connection.cold } == 1)
    #expect(requests.count == Self.numbers.count)
    #expect(Set(requests.map(\.connection)).count == 1)
  }

  @Test func aConnectionThatTheServerRetiresCostsNoAnswer() async throws {
    // After five requests nginx sends GOAWAY and takes no more streams on that connection.
    let setting = Front.Setting(requestsPerConnection: 5)
    let (exchanges, requests) = try await Front.serving(Self.script, setting) { front in
      let ask = try Asking(front)
      defer { ask.end() }
      return try await askAll(ask)
    }
    #expect(exchanges.compactMap(\.failure) == [])
    #expect(exchanges.map(\.answer) == Self.answers)
    #expect(requests.count == Self.numbers.count)
    #expect(Set(requests.map(\.connection)).count > 1)
  }

  @Test(arguments: HTTPVersion.allCases)
  func anAnswerThatIsCutIsNoAnswer(http: HTTPVersion) async throws {
    var script = Script.quick
    script.personas["quick"]?.faults = [Fault(.cutStream, after: 3)]
    // The simulator hangs up on nginx, which then resets the stream, or closes the connection.
    let (exchange, _) = try await Front.serving(script) { front in
      let ask = try Asking(front)
      defer { ask.end() }
      return try await ask(http: http)
    }
    #expect(exchange.failure?.kind == .truncatedStream)
    #expect(exchange.httpStatus == 200)
    #expect(exchange.chunks == 3)
    #expect(!exchange.answer.isEmpty)
  }
}

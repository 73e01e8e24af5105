import Testing
import TryoutCore
import TryoutSimulator

@testable import TryoutTransport

/// Our clocks against those of a server that stamps what it sends.
struct StampTests {
  @Test func noTokenIsStampedBeforeItWasSent() async throws {
    let server = try StampServer(chunks: 10, pause: .milliseconds(2))
    defer { server.stop() }
    let transport = try CurlTransport(endpoints: ["test": Endpoint(url: server.url)])
    defer { transport.shutdown() }
    let question = try Fixture.question("simulator")
    // The second round finds connections that are open.
    for _ in 0..<2 {
      let exchanges = await withTaskGroup { group in
        for _ in 0..<50 { group.addTask { await transport.ask(question) } }
        return await group.reduce(into: [Exchange]()) { $0.append($1) }
      }
      for exchange in exchanges {
        let answer = try StampedAnswer(exchange, chunks: 10)
        #expect(answer.firstToken >= 0)
        #expect(answer.lastToken >= 0)
        #expect(exchange.timeline.origin <= answer.span.lowerBound)
        #expect(exchange.usage.completion == 10)
      }
    }
  }

  @Test func theGapsBetweenTokensAddUpToTheirSpan() {
    let pieces: [(at: Int64, text: String)] = [
      (3, SSE.role), (1_000_007, SSE.content("a")), (1_500_011, ": ping\n\n" + SSE.content("b")),
      (1_500_011, SSE.content("c")), (9_000_000, SSE.content("d") + SSE.content("e")),
      (9_999_999, SSE.finish() + SSE.done),
    ]
    var reader = StreamReader()
    var stamps: [Int64] = []
    for piece in pieces {
      let before = reader.events.chunks
      #expect(Array(piece.text.utf8).withUnsafeBytes { reader.consume($0, at: piece.at) })
      if reader.events.chunks > before { stamps += reader.events.lastToken.map { [$0] } ?? [] }
    }
    reader.finish(at: 10_000_000)
    let gaps = zip(stamps, stamps.dropFirst()).map { $1 - $0 }
    #expect(stamps == [1_000_007, 1_500_011, 1_500_011, 9_000_000])
    #expect(reader.events.firstToken == 1_000_007)
    #expect(gaps.reduce(0, +) == 9_000_000 - 1_000_007)
    #expect(reader.events.lastToken == 9_000_000)
  }

  @Test func aStationServesTheRowThatTheModelNames() async throws {
    let station = try StreamStation()
    defer { station.stop() }
    let transport = try CurlTransport(endpoints: ["test": Endpoint(url: station.url)])
    defer { transport.shutdown() }
    func ask(_ model: String) async throws -> Exchange {
      await transport.ask(try Fixture.question { $0.model = model })
    }
    #expect(try await ask("plain").answer == "Hello")
    #expect(try await ask("error-rate-limit").failure?.kind == .rateDay)
    #expect(try await ask("reset").failure?.kind == .truncatedStream)
    #expect(try await ask("redirect").failure?.kind == .unsupported)
    #expect(try await ask("nobody").httpStatus == 404)
  }
}

import Testing
import TryoutCore

@testable import TryoutTransport

/// Executes the table of `docs/streams.md` over real sockets.
struct StreamsTableTests {
  @Test func everyRowHasAScriptAndEveryScriptARow() throws {
    let ids = StreamScript.all.map(\.id)
    #expect(Set(ids).count == ids.count)
    #expect(Set(try StreamsTable.rows().keys) == Set(ids))
  }

  @Test(arguments: StreamScript.all)
  func theRowIsTrue(script: StreamScript) async throws {
    let row = try #require(try StreamsTable.rows()[script.id])
    var play = try await script.play()
    // On a busy machine the client may find two writes in one read, which is another stream than the row's.
    for _ in 1...2 where try play.exchanges.last.map({ try !row.isTrue(of: $0) }) ?? true {
      play = try await script.play()
    }
    let exchange = try #require(play.exchanges.last)
    let message = exchange.failure?.message ?? ""
    #expect(StreamsTable.Row(exchange, like: row) == row, "\(message)")
    #expect(try row.violations(in: exchange.timeline) == [], "\(exchange.timeline)")
    #expect(exchange.answer == script.answer)
    #expect(exchange.reasoning == script.reasoning)
    #expect(message.contains(script.message) || script.message.isEmpty)
    #expect(!message.contains(StreamScript.key))
    #expect(play.exchanges.allSatisfy { row.status == "failed" || $0.failure == nil })
    #expect(play.strayed == 0)
    // What is endless is cut off soon after the cap, of which sockets may hold some more.
    #expect(play.sent < 64 << 20)
  }
}

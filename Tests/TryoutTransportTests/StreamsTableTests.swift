import Foundation
import Testing
import TryoutCore
import TryoutSimulator
import TryoutTransport

/// Executes the table of `docs/streams.md` over real sockets.
struct StreamsTableTests {
  @Test func everyRowHasAScriptAndEveryScriptARow() {
    let ids = StreamScript.all.map(\.id)
    #expect(Set(ids).count == ids.count)
    #expect(StreamRow.all.map(\.id).sorted() == ids.sorted())
  }

  @Test func theDocumentHoldsTheTable() throws {
    var folder = URL(filePath: #filePath)
    for _ in 0..<3 { folder.deleteLastPathComponent() }
    let file = folder.appending(path: "docs/streams.md")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    let table = lines.drop { !$0.hasPrefix("| id |") }.filter { $0.hasPrefix("| `") }
    #expect(table.map(String.init) == StreamRow.all.map(\.markdown))
  }

  @Test(arguments: StreamScript.all)
  func theRowIsTrue(script: StreamScript) async throws {
    let row = try #require(StreamRow.all.first { $0.id == script.id })
    let promise = try StreamPromise(
      failure: row.failure, finish: row.finish, tokens: row.tokens, clocks: row.clocks,
      flags: row.flags, answer: script.answer, reasoning: script.reasoning,
      message: script.message)
    var play = try await script.play()
    // On a busy machine the client may find two writes in one read, which is another stream than
    // the row's.
    for _ in 1...2 where !play.violations(of: promise).isEmpty { play = try await script.play() }
    #expect(play.violations(of: promise) == [], "\(play.exchanges.last?.timeline ?? Timeline())")
    let message = play.exchanges.last?.failure?.message ?? ""
    #expect(!message.contains(StreamScript.key))
    #expect(play.exchanges.allSatisfy { row.failure != nil || $0.failure == nil })
    #expect(play.strayed == 0)
    // What is endless is cut off soon after the cap, of which sockets may hold some more.
    #expect(play.sent < 64 << 20)
  }
}

extension StreamScript {
  static let key = "sk-or-v1-0123456789abcdef"

  var question: Question {
    get throws {
      try Fixture.question(provider) { question in
        question.user = prompt
        question.timeouts.firstToken = firstToken
        question.timeouts.stall = stall
      }
    }
  }

  /// What came of it.
  struct Play {
    var exchanges: [Exchange]
    /// Bytes that the server could write.
    var sent: Int
    /// Requests that went to the other server.
    var strayed: Int

    func violations(of promise: StreamPromise) -> [String] {
      exchanges.last.map { promise.violations(in: $0) } ?? ["nothing was asked"]
    }
  }

  /// Asks over a real socket.
  func play() async throws -> Play {
    let stage = try StreamStage(self)
    defer { stage.stop() }
    let transport = try CurlTransport(endpoints: ["test": Endpoint(url: stage.url, key: Self.key)])
    defer { transport.shutdown() }
    var exchanges: [Exchange] = []
    for _ in 0..<requests { exchanges.append(await transport.ask(try question)) }
    return Play(exchanges: exchanges, sent: stage.sent, strayed: stage.strayed)
  }
}

import TryoutCore
import TryoutSimulator
import TryoutTransport

/// Asks a server that stamps its chunks, many times at once, over the transport that runs use.
struct ClockRehearsal {
  private static let pause = Duration.milliseconds(25)

  /// How many streams at once.
  let streams: Int
  /// The more streams there are, the longer they last: they are to be there all at once.
  private var chunks: Int { min(32, 8 + streams / 50) }
  /// Half a millisecond for each, to open its connection.
  private var delay: Duration { .microseconds(500) * streams }

  init(streams: Int) { self.streams = streams }

  /// Measures up to three times, for a machine may be busy.
  ///
  /// What no busy machine explains counts at once.
  func trial() async throws -> ClockTrial {
    var trial = try await measured()
    for _ in 1...2 where !trial.reasons.isEmpty && !trial.isImpossible {
      trial = try await measured()
    }
    return trial
  }

  private func measured() async throws -> ClockTrial {
    let server = try StampServer(chunks: chunks, pause: Self.pause, delay: delay)
    defer { server.stop() }
    let transport = try CurlTransport(endpoints: ["stamps": Endpoint(url: server.url)])
    defer { transport.shutdown() }
    let question = Question(
      account: Account(id: "stamps", provider: .simulator), model: "stamps",
      user: "What time is it?")
    let chunks = chunks
    var rounds: [[Result<StampedAnswer, StampedAnswer.Unreadable>]] = []
    for _ in 0..<max(3, min(20, 400 / streams)) {
      let round = await withTaskGroup { group in
        for _ in 0..<streams { group.addTask { await transport.ask(question) } }
        return await group.reduce(into: [Exchange]()) { $0.append($1) }
      }
      rounds.append(
        round.map { exchange in
          Result { () throws(StampedAnswer.Unreadable) in
            try StampedAnswer(exchange, chunks: chunks)
          }
        })
    }
    return ClockTrial(streams: streams, chunks: chunks, pause: Self.pause, rounds: rounds)
  }
}

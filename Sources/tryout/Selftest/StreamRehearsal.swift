import TryoutCore
import TryoutSimulator
import TryoutTransport

/// Plays the table of streams and looks whether each is read as promised.
struct StreamRehearsal {
  /// Plays all rows, a few at once, and tells of them in the table's order.
  func trials() async throws -> [SelftestResult.StreamTrial] {
    let rows = Dictionary(uniqueKeysWithValues: StreamRow.all.map { ($0.id, $0) })
    var scripts = StreamScript.all[...]
    var trials: [String: SelftestResult.StreamTrial] = [:]
    try await withThrowingTaskGroup(of: SelftestResult.StreamTrial.self) { group in
      func addNext() {
        guard let script = scripts.popFirst(), let row = rows[script.id] else { return }
        group.addTask { try await trial(of: script, row: row) }
      }
      for _ in 0..<4 { addNext() }
      for try await trial in group {
        trials[trial.id] = trial
        addNext()
      }
    }
    return StreamRow.all.map { row in
      trials[row.id] ?? .init(id: row.id, plays: 0, violations: ["it was not played"])
    }
  }

  /// On a busy machine a client may find two writes in one read, which is another stream than the
  /// row's: up to three plays.
  private func trial(
    of script: StreamScript, row: StreamRow
  ) async throws -> SelftestResult.StreamTrial {
    let promise = try StreamPromise(
      failure: row.failure, finish: row.finish, tokens: row.tokens, clocks: row.clocks,
      flags: row.flags, answer: script.answer, reasoning: script.reasoning,
      message: script.message)
    var trial = SelftestResult.StreamTrial(id: row.id, plays: 0, violations: [])
    repeat {
      trial.plays += 1
      trial.violations = try await play(script, promise)
    } while !trial.violations.isEmpty && trial.plays < 3
    return trial
  }

  private func play(_ script: StreamScript, _ promise: StreamPromise) async throws -> [String] {
    guard let provider = Provider.preset(named: script.provider) else {
      return ["no provider is named \(script.provider)"]
    }
    let stage = try StreamStage(script)
    defer { stage.stop() }
    let key = "sk-selftest-0123456789"
    let transport = try CurlTransport(endpoints: ["stage": Endpoint(url: stage.url, key: key)])
    defer { transport.shutdown() }
    var question = Question(
      account: Account(id: "stage", provider: provider), model: script.id, user: script.prompt)
    question.timeouts.firstToken = script.firstToken
    question.timeouts.stall = script.stall
    var violations: [String] = []
    for _ in 0..<script.requests {
      violations = promise.violations(in: await transport.ask(question))
    }
    if stage.strayed > 0 { violations.append("another host was asked") }
    // What is endless is cut off soon after the cap, of which sockets may hold some more.
    if stage.sent > 64 << 20 { violations.append("more than 64 MiB were read") }
    return violations
  }
}

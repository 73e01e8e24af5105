import TryoutCore
import TryoutReport
import TryoutStore
import TryoutTransport

extension Session {
  /// What judges and programs have to do with a run.
  func grading(of run: String) -> Grading {
    Grading(suite: suite, store: store, run: run, programs: programs)
  }

  /// Lets programs and judges grade the answers of a run.
  ///
  /// Votes are samples of a plan of their own: the same scheduler asks for them under the same limits and budgets, and
  /// the same log records them.
  func askOthers(
    about run: String, _ endpoints: [String: Endpoint], anchor: Int64, elapsed: Duration
  ) async throws -> Scheduler.Ending {
    let grading = grading(of: run)
    // Whatever was said counts, also where the rest must wait.
    defer { try? grading.settle() }
    try await grading.askPrograms(
      isStopped: { [signals] in signals.first != nil },
      isCut: { [signals, grace] in signals.isFinal(after: grace) })
    guard signals.first == nil else { return .interrupted }
    let plan = try grading.hearing().plan(seed: 0, elapsed: elapsed)
    let (votes, done) = (try store.votes(of: run), try store.done(of: run))
    let standing = Standing(
      of: plan, closed: Set(votes.replies.keys), attempts: votes.attempts, requests: done.requests,
      usd: done.usd)
    guard !standing.isComplete(plan) else { return .complete }
    Console.say(
      "Judges give \(Format.count(plan.measuredCount - standing.doneCount(in: plan), "vote")).")
    let transport = try CurlTransport(endpoints: endpoints, userAgent: "tryout/\(Tryout.version)")
    defer { transport.shutdown() }
    return try await ask(
      plan, standing, of: run, transport, anchor: anchor, hasReplied: !votes.replies.isEmpty)
  }

  /// Asks judges and programs about the answers that a run has, and nothing else; the run stays in the state it was in.
  func askOthersAlone(about run: RunRecord) async throws -> Scheduler.Ending {
    try store.resume(run.id)
    func end() throws {
      try store.end(run.id, run.state, reason: run.reason, at: run.endedAt ?? wallClock())
    }
    do {
      guard try await claimQuotas(for: run.id) else {
        try end()
        return .interrupted
      }
      let ending = try await withEndpoints(
        of: suite.accountsInUse, keys: keys, seed: suite.run.seed
      ) { endpoints in
        try await askOthers(about: run.id, endpoints, anchor: wallClock(), elapsed: .zero)
      }
      try end()
      return ending
    } catch {
      try? end()
      throw error
    }
  }
}

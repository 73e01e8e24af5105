import TryoutCore
import TryoutStore

extension Session {
  /// Asks targets in their order until one answers, and says why it goes on to the next.
  ///
  /// Those that were not needed are closed as skipped.
  func askInTurn(
    _ work: Work, _ provider: any ModelProvider, anchor: Int64
  ) async throws -> Scheduler.Ending {
    var rest = suite.targets[...]
    while let target = rest.popFirst() {
      guard signals.first == nil else { return .interrupted }
      let standing = Standing(of: work.plan, try store.done(of: work.run.id))
        .only(target: suite.targets.count - rest.count - 1, of: work.plan)
      let ending = try await ask(work.plan, standing, of: work.run.id, provider, anchor: anchor)
      guard ending != .interrupted else { return ending }
      let (kind, reason) = try outcome(of: target, in: work, ending)
      let next = rest.firstIndex { next in
        kind.map { Fallback.helps(after: $0, at: target.account, next: next.account) } ?? false
      }
      try await skip(
        rest[..<(next ?? rest.endIndex)], of: work,
        because: kind == nil ? "\(target.id) answered" : "\(target.id): \(reason)")
      guard let next else { return ending }
      let end = reason.hasSuffix(".") ? "" : "."
      Console.say("\(target.id): \(reason)\(end) Asking \(rest[next].id).")
      rest = rest[next...]
    }
    return .complete
  }

  /// What kept a target from answering, in a word and in words; no word where it answered.
  private func outcome(
    of target: Target, in work: Work, _ ending: Scheduler.Ending
  ) throws -> (FailureKind?, String) {
    if case .paused = ending {
      let reason = ending.state(resumeAnchor: work.run.startedAt).1 ?? "paused"
      return (.rateDay, reason)
    }
    var found: SampleRecord?
    try store.forEachSample(of: work.run.id) { if $0.identity.target == target.id { found = $0 } }
    guard let found, !found.isAnswered else { return (nil, "") }
    return (found.failure ?? .cancelled, found.reasons.first ?? "it was not asked")
  }

  private func skip(_ targets: ArraySlice<Target>, of work: Work, because reason: String)
    async throws
  {
    let ids = Set(targets.map(\.id))
    let entries = work.plan.samples.indices
      .filter { ids.contains(suite.targets[work.plan.targetIndex(of: $0)].id) }
      .map { LogEntry.closed(work.plan.identity(of: $0), Grade(.skipped, reasons: [reason])) }
    guard !entries.isEmpty else { return }
    try await RunLog(store, run: work.run.id).append(entries)
  }
}

/// What a plan will take: the real scheduler, run against imagined answers under virtual time.
package struct Forecast: Sendable, Equatable {
  /// Until the last sample has ended, or until the run would pause.
  package private(set) var duration = Duration.zero
  package private(set) var ending = Scheduler.Ending.complete
  /// Requests that would be sent on each limit.
  package private(set) var requests: [String: Int] = [:]
  /// Arrivals of an open load that could not be sent when they were due, by what would be to blame.
  package private(set) var missed: [FailureKind: Int] = [:]
  /// Which samples of the plan would have ended, by position.
  var ended: [Bool]

  /// Plays a plan through, every request being answered after `serviceTime`, without failures.
  ///
  /// What `standing` has done is not asked again.
  package init(
    _ plan: Plan, anchor: Int64, serviceTime: Duration, prior: [Scheduler.Prior] = [],
    standing: Standing? = nil
  ) {
    var scheduler = Scheduler(
      plan: plan, anchor: anchor, done: standing?.done ?? [], attempted: standing?.attempted ?? [:],
      prior: prior, spent: (standing?.requests ?? 0, standing?.usd ?? 0))
    var flights: [(dispatch: Scheduler.Dispatch, end: Duration)] = []
    var head = 0
    var now = Duration.zero
    var counts = Array(repeating: 0, count: plan.suite.targets.count)
    ended = Array(repeating: false, count: plan.samples.count)
    for index in standing?.done ?? [] { ended[index] = true }
    while true {
      let action = scheduler.next(at: now)
      for unasked in scheduler.takeUnasked() where unasked.cause == .missed {
        if let reason = unasked.reason { missed[reason, default: 0] += 1 }
        ended[unasked.sample] = true
      }
      switch action {
      case .start(let dispatch):
        counts[plan.targetIndex(of: dispatch.sample)] += 1
        // Every request takes equally long, so they end in the order of their starts.
        flights.append((dispatch, now + serviceTime))
        continue
      case .wait(let until, _) where head == flights.count || until < flights[head].end:
        now = until
        continue
      case .wait, .waitForResult:
        break
      case .look:
        // It forecasts the most that a run may take.
        scheduler.horizon = .max
        continue
      case .finish(let ending):
        duration = now
        self.ending = ending
        for (target, count) in zip(plan.suite.targets, counts) where count > 0 {
          requests[target.limit, default: 0] += count
        }
        return
      }
      now = max(now, flights[head].end)
      _ = scheduler.ended(flights[head].dispatch, Scheduler.Result(), at: now)
      ended[flights[head].dispatch.sample] = true
      head += 1
    }
  }
}

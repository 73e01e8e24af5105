/// What a plan will take: the real scheduler, run against imagined answers under virtual time.
package struct Forecast: Sendable, Equatable {
  /// Until the last sample has ended, or until the run would pause.
  package var duration: Duration
  package var ending: Scheduler.Ending
  /// Requests that would be sent on each limit.
  package var requests: [String: Int]
  /// Arrivals of an open load that could not be sent when they were due, by what would be to blame.
  package var missed: [FailureKind: Int]

  /// Plays a plan through, every request being answered at once or after `serviceTime`, without failures.
  package init(
    _ plan: Plan, anchor: Int64, serviceTime: Duration, prior: [Scheduler.Prior] = []
  ) {
    var scheduler = Scheduler(plan: plan, anchor: anchor, prior: prior)
    var flights: [(dispatch: Scheduler.Dispatch, end: Duration)] = []
    var head = 0
    var now = Duration.zero
    var requests: [String: Int] = [:]
    var missed: [FailureKind: Int] = [:]
    while true {
      let action = scheduler.next(at: now)
      for unasked in scheduler.takeUnasked() where unasked.cause == .missed {
        missed[unasked.reason, default: 0] += 1
      }
      switch action {
      case .start(let dispatch):
        let target = plan.suite.targets[plan.targetIndex(of: dispatch.sample)]
        requests[target.limit, default: 0] += 1
        // Every request takes equally long, so they end in the order of their starts.
        flights.append((dispatch, now + serviceTime))
        continue
      case .wait(let until, _) where head == flights.count || until < flights[head].end:
        now = until
        continue
      case .wait, .waitForResult:
        break
      case .finish(let ending):
        self.init(duration: now, ending: ending, requests: requests, missed: missed)
        return
      }
      now = max(now, flights[head].end)
      _ = scheduler.ended(flights[head].dispatch, Scheduler.Result(), at: now)
      head += 1
    }
  }

  private init(
    duration: Duration, ending: Scheduler.Ending, requests: [String: Int],
    missed: [FailureKind: Int]
  ) {
    self.duration = duration
    self.ending = ending
    self.requests = requests
    self.missed = missed
  }
}

/// What a plan will take: the real scheduler, run against imagined answers under virtual time.
package struct Forecast: Sendable, Equatable {
  /// Until the last sample has ended, or until the run would pause.
  package var duration: Duration
  package var ending: Scheduler.Ending
  /// Requests that would be sent on each limit.
  package var requests: [String: Int]

  /// Plays a plan through, every request being answered at once or after `serviceTime`, without failures.
  package init(
    _ plan: Plan, anchor: Int64, serviceTime: Duration, prior: [Scheduler.Prior] = []
  ) {
    var scheduler = Scheduler(plan: plan, anchor: anchor, prior: prior)
    var flights: [(dispatch: Scheduler.Dispatch, end: Duration)] = []
    var head = 0
    var now = Duration.zero
    var requests: [String: Int] = [:]
    while true {
      switch scheduler.next(at: now) {
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
        self.init(duration: now, ending: ending, requests: requests)
        return
      }
      now = max(now, flights[head].end)
      _ = scheduler.ended(flights[head].dispatch, Scheduler.Result(), at: now)
      head += 1
    }
  }

  private init(duration: Duration, ending: Scheduler.Ending, requests: [String: Int]) {
    self.duration = duration
    self.ending = ending
    self.requests = requests
  }
}

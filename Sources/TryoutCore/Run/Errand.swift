/// What the child tasks need, shared instead of copied into each of thousands.
final class Errand<C: Clock>: Sendable where C.Duration == Duration {
  let runner: Runner<C>
  let start: C.Instant

  init(runner: Runner<C>, start: C.Instant) {
    self.runner = runner
    self.start = start
  }

  /// The time since the run's zero.
  var now: Duration { start.duration(to: runner.clock.now) }

  /// The attempt as it is when it is about to be made.
  func attempt(_ dispatch: Scheduler.Dispatch) -> Attempt {
    let target = runner.plan.suite.targets[runner.plan.targetIndex(of: dispatch.sample)]
    return Attempt(
      sample: runner.plan.identity(of: dispatch.sample), number: dispatch.attempt,
      account: target.account, quota: runner.plan.suite.account(of: target).quotaKey,
      limit: target.limit, model: target.model,
      startedAt: runner.anchor + dispatch.startedAt.nanoseconds)
  }

  /// The attempt as it was made, with the grade of a good answer.
  func ended(
    _ dispatch: Scheduler.Dispatch, _ exchange: Exchange, asked: Duration
  ) -> Runner<C>.Event {
    var attempt = attempt(dispatch)
    attempt.exchange = exchange
    let handedOver = asked.nanoseconds + exchange.timeline.handover
    attempt.startedAt = runner.anchor + handedOver
    attempt.queue = handedOver - dispatch.planned.nanoseconds
    let target = runner.plan.suite.targets[runner.plan.targetIndex(of: dispatch.sample)]
    attempt.settle(price: target.price, listing: runner.listings[target.id])
    let grade =
      attempt.status == .ok ? Grader.grade(exchange, of: runner.plan.caseOf(dispatch.sample)) : nil
    return .ended(dispatch, attempt, grade)
  }
}

extension Attempt {
  /// Fills in the status and the cost that the exchange amounts to.
  mutating func settle(price: Price?, listing: ModelListing?) {
    switch exchange.failure?.kind {
    case nil: status = .ok
    case .cancelled: status = .cancelled
    default: status = .failed
    }
    cost = Cost(told: exchange.costUSD, of: exchange.usage, price: price, listing: listing)
  }
}

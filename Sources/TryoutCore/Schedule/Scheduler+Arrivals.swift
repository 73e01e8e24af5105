extension Scheduler {
  /// Whether a sample comes when the schedule says, and not when a place is free.
  func isArrival(_ sample: Int) -> Bool { queue != nil && !plan.samples[sample].warmup }

  /// Whether the load is open and no target has warm-ups left.
  var isPastWarmups: Bool {
    guard let queue else { return false }
    return queue.zero != nil
      || !lanes.contains { $0.standing == .open && $0.warmupsOpen > 0 }
  }

  /// What to do now that arrivals decide: each starts when it is due, or never.
  mutating func nextArrival(at now: Duration) -> Action {
    if queue?.zero == nil { queue?.zero = now }
    while let (sample, due) = queue?.next {
      let index = plan.targetIndex(of: sample)
      guard lanes[index].standing == .open else {
        // It was given up with its target, or is left for a resume.
        queue?.advance()
        continue
      }
      guard due <= now else { return wait(until: due, .schedule) }
      switch admission(of: sample, index, at: now) {
      case .admitted:
        queue?.advance()
        return start(sample, of: index, at: now, due: due)
      case .missed(let reason):
        queue?.advance()
        lanes[index].next += 1
        unasked.append(Unasked(sample: sample, reason: reason, cause: .missed))
      case .dayIsSpent(let until):
        let limit = lanes[index].limit
        exhaustDay(of: lanes.indices.filter { lanes[$0].limit == limit }, until: until)
        return next(at: now)
      case .overBudget(let usd):
        stop = .paused(.budgetUSD(usd), until: nil)
        return next(at: now)
      }
    }
    return inFlight > 0 ? .waitForResult : .finish(ending)
  }

  private enum Admission {
    case admitted
    case missed(FailureKind)
    case dayIsSpent(until: Duration)
    case overBudget(Double)
  }

  /// Whether an arrival that is due can be sent at this moment.
  ///
  /// A quota comes before the places: where the account could not have been asked, the target is not to blame.
  private mutating func admission(of sample: Int, _ index: Int, at now: Duration) -> Admission {
    let limit = lanes[index].limit
    let reservation = reservation(for: sample)
    if let usd = policy.budget.usd, exceedsBudget(reservation) { return .overBudget(usd) }
    if limits[limit].notBefore > now { return .missed(.rateMinute) }
    if let (until, window) = limits[limit].obstacle(tokens: reservation.tokens, at: now) {
      guard window.period.isDaily else { return .missed(.rateMinute) }
      // What is in flight may turn out to have used fewer tokens than were reserved for it.
      let mayShrink = window.resource == .tokens && limits[limit].inFlight > 0
      return mayShrink ? .missed(.rateDay) : .dayIsSpent(until: until)
    }
    let hasPlace =
      inFlight < policy.concurrency && limits[limit].inFlight < limits[limit].limit.concurrency
    return hasPlace ? .admitted : .missed(.dropped)
  }
}

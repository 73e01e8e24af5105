extension Scheduler {
  /// What to do now.
  ///
  /// Call it again after every `start`; starting is booked here.
  package mutating func next(at now: Duration) -> Action {
    // Looking takes no budget, and may show that no more is needed.
    if stop == nil, inFlight == 0, isAtHorizon {
      decide { _ in true }
      return .look
    }
    if let stop = stop ?? spentTime(at: now) {
      self.stop = stop
      guard inFlight == 0 else { return .waitForResult }
      // A signal that came when nothing was left to start has interrupted nothing.
      let isDone = stop == .interrupted && !lanes.contains(where: \.hasWork)
      return isDone ? finish() : .finish(stop)
    }
    if let ending = spentRequests {
      // One in flight may turn out never to have been sent; a schedule does not wait for that.
      if inFlight > 0, !isPastWarmups { return .waitForResult }
      stop = ending
      return next(at: now)
    }
    if isPastWarmups { return nextArrival(at: now) }
    guard inFlight < policy.concurrency else { return .waitForResult }
    var best: (lane: Int, sample: Int)?
    var soonest: (until: Duration, hold: Hold)?
    var isOverBudget = false
    for index in lanes.indices {
      switch readiness(of: index, at: now) {
      case .ready(let sample):
        if best == nil || sample < (best?.sample ?? 0) { best = (index, sample) }
      case .later(let until, let hold):
        if soonest == nil || until < (soonest?.until ?? .zero) { soonest = (until, hold) }
      case .dayIsSpent(let until):
        // This changes lanes that were looked at already, so all are looked at anew.
        let limit = lanes[index].limit
        exhaustDay(of: lanes.indices.filter { lanes[$0].limit == limit }, until: until)
        return next(at: now)
      case .overBudget:
        isOverBudget = true
      case .blocked, .idle:
        break
      }
    }
    if let best { return start(best.sample, of: best.lane, at: now) }
    if let soonest {
      return wait(until: soonest.until, soonest.hold)
    }
    if inFlight > 0 { return .waitForResult }
    if isOverBudget, let usd = policy.budget.usd {
      stop = .paused(.budgetUSD(usd), until: nil)
      return .finish(.paused(.budgetUSD(usd), until: nil))
    }
    return finish()
  }

  /// Nothing is in flight, and nothing can start.
  private mutating func finish() -> Action {
    // Where nothing was reached, what was tried is the evidence of that.
    if !hasReplied { decide { _ in true } }
    let ending = ending
    // Where a resume comes anyway it asks them, too.
    if ending == .complete { decide { _ in true } }
    return .finish(ending)
  }

  /// Whether samples are left, and all of them beyond the horizon.
  private var isAtHorizon: Bool {
    let left = lanes.filter { $0.standing.keepsSamples && $0.hasWork }
    return !left.isEmpty
      && left.allSatisfy { lane in
        let isClear = lane.retries.isEmpty && (lane.undecided.isEmpty || lane.standing == .open)
        return isClear && lane.next < lane.queue.count && Int(lane.queue[lane.next]) >= horizon
      }
  }

  private enum Readiness {
    case ready(sample: Int)
    case later(Duration, Hold)
    case dayIsSpent(until: Duration)
    /// The worst case of its next request exceeds what is left of the dollars, unless one in flight costs less.
    case overBudget
    /// A place must become free.
    case blocked
    /// Nothing to do.
    case idle
  }

  private mutating func readiness(of index: Int, at now: Duration) -> Readiness {
    // The arrivals that an open load meant for a target in the meantime have passed; a resume offers them.
    if case .paused(.dailyQuota, let until) = lanes[index].standing, now >= until, queue == nil {
      lanes[index].standing = .open
    }
    guard lanes[index].standing == .open, let head = lanes[index].head(at: now),
      head.sample < horizon
    else { return .idle }
    if isArrival(head.sample) { return .idle }
    let limit = lanes[index].limit
    // Warm-ups go alone: none of the measured samples starts before the last of them has ended.
    if lanes[index].warmupsOpen > 0, !plan.samples[head.sample].warmup { return .blocked }
    if limits[limit].inFlight >= limits[limit].limit.concurrency { return .blocked }
    if head.ready > now { return .later(head.ready, .retry(target: lanes[index].target)) }
    let (server, hold) = serverWait(of: index)
    if server > now {
      lanes[index].eligibleSince = lanes[index].eligibleSince ?? now
      return .later(server, hold)
    }
    let reservation = reservation(for: head.sample)
    if exceedsBudget(reservation) { return .overBudget }
    guard let (until, window) = limits[limit].obstacle(tokens: reservation.tokens, at: now) else {
      return .ready(sample: head.sample)
    }
    // A retry that becomes due in the meantime may need fewer tokens.
    let retry = lanes[index].retries.last.map(\.ready).flatMap { $0 > now ? $0 : nil }
    // A sliding day may have room again in a moment.
    let isSoon = window.period == .rolling && until - now <= policy.retry.maxServerWait
    if window.period.isDaily, !isSoon {
      // What is in flight may turn out to have used less than was booked for it.
      guard limits[limit].inFlight > 0 else { return .dayIsSpent(until: until) }
      return retry.map { .later($0, .retry(target: lanes[index].target)) } ?? .blocked
    }
    // A place was free: from here on it is the rate alone that holds it.
    lanes[index].eligibleSince = lanes[index].eligibleSince ?? now
    return .later(
      min(until, retry ?? until), .rate(limit: limits[limit].limit.id, window))
  }

  /// Books a sample that may start; `due` says when it was to, where a schedule knows.
  mutating func start(
    _ sample: Int, of index: Int, at now: Duration, due: Duration? = nil
  ) -> Action {
    let reservation = reservation(for: sample)
    var planned = due ?? lanes[index].eligibleSince ?? now
    if let retry = lanes[index].retries.last, Int(retry.sample) == sample {
      lanes[index].retries.removeLast()
      planned = max(planned, retry.ready)
    } else {
      lanes[index].next += 1
      lanes[index].eligibleSince = nil
    }
    lanes[index].inFlight += 1
    let limit = lanes[index].limit
    limits[limit].inFlight += 1
    limits[limit].book(tokens: reservation.tokens, at: now)
    inFlight += 1
    requestsMade += 1
    usdReserved += reservation.usd
    attemptsMade[sample] += 1
    return .start(
      Dispatch(
        sample: sample, attempt: (firstAttempt[sample] ?? 0) + Int(attemptsMade[sample]),
        planned: planned, startedAt: now, reservation: reservation))
  }

  /// Until when servers want a target to wait, and which of them.
  private func serverWait(of index: Int) -> (until: Duration, Hold) {
    let lane = lanes[index]
    let server = max(limits[lane.limit].notBefore, lane.notBefore)
    return lane.poolUntil > server
      ? (lane.poolUntil, .pool(target: lane.target)) : (server, .server(target: lane.target))
  }

  /// Whether the worst case is more than is left of the dollars; what costs nothing is exempt.
  func exceedsBudget(_ reservation: Reservation) -> Bool {
    guard let usd = policy.budget.usd, reservation.usd > 0 else { return false }
    return usdSpent + usdReserved + reservation.usd > usd
  }

  /// Whether a request that starts at a moment may still be in flight when the time budget ends.
  private func exceedsTime(_ start: Duration) -> Bool {
    guard let wall = policy.budget.wall else { return false }
    return start + policy.timeouts.total > wall
  }

  /// Waits, unless the time budget ends before and nothing is in flight.
  mutating func wait(until: Duration, _ hold: Hold) -> Action {
    if let wall = policy.budget.wall, exceedsTime(until), inFlight == 0 {
      stop = .paused(.budgetWall(wall), until: nil)
      return .finish(.paused(.budgetWall(wall), until: nil))
    }
    return .wait(until: until, hold)
  }

  private var hasOpenWork: Bool { lanes.contains { $0.standing == .open && $0.hasWork } }

  private func spentTime(at now: Duration) -> Ending? {
    guard let wall = policy.budget.wall, exceedsTime(now), hasOpenWork else { return nil }
    return .paused(.budgetWall(wall), until: nil)
  }

  private var spentRequests: Ending? {
    guard let requests = policy.budget.requests, requestsMade >= requests, hasOpenWork else {
      return nil
    }
    return .paused(.budgetRequests(requests), until: nil)
  }

  func reservation(for sample: Int) -> Reservation {
    reservations.isEmpty ? Reservation() : reservations[Int(plan.samples[sample].cell)]
  }

  /// How it ends when nothing is in flight and nothing can start.
  var ending: Ending {
    let paused = lanes.compactMap { lane -> (pause: Pause, until: Duration)? in
      guard case .paused(let pause, let until) = lane.standing, lane.hasWork else { return nil }
      return (pause, until)
    }
    guard let first = paused.min(by: { $0.until < $1.until }) else { return .complete }
    // Nobody knows when an outage ends.
    if case .outage = first.pause { return .paused(first.pause, until: nil) }
    return .paused(first.pause, until: first.until)
  }
}

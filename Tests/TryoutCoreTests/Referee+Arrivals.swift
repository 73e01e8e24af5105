import TryoutCore

/// The rules of open load: arrivals are never early, never shifted, and missed only where nothing else was possible.
extension Referee {
  func isArrival(_ sample: Int) -> Bool { plan.arrivals != nil && !plan.samples[sample].warmup }

  /// When an arrival is due, since the run began.
  func due(_ sample: Int) -> Int64 {
    let times = plan.arrivals?.times ?? []
    return (zero ?? .max / 2) + times[sample - plan.warmupCount]
  }

  /// The schedule begins with the first look after the last warm-up.
  mutating func noteZero(at now: Int64) {
    let isWarmingUp = targets.contains {
      $0.standing == .open && $0.cause == nil && $0.warmupsOpen > 0
    }
    if plan.arrivals != nil, zero == nil, !isWarmingUp { zero = now }
  }

  mutating func arrived(_ sample: Int, at now: Int64) {
    noteZero(at: now)
    expect(zero != nil, "arrived before the warm-ups ended", sample)
    expect(now >= due(sample), "arrived early", sample)
    expect(sample > lastArrival, "arrived out of order", sample)
    lastArrival = sample
  }

  /// Takes in an arrival that was not sent.
  mutating func missed(_ sample: Int, _ reason: FailureKind, at now: Int64) {
    let index = plan.targetIndex(of: sample)
    arrived(sample, at: now)
    mark(sample, .abandoned)
    let isNext =
      targets[index].next < targets[index].queue.count
      && targets[index].queue[targets[index].next] == sample
    expect(isNext, "missed out of order", sample)
    targets[index].next += 1
    let limit = limits[targets[index].limit]
    let full = limit.windows.filter { !$0.fits(tokens: tokens(of: sample), at: now) }
    switch reason {
    case .dropped:
      let isFull =
        inFlight >= policy.concurrency || limit.inFlight >= limit.limit.concurrency
      expect(isFull, "dropped though a place was free", sample)
    case .rateMinute:
      let isHeld = now < limit.notBeforeAtMost || full.contains { !$0.window.period.isDaily }
      expect(isHeld, "missed though the quota was not used up", sample)
    case .rateDay:
      expect(full.contains { $0.window.period.isDaily }, "missed though the day had room", sample)
    default: expect(false, "missed for no such reason", sample)
    }
  }

  /// Notes an arrival that is due at a moment when the scheduler does nothing about it.
  mutating func checkArrivals(at now: Int64) {
    guard zero != nil else { return }
    for sample in max(lastArrival + 1, plan.warmupCount)..<plan.samples.count {
      guard due(sample) <= now else { return }
      let target = targets[plan.targetIndex(of: sample)]
      guard target.standing == .open, target.cause == nil else { continue }
      let isAffordable =
        usd(of: sample, target.target) == 0
        || usdSpent + usdReserved + usd(of: sample, target.target)
          <= policy.budget.usd ?? .infinity
      // Nothing waits for cheaper answers, so this is the end of the run.
      guard isAffordable else {
        isStopped = true
        return
      }
      expect(false, "idle although an arrival is due", sample)
      return
    }
  }
}

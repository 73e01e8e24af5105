import TryoutCore

extension Referee {
  /// Notes a sample that could start at a moment when the scheduler starts nothing.
  mutating func checkIdle(at now: Int64) {
    guard !isStopped, !isLoadOver else { return }
    guard requests < policy.budget.requests ?? .max, hasTime(at: now) else { return }
    checkArrivals(at: now)
    guard inFlight < policy.concurrency else { return }
    guard let sample = firstStartable(at: now) else { return }
    expect(false, "idle although a sample could start", sample)
  }

  /// Notes a sample that was passed over by another target's that comes later in the plan.
  mutating func checkTurn(of sample: Int, at now: Int64) {
    let first = firstStartable(at: now, except: plan.targetIndex(of: sample))
    expect(first ?? .max > sample, "jumped the queue", sample)
  }

  /// The first sample of the plan that nothing holds back, margins and unknown backoffs included.
  private func firstStartable(at now: Int64, except skipped: Int? = nil) -> Int? {
    targets.indices.compactMap { index -> Int? in
      if index == skipped { return nil }
      let target = targets[index]
      let limit = limits[target.limit]
      guard
        target.standing == .open, target.cause == nil, !limit.dayIsSpent, !limit.refuses,
        !outages.contains(target.target.account),
        limit.inFlight < limit.limit.concurrency, now >= target.notBefore,
        now >= limit.notBefore, now >= limit.notBeforeAtMost
      else { return nil }
      let turn = turn(of: target, at: now)
      // Of retries that are due at the same moment either may be first, so all must fit.
      let fits = turn.allSatisfy { sample in
        limit.windows.allSatisfy { $0.fits(tokens: tokens(of: sample), at: now) }
      }
      // Sums in another order may differ in the last bit.
      let isAffordable = turn.allSatisfy { sample in
        usd(of: sample, target.target) == 0
          || usdSpent + usdReserved + usd(of: sample, target.target) + 1e-12
            <= policy.budget.usd ?? .infinity
      }
      return fits && isAffordable ? turn.min() : nil
    }.min()
  }

  /// The samples of which one is a target's next: retries that are due, else the next of the plan.
  private func turn(of target: TargetBook, at now: Int64) -> [Int] {
    let due = target.retries.filter { $0.value <= now }
    if let soonest = due.values.min() { return due.filter { $0.value == soonest }.map(\.key) }
    guard target.next < target.queue.count else { return [] }
    let sample = target.queue[target.next]
    if isArrival(sample) { return [] }
    return plan.samples[sample].warmup || target.warmupsOpen == 0 ? [sample] : []
  }

  /// Checks that what is left when the run ends agrees with how it is said to have ended.
  mutating func finished(_ ending: Scheduler.Ending) {
    expect(inFlight == 0, "finished with some in flight", inFlight)
    let open = targets.reduce(0) { $0 + $1.open }
    let counted = states.count { $0 == .open }
    expect(open == counted, "samples were lost", open - counted)
    switch ending {
    case .complete: expect(open == 0, "complete with samples open", open)
    case .interrupted: expect(isStopped, "interrupted by nobody")
    case .paused(.paid, _): expect(isStopped, "nobody paid")
    case .paused(.budgetRequests(let most), _):
      let isSpent = requests == most || plan.arrivals != nil && hasGivenBack
      expect(isSpent && open > 0, "paused before the budget was spent", requests)
    case .paused: expect(open > 0, "paused with nothing left")
    }
    guard case .paused(let pause, _) = ending, !isStopped else { return }
    switch pause {
    case .dailyQuota, .rateLimit, .outage:
      for (index, target) in targets.enumerated() where target.standing == .open {
        let left = undecided[target.target.account, default: []].count {
          plan.targetIndex(of: $0) == index
        }
        expect(target.open == left, "left behind by a run that ends", index)
      }
    default: break
    }
  }
}

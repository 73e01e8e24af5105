import TryoutCore

extension Referee {
  /// Checks the disposition of an attempt that ended, and what follows for its target.
  mutating func ended(
    _ dispatch: Scheduler.Dispatch,
    _ result: Scheduler.Result,
    _ disposition: Scheduler.Disposition,
    at now: Int64
  ) {
    let sample = dispatch.sample
    let index = plan.targetIndex(of: sample)
    expect(states[sample] == .inFlight, "ended without a start", sample)
    release(sample, index, result)
    let expected = expectedFate(of: sample, index, result)
    switch disposition {
    case .closed:
      expect(expected == .closed, "closed against the rules", sample)
      mark(sample, .closed)
      if plan.samples[sample].warmup { targets[index].warmupsOpen -= 1 }
    case .retry(let ready):
      expect(expected == .retry, "retried against the rules", sample)
      mark(sample, .open)
      targets[index].retries[sample] = ready.nanoseconds
    case .reopened:
      expect(expected == .reopened, "reopened against the rules", sample)
      mark(sample, .open)
      if isUnreached(result, sample) {
        undecided[targets[index].target.account, default: []].insert(sample)
      } else {
        targets[index].retries[sample] = 0
      }
    }
    consequences(of: result, sample, index, disposition, at: now)
    if targets[index].target.freeOnly, result.usd ?? 0 > 0 { isStopped = true }
  }

  private mutating func release(_ sample: Int, _ index: Int, _ result: Scheduler.Result) {
    let limit = targets[index].limit
    inFlight -= 1
    limits[limit].inFlight -= 1
    let reserved = usd(of: sample, targets[index].target)
    usdReserved -= reserved
    guard result.wasSent else {
      requests -= 1
      hasGivenBack = true
      for (window, position) in (bookings.removeValue(forKey: sample) ?? []).enumerated() {
        limits[limit].windows[window].giveBack(position)
      }
      return
    }
    let mayBeBilled = result.failure.map { $0.scope == .stream || $0.scope == .time } ?? true
    usdSpent += result.usd ?? (mayBeBilled ? reserved : 0)
    for (window, position) in (bookings.removeValue(forKey: sample) ?? []).enumerated() {
      if let tokens = result.tokens {
        limits[limit].windows[window].settle(position, tokens: tokens)
      }
    }
  }

  private enum Fate { case closed, retry, reopened }

  /// The table of design: what each scope of failure means for the sample.
  private func expectedFate(of sample: Int, _ index: Int, _ result: Scheduler.Result) -> Fate {
    guard let failure = result.failure else { return .closed }
    let mayRetry = attempts[sample] < policy.retry.attempts && !isArrival(sample)
    let isTooLong = (result.wait ?? .zero) > policy.retry.maxServerWait
    if failure.scope == .harness { return .reopened }
    if targets[index].standing == .ended { return .closed }
    switch failure.scope {
    case .network where isUnreached(result, sample) && mayRetry: return .retry
    case .network where isUnreached(result, sample), .time where isUnreached(result, sample):
      return plan.samples[sample].warmup ? .closed : .reopened
    case .upstream, .network, .stream:
      let isLast =
        !plan.samples[sample].warmup && targets[index].failuresInARow + 1 >= policy.errorsInARow
        && targets[index].mayBeGivenUp
      return mayRetry && !isTooLong && !isLast ? .retry : .closed
    case .account where failure == .rateDay: return .reopened
    case .account where failure == .rateMinute && isArrival(sample):
      return isTooLong ? .reopened : .closed
    case .account where failure == .rateMinute: return mayRetry && !isTooLong ? .retry : .reopened
    default: return .closed
    }
  }

  private mutating func consequences(
    of result: Scheduler.Result,
    _ sample: Int,
    _ index: Int,
    _ disposition: Scheduler.Disposition,
    at now: Int64
  ) {
    let limit = targets[index].limit
    let account = targets[index].target.account
    if isReply(result) { replied(account) }
    if let refill = result.refill { told(refill, limit, at: now) }
    guard let failure = result.failure else {
      targets[index].failuresInARow = 0
      limits[limit].rateFailuresInARow = 0
      return
    }
    if failure.scope == .harness { isStopped = true }
    if targets[index].standing == .ended { return }
    let wait = (result.wait ?? .zero).nanoseconds
    let isTooLong = wait > policy.retry.maxServerWait.nanoseconds
    if isUnreached(result, sample) {
      unreached[account, default: 0] += 1
      let isLast = disposition == .closed || disposition == .reopened
      if isLast, unreached[account, default: 0] >= 3 { outages.insert(account) }
    }
    switch failure.scope {
    case .upstream, .network, .stream, .time:
      if !isUnreached(result, sample) {
        if !plan.samples[sample].warmup { targets[index].failuresInARow += 1 }
        if targets[index].failuresInARow >= policy.errorsInARow { giveUp(index, failure) }
      }
      if failure.scope != .time, !isTooLong, !isArrival(sample) {
        targets[index].notBefore = max(targets[index].notBefore, now + wait)
      }
      guard case .retry(let ready) = disposition else { return }
      let isPool = failure == .rateUpstream
      let pause = isPool ? poolPause(attempts[sample]) : 0...ceiling(attempts[sample])
      let allowed = now + max(wait, pause.lowerBound)...now + max(wait, pause.upperBound)
      expect(allowed.contains(ready.nanoseconds), "backs off too little or too long", sample)
      if isPool {
        targets[index].notBefore = max(targets[index].notBefore, ready.nanoseconds)
      }
    case .model: giveUp(index, failure)
    case .account: accountFailed(failure, index, wait, disposition, at: now)
    case .request, .harness: break
    }
  }

  /// Whether an attempt failed before it reached its server, which says nothing about its target.
  private func isUnreached(_ result: Scheduler.Result, _ sample: Int) -> Bool {
    guard let failure = result.failure, !result.wasSent else { return false }
    return [.network, .time].contains(failure.scope) && !isArrival(sample)
  }

  /// A success or a refusal, which only a server that can be reached gives.
  private func isReply(_ result: Scheduler.Result) -> Bool {
    guard result.wasSent, let failure = result.failure else { return result.wasSent }
    let others: [FailureScope] = [.network, .time, .stream, .harness]
    return !others.contains(failure.scope)
  }

  /// What was left for an outage goes on, and whatever else has no tries left has ended.
  private mutating func replied(_ account: String) {
    hasReplied = true
    unreached[account] = 0
    outages.remove(account)
    for sample in undecided.removeValue(forKey: account) ?? [] {
      let index = plan.targetIndex(of: sample)
      if targets[index].isCutOff {
        targets[index].retries[sample] = 0
      } else {
        decided.insert(sample)
      }
    }
    for index in targets.indices where targets[index].target.account == account {
      if targets[index].isCutOff { targets[index].standing = .open }
      targets[index].isCutOff = false
    }
  }

  /// Takes in samples that ended with an earlier attempt.
  mutating func endedLate(_ samples: [Int], isOver: Bool) {
    for sample in samples {
      let account = targets[plan.targetIndex(of: sample)].target.account
      let isDecided = decided.remove(sample) != nil
      let isLeft = undecided[account]?.remove(sample) != nil
      expect(isDecided || isLeft && isOver, "ended late against the rules", sample)
      expect(states[sample] == .open, "ended late though not open", sample)
      mark(sample, .closed)
    }
    expect(decided.isEmpty, "did not end though its server was reached", decided.first ?? -1)
  }

  /// A reply that leaves nothing holds its limit, and one that is longer than is waited sets its targets aside.
  private mutating func told(_ wait: Duration, _ limit: Int, at now: Int64) {
    let until = now + wait.nanoseconds
    limits[limit].notBefore = max(limits[limit].notBefore, until)
    limits[limit].notBeforeAtMost = max(limits[limit].notBeforeAtMost, until)
    guard wait > policy.retry.maxServerWait else { return }
    guard wait > .seconds(3600) else {
      limits[limit].refuses = true
      return
    }
    limits[limit].dayIsSpent = true
    if policy.dailyQuota == .stop { isStopped = true }
  }

  private mutating func accountFailed(
    _ failure: FailureKind,
    _ index: Int,
    _ wait: Int64,
    _ disposition: Scheduler.Disposition,
    at now: Int64
  ) {
    let limit = targets[index].limit
    let quota = plan.suite.account(of: targets[index].target).quotaKey
    let peers = targets.indices.filter {
      plan.suite.account(of: targets[$0].target).quotaKey == quota
    }
    switch failure {
    case .rateMinute:
      limits[limit].rateFailuresInARow += 1
      let most = now + max(wait, ceiling(limits[limit].rateFailuresInARow))
      limits[limit].notBefore = max(limits[limit].notBefore, now + wait)
      limits[limit].notBeforeAtMost = max(limits[limit].notBeforeAtMost, most)
      guard case .retry(let ready) = disposition else {
        if disposition == .reopened { limits[limit].refuses = true }
        return
      }
      let allowed = limits[limit].notBefore...limits[limit].notBeforeAtMost
      expect(
        allowed.contains(ready.nanoseconds),
        "the account backs off too little or too long",
        index
      )
      limits[limit].notBefore = max(limits[limit].notBefore, ready.nanoseconds)
    case .rateDay:
      for peer in peers { limits[targets[peer].limit].dayIsSpent = true }
      if policy.dailyQuota == .stop { isStopped = true }
    case .policyBlocked: giveUp(index, failure)
    default: for peer in peers { giveUp(peer, failure) }
    }
  }

  private mutating func giveUp(_ index: Int, _ failure: FailureKind) {
    if targets[index].mayBeGivenUp, targets[index].cause == nil {
      targets[index].cause = failure
    }
  }

  /// The longest backoff after so many failures.
  private func ceiling(_ failures: Int) -> Int64 {
    let (base, cap) = (policy.retry.base.nanoseconds, policy.retry.cap.nanoseconds)
    return failures > 30 ? cap : min(cap, base << Int64(failures - 1))
  }

  /// The pauses that are allowed after so many refusals of a shared pool.
  private func poolPause(_ failures: Int) -> ClosedRange<Int64> {
    let (base, cap) = (policy.retry.poolBase.nanoseconds, policy.retry.poolCap.nanoseconds)
    let most = min(cap, base << Int64(failures))
    return max(min(base, most), most / 2)...most
  }

  /// Takes in samples that were closed without being asked.
  mutating func unasked(_ samples: [Scheduler.Unasked], at now: Int64) {
    for unasked in samples {
      let sample = unasked.sample
      guard let reason = unasked.reason else {
        expect(false, "settled by nobody", sample)
        continue
      }
      let index = plan.targetIndex(of: sample)
      expect(states[sample] == .open, "abandoned though not open", sample)
      if unasked.cause == .missed {
        missed(sample, reason, at: now)
        continue
      }
      mark(sample, .abandoned)
      targets[index].retries[sample] = nil
      targets[index].next = targets[index].queue.count
      let isJust = mayBeGivenUp(index, for: reason, at: now)
      expect(isJust, "abandoned without a reason", sample)
    }
  }

  private func mayBeGivenUp(_ index: Int, for reason: FailureKind, at now: Int64) -> Bool {
    targets[index].cause == reason
      || reason == .rateDay && policy.dailyQuota == .dropTarget
        && isSpent(targets[index].limit, at: now)
  }

  /// Whether the server or the count says that a limit's day is used up for a large sample.
  func isSpent(_ limit: Int, at now: Int64) -> Bool {
    limits[limit].dayIsSpent
      || limits[limit].windows.contains {
        $0.window.period.isDaily && !$0.fits(tokens: tokens.max() ?? 0, at: now)
      }
  }

  /// Compares what the scheduler says about its targets with what was seen.
  mutating func compare(_ progress: [Scheduler.LaneProgress], at now: Int64) {
    for (index, row) in progress.enumerated() {
      let isNew = targets[index].standing == .open
      if let reason = row.givenUp {
        let isJust = !isNew || mayBeGivenUp(index, for: reason, at: now)
        expect(isJust, "given up without a reason", index)
        targets[index].standing = .ended
        targets[index].isCutOff = false
      } else if let until = row.pausedUntil {
        let limit = targets[index].limit
        let isSpent = policy.dailyQuota != .dropTarget && isSpent(limit, at: now)
        let isOut = outages.contains(targets[index].target.account)
        expect(
          !isNew || isSpent || limits[limit].refuses || isOut, "paused without a reason", index)
        targets[index].standing = .paused
        targets[index].pausedUntil = until.nanoseconds
        targets[index].isCutOff = row.outage != nil
        if policy.dailyQuota == .stop, !limits[limit].refuses, row.outage == nil {
          isStopped = true
        }
      } else {
        if targets[index].standing == .paused {
          expect(now >= targets[index].pausedUntil, "goes on before its quota resets", index)
          targets[index].standing = .open
          limits[targets[index].limit].dayIsSpent = false
        }
        let isOut = outages.contains(targets[index].target.account)
        expect(!isOut, "goes on although its server cannot be reached", index)
        expect(targets[index].cause == nil, "was not given up", index)
      }
      expect(row.open == targets[index].open, "what is open is miscounted", index)
    }
  }
}

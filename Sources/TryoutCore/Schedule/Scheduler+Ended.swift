import TryoutStatistics

extension Scheduler {
  /// Takes in the end of an attempt and decides what becomes of its sample.
  package mutating func ended(_ dispatch: Dispatch, _ result: Result, at now: Duration)
    -> Disposition
  {
    let index = plan.targetIndex(of: dispatch.sample)
    let limit = lanes[index].limit
    lanes[index].inFlight -= 1
    limits[limit].inFlight -= 1
    inFlight -= 1
    settle(dispatch, result, limit: limit)
    if result.isReply { reached(lanes[index].account) }
    let disposition = dispose(dispatch.sample, of: index, result, at: now)
    if let refill = result.refill { heed(refill, of: index, at: now) }
    if disposition == .closed, plan.samples[dispatch.sample].warmup {
      lanes[index].warmupsOpen -= 1
    }
    if lanes[index].isFree, let usd = result.usd, usd > 0 {
      stop = .paused(.paid(target: lanes[index].target), until: nil)
    }
    return disposition
  }

  private mutating func settle(_ dispatch: Dispatch, _ result: Result, limit: Int) {
    usdReserved -= dispatch.reservation.usd
    guard result.wasSent else {
      giveBack(dispatch, limit: limit)
      return
    }
    // An answer that broke off may have been billed; where nobody says, the worst case stands.
    let mayBeBilled = result.failure.map { [.stream, .time].contains($0.scope) } ?? true
    usdSpent += result.usd ?? (mayBeBilled ? dispatch.reservation.usd : 0)
    guard let tokens = result.tokens else { return }
    for window in limits[limit].windows.indices
    where limits[limit].windows[window].window.resource == .tokens {
      limits[limit].windows[window].settle(
        bookedAt: dispatch.startedAt, from: dispatch.reservation.tokens, to: tokens)
    }
  }

  /// What never left this machine is in no provider's count.
  ///
  /// The gap to the next request stays, which is time and no quota.
  private mutating func giveBack(_ dispatch: Dispatch, limit: Int) {
    requestsMade -= 1
    for index in limits[limit].windows.indices {
      let isOfRequests = limits[limit].windows[index].window.resource == .requests
      limits[limit].windows[index].settle(
        bookedAt: dispatch.startedAt, from: isOfRequests ? 1 : dispatch.reservation.tokens, to: 0)
    }
  }

  private mutating func dispose(
    _ sample: Int, of index: Int, _ result: Result, at now: Duration
  ) -> Disposition {
    let limit = lanes[index].limit
    guard let failure = result.failure else {
      lanes[index].failuresInARow = 0
      limits[limit].rateFailuresInARow = 0
      return .closed
    }
    // A target that was given up while this was in flight makes no further attempts.
    if case .ended = lanes[index].standing, failure.scope != .harness { return .closed }
    if !result.wasSent, [.network, .time].contains(failure.scope), !isArrival(sample) {
      return unreached(failure, sample, of: index, at: now)
    }
    switch failure.scope {
    case .harness:
      // Only a harness that is being stopped does that; asking again would never end.
      drain()
      lanes[index].retry(sample, at: .zero)
      return .reopened
    case .request:
      return .closed
    case .model:
      giveUp(index, failure)
      return .closed
    case .account:
      return accountFailed(failure, sample, of: index, wait: result.wait, at: now)
    case .time:
      countFailure(of: index, sample, failure)
      return .closed
    case .upstream, .network, .stream:
      countFailure(of: index, sample, failure)
      return retry(sample, of: index, after: failure, wait: result.wait, at: now)
    }
  }

  /// A reply said that nothing is left until a reset: the next request waits for it before it is refused.
  private mutating func heed(_ wait: Duration, of index: Int, at now: Duration) {
    let limit = lanes[index].limit
    let until = now + wait
    limits[limit].notBefore = max(limits[limit].notBefore, until)
    guard wait > policy.retry.maxServerWait else { return }
    let affected = lanes.indices.filter { lanes[$0].limit == limit }
    if wait > .seconds(3600) {
      exhaustDay(of: affected, until: until)
    } else {
      setAside(affected, .rateLimit(account: lanes[index].account), until: until)
    }
  }

  private mutating func accountFailed(
    _ failure: FailureKind, _ sample: Int, of index: Int, wait: Duration?, at now: Duration
  ) -> Disposition {
    let limit = lanes[index].limit
    let tooLong = (wait ?? .zero) > policy.retry.maxServerWait
    switch failure {
    case .rateDay:
      lanes[index].retry(sample, at: .zero)
      let quota = lanes[index].quota
      exhaustDay(
        of: lanes.indices.filter { lanes[$0].quota == quota }, until: reset(after: wait, at: now))
      return .reopened
    case .rateMinute:
      limits[limit].rateFailuresInARow += 1
      let backoff = backoff(after: limits[limit].rateFailuresInARow)
      let ready = max(limits[limit].notBefore, now + max(wait ?? .zero, backoff))
      limits[limit].notBefore = ready
      if isArrival(sample), !tooLong { return .closed }
      lanes[index].retry(sample, at: ready)
      guard tooLong || Int(attemptsMade[sample]) >= policy.retry.attempts else {
        return .retry(at: ready)
      }
      // It says nothing about the model, so the sample is left for a resume and not written off.
      setAside(
        lanes.indices.filter { lanes[$0].limit == limit },
        .rateLimit(account: lanes[index].account), until: ready)
      return .reopened
    case .policyBlocked:
      giveUp(index, failure)
      return .closed
    default:
      let quota = lanes[index].quota
      for other in lanes.indices where lanes[other].quota == quota { giveUp(other, failure) }
      return .closed
    }
  }

  /// Nothing got through to the account's server, which says nothing about one of its models alone.
  ///
  /// Where that goes on until a sample has no tries left, all of the account waits for a resume.
  private mutating func unreached(
    _ failure: FailureKind, _ sample: Int, of index: Int, at now: Duration
  ) -> Disposition {
    let account = lanes[index].account
    unreached[account, default: 0] += 1
    if failure.scope != .time {
      let disposition = retry(sample, of: index, after: failure, wait: nil, at: now)
      guard disposition == .closed else { return disposition }
    }
    let isWarmup = plan.samples[sample].warmup
    if !isWarmup { lanes[index].undecided.append(sample) }
    if unreached[account, default: 0] >= Scheduler.mostUnreached {
      let affected = lanes.indices.filter { lanes[$0].account == account }
      setAside(affected, .outage(account: account, failure), until: now)
    }
    return isWarmup ? .closed : .reopened
  }

  /// A reply shows that an account's server can be reached: what has no tries left has ended, unless an outage was to
  /// blame, and what was left for that goes on.
  private mutating func reached(_ account: String) {
    hasReplied = true
    unreached[account] = nil
    decide { $0.account == account && !$0.standing.isCutOff }
    for index in lanes.indices
    where lanes[index].account == account && lanes[index].standing.isCutOff {
      lanes[index].standing = .open
      for sample in lanes[index].undecided { lanes[index].retry(sample, at: .zero) }
      lanes[index].undecided = []
    }
  }

  /// Ends what has no tries left.
  mutating func decide(_ isAffected: (Lane) -> Bool) {
    for index in lanes.indices where isAffected(lanes[index]) {
      endedLate += lanes[index].undecided
      lanes[index].undecided = []
    }
  }

  /// Fewer failures to reach a server are no outage, however few tries a sample has.
  static let mostUnreached = 3

  /// When a day that is used up is over: as the provider says, or at 00:00 UTC.
  ///
  /// A wait of less than an hour is that of a shorter window, which Gemini tells also then: the later of the two counts.
  private func reset(after wait: Duration?, at now: Duration) -> Duration {
    let midnight = RateWindow(.init(.requests, 1, per: .day), anchor: anchor).nextDay(after: now)
    guard let wait else { return midnight }
    return wait < .seconds(3600) ? max(now + wait, midnight) : now + wait
  }

  private mutating func retry(
    _ sample: Int, of index: Int, after failure: FailureKind, wait: Duration?, at now: Duration
  ) -> Disposition {
    let wait = wait ?? .zero
    // Arrivals neither come twice nor wait: a load that gives way to the overload would not measure it.
    guard !isArrival(sample), wait <= policy.retry.maxServerWait else { return .closed }
    lanes[index].notBefore = max(lanes[index].notBefore, now + wait)
    let made = Int(attemptsMade[sample])
    guard lanes[index].standing.keepsSamples, made < policy.retry.attempts else { return .closed }
    let isPool = failure == .rateUpstream
    let ready = now + max(isPool ? poolPause(after: made) : backoff(after: made), wait)
    // The pool refuses the target's other samples just as well.
    if isPool { lanes[index].poolUntil = max(lanes[index].poolUntil, ready) }
    lanes[index].retry(sample, at: ready)
    return .retry(at: ready)
  }

  /// A target that is only warming up is not given up for failures in a row.
  private mutating func countFailure(of index: Int, _ sample: Int, _ failure: FailureKind) {
    guard !plan.samples[sample].warmup else { return }
    lanes[index].failuresInARow += 1
    if lanes[index].failuresInARow >= policy.errorsInARow { giveUp(index, failure) }
  }

  /// Full jitter: anything between zero and the doubled base, so that retries of many do not march in step.
  private mutating func backoff(after failures: Int) -> Duration {
    let doubled = policy.retry.base * (1 << min(failures - 1, 30))
    let ceiling = min(doubled, policy.retry.cap)
    return .nanoseconds(Int64(Double(ceiling.nanoseconds) * random.unit()))
  }

  /// Between the doubled base and twice that, within the cap: a pool that is full stays full for minutes.
  private mutating func poolPause(after failures: Int) -> Duration {
    let most = min(policy.retry.poolBase * (1 << min(failures, 30)), policy.retry.poolCap)
    let least = max(most / 2, min(policy.retry.poolBase, most))
    return least + .nanoseconds(Int64(Double((most - least).nanoseconds) * random.unit()))
  }

  private mutating func giveUp(_ index: Int, _ failure: FailureKind) {
    guard lanes[index].standing == .open || lanes[index].standing.isCutOff else { return }
    lanes[index].standing = .ended(failure)
    unasked += lanes[index].empty().map {
      Unasked(sample: $0, reason: failure, cause: .givenUp)
    }
  }

  /// The day's quota of targets of one account is used up: the policy decides what they do.
  mutating func exhaustDay(of affected: [Int], until: Duration) {
    guard let account = affected.first.map({ lanes[$0].account }) else { return }
    let pause = Pause.dailyQuota(account: account)
    switch policy.dailyQuota {
    case .dropTarget: for index in affected { giveUp(index, .rateDay) }
    case .pause: setAside(affected, pause, until: until)
    case .stop:
      setAside(affected, pause, until: until)
      stop = stop ?? .paused(pause, until: until)
    }
  }

  private mutating func setAside(_ affected: [Int], _ pause: Pause, until: Duration) {
    for index in affected where lanes[index].standing == .open || lanes[index].standing.isCutOff {
      lanes[index].standing = .paused(pause, until: until)
    }
  }
}

private extension Scheduler.Result {
  /// Whether a server said something, if only a refusal; what breaks off or takes too long may be its end.
  var isReply: Bool {
    failure.map { [.request, .model, .account, .upstream].contains($0.scope) && wasSent } ?? true
  }
}

import TryoutCore

/// Watches a scheduler from outside, sees only starts and ends, and notes what breaks a rule.
///
/// Times are nanoseconds since the run began.
struct Referee {
  enum State: UInt8 { case open, inFlight, closed, abandoned }
  enum Standing: Equatable { case open, paused, ended }

  let plan: Plan
  let policy: RunPolicy
  private(set) var violations: [String] = []
  private(set) var states: [State]
  var attempts: [Int]
  var targets: [TargetBook] = []
  var limits: [LimitBook] = []
  var inFlight = 0
  /// Positions of bookings of samples in flight, by sample and then by window.
  var bookings: [Int: [Int]] = [:]
  /// Attempts that did not reach an account's server since its last reply, and accounts that are left for that.
  var unreached: [String: Int] = [:]
  var outages: Set<String> = []
  /// By account, samples without tries left that end if their server replies; and those for which it has.
  var undecided: [String: Set<Int>] = [:]
  var decided: Set<Int> = []
  var hasReplied = false
  /// Whether any request was given back, and whether a schedule had used up the budget before.
  var hasGivenBack = false
  var isLoadOver = false
  /// Nothing may start any more.
  var isStopped = false
  var requests = 0
  var usdSpent = 0.0
  var usdReserved = 0.0
  let tokens: [Int]
  /// When the schedule of an open load began, and the last of its arrivals that was seen.
  var zero: Int64?
  var lastArrival = -1

  struct TargetBook {
    let target: Target
    let limit: Int
    var queue: [Int] = []
    var next = 0
    /// Samples that have not ended.
    var open = 0
    var retries: [Int: Int64] = [:]
    var warmupsOpen = 0
    var failuresInARow = 0
    var notBefore: Int64 = 0
    var standing = Standing.open
    var pausedUntil: Int64 = 0
    /// Whether that is because its server could not be reached.
    var isCutOff = false
    var mayBeGivenUp: Bool { standing == .open || isCutOff }
    /// Why it must be given up.
    var cause: FailureKind?
  }

  struct LimitBook {
    let limit: Limit
    var windows: [WindowLedger]
    var inFlight = 0
    /// What a server asked for, and the longest that the backoff may make of it.
    var notBefore: Int64 = 0
    var notBeforeAtMost: Int64 = 0
    var rateFailuresInARow = 0
    /// The server said that the day is spent.
    var dayIsSpent = false
    /// The account was refused for its rate as often as a sample may be, or for longer than is waited.
    var refuses = false
  }

  init(_ plan: Plan, anchor: Int64, prior: [Scheduler.Prior]) {
    self.plan = plan
    policy = plan.suite.run
    states = Array(repeating: .open, count: plan.samples.count)
    attempts = Array(repeating: 0, count: plan.samples.count)
    tokens = plan.cells.map { Plan.question(for: $0, in: plan.suite).estimatedTokens }
    for limit in plan.suite.limits {
      let burst = plan.arrivals == nil ? limit.burst ?? 1 : nil
      var windows = limit.windows.map { WindowLedger($0, anchor: anchor, burst: burst) }
      let most =
        zip(plan.cells, tokens).filter {
          plan.suite.targets[Int($0.0.target)].limit == limit.id
        }.map(\.1).max() ?? 0
      for entry in prior where entry.limit == limit.id {
        for index in windows.indices {
          _ = windows[index].book(tokens: entry.tokens ?? most, at: entry.time.nanoseconds)
        }
      }
      limits.append(LimitBook(limit: limit, windows: windows))
    }
    for target in plan.suite.targets {
      let limit = plan.suite.limits.firstIndex { $0.id == target.limit } ?? 0
      targets.append(TargetBook(target: target, limit: limit))
    }
    for sample in plan.samples.indices {
      let target = plan.targetIndex(of: sample)
      targets[target].queue.append(sample)
      targets[target].open += 1
      if plan.samples[sample].warmup { targets[target].warmupsOpen += 1 }
    }
  }

  /// Notes the rule that does not hold, with the sample, count or moment that breaks it.
  mutating func expect(_ condition: Bool, _ rule: StaticString, _ value: Int = -1) {
    if !condition, violations.count < 5 { violations.append("\(rule): \(value)") }
  }

  func tokens(of sample: Int) -> Int { tokens[Int(plan.samples[sample].cell)] }

  /// The worst case that a dollar budget reserves.
  func usd(of sample: Int, _ target: Target) -> Double {
    guard !target.freeOnly, let price = target.price,
      let most = target.parameters["max_tokens"]?.int
    else { return 0 }
    let bytes = plan.question(for: sample).user.utf8.count
    return Double(bytes + 32) * price.input + Double(most) * price.output
  }

  mutating func started(_ dispatch: Scheduler.Dispatch, at now: Int64) {
    let sample = dispatch.sample
    let index = plan.targetIndex(of: sample)
    let target = targets[index]
    expect(!isStopped, "started after the stop", sample)
    expect(target.standing == .open, "started for a target that was set aside", sample)
    expect(!limits[target.limit].dayIsSpent, "started on a spent day", sample)
    expect(states[sample] == .open, "started twice", sample)
    expect(dispatch.planned.nanoseconds <= now, "started before it was due", sample)
    states[sample] = .inFlight
    attempts[sample] += 1
    expect(dispatch.attempt == attempts[sample], "attempts are miscounted", sample)
    if attempts[sample] > 1 {
      let ready = targets[index].retries.removeValue(forKey: sample) ?? .max
      expect(now >= ready, "retried too early", sample)
    } else {
      let isNext = target.next < target.queue.count && target.queue[target.next] == sample
      expect(isNext, "started out of order", sample)
      targets[index].next += 1
    }
    let isWarm = plan.samples[sample].warmup || target.warmupsOpen == 0
    expect(isWarm, "started before the warm-ups ended", sample)
    if isArrival(sample) {
      arrived(sample, at: now)
      expect(dispatch.planned.nanoseconds == due(sample), "an arrival was shifted", sample)
      expect(attempts[sample] == 1, "an arrival came twice", sample)
    } else {
      expect(now >= target.notBefore, "did not wait for the upstream", sample)
    }
    expect(now >= limits[target.limit].notBefore, "did not wait for the account", sample)
    book(sample, target, at: now)
    spend(sample, target, at: now)
  }

  private mutating func book(_ sample: Int, _ target: TargetBook, at now: Int64) {
    inFlight += 1
    expect(inFlight <= policy.concurrency, "too many in flight", inFlight)
    limits[target.limit].inFlight += 1
    let limit = limits[target.limit]
    expect(limit.inFlight <= limit.limit.concurrency, "too many in flight on a limit", sample)
    var positions: [Int] = []
    for window in limits[target.limit].windows.indices {
      let position = limits[target.limit].windows[window].book(tokens: tokens(of: sample), at: now)
      let isAllowed = limits[target.limit].windows[window].allows(position)
      expect(isAllowed, "a window was exceeded", sample)
      positions.append(position)
    }
    bookings[sample] = positions
  }

  private mutating func spend(_ sample: Int, _ target: TargetBook, at now: Int64) {
    requests += 1
    // A schedule does not wait to see whether what is in flight was sent.
    if isArrival(sample), requests == policy.budget.requests { isLoadOver = true }
    usdReserved += usd(of: sample, target.target)
    let budget = policy.budget
    expect(requests <= budget.requests ?? .max, "more requests than the budget allows", sample)
    expect(
      usd(of: sample, target.target) == 0
        || usdSpent + usdReserved <= (budget.usd ?? .infinity) + 1e-9,
      "more dollars than allowed",
      sample
    )
    expect(hasTime(at: now), "started without time for the worst case", sample)
  }

  /// Whether a request may take its longest before the time budget ends.
  func hasTime(at now: Int64) -> Bool {
    now + policy.timeouts.total.nanoseconds <= policy.budget.wall?.nanoseconds ?? .max
  }

  mutating func mark(_ sample: Int, _ state: State) {
    states[sample] = state
    if state != .open { targets[plan.targetIndex(of: sample)].open -= 1 }
  }
}

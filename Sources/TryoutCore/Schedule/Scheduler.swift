import TryoutStatistics

/// The runner's mind: a value that says what to do next, under limits, retries, budgets and give-up rules.
///
/// It keeps no clock and starts nothing. Times are since the run began; whoever owns it calls `next` until it is
/// told to wait, and reports every end.
package struct Scheduler: Sendable {
  package enum Action: Sendable, Equatable {
    case start(Dispatch)
    /// Nothing can start before this moment, unless an attempt ends earlier.
    case wait(until: Duration, Hold)
    /// Nothing can start before an attempt in flight ends.
    case waitForResult
    /// Everything before the horizon has ended: somebody must look at it before anything else is asked.
    case look
    case finish(Ending)
  }

  /// One attempt to make.
  package struct Dispatch: Sendable, Equatable {
    package var sample: Int
    package var attempt: Int
    /// When it was due: from then on only a rate limit held it; under open load, what the schedule says.
    package var planned: Duration
    package var startedAt: Duration
    var reservation: Reservation
  }

  /// What was booked for an attempt and is settled when it ends.
  struct Reservation: Sendable, Equatable {
    var tokens = 0
    var usd = 0.0
  }

  /// What holds everything back, in the words that a progress line needs.
  package enum Hold: Sendable, Equatable {
    case rate(limit: String, Limit.Window)
    case server(target: String)
    /// The pool that an upstream shares among all its users was full.
    case pool(target: String)
    case retry(target: String)
    /// The next arrival of an open load is not due yet.
    case schedule
  }

  package enum Ending: Sendable, Equatable {
    /// Every sample has ended.
    case complete
    /// Told to stop; what is left can be resumed.
    case interrupted
    case paused(Pause, until: Duration?)
  }

  package enum Pause: Sendable, Equatable {
    case dailyQuota(account: String)
    /// An account goes on refusing for its rate, or asks for a longer wait than the policy obeys.
    case rateLimit(account: String)
    case budgetRequests(Int)
    case budgetUSD(Double)
    case budgetWall(Duration)
    /// A target that must be free was billed.
    case paid(target: String)
    /// The server of an account cannot be reached; the last failure says why.
    case outage(account: String, FailureKind)
  }

  /// How an attempt ended, as far as scheduling is concerned.
  package struct Result: Sendable {
    package var failure: FailureKind?
    package var tokens: Int?
    package var usd: Double?
    /// What the server of a refusal asks to wait before it is tried again.
    package var wait: Duration?
    /// How long nothing is left of the account's limit, as a reply says that is about something else.
    package var refill: Duration?
    /// Whether the request may have reached its provider: one that cannot have costs no quota.
    package var wasSent: Bool

    package init(
      failure: FailureKind? = nil, tokens: Int? = nil, usd: Double? = nil, wait: Duration? = nil,
      refill: Duration? = nil, wasSent: Bool = true
    ) {
      self.failure = failure
      self.tokens = tokens
      self.usd = usd
      self.wait = wait
      self.refill = refill
      self.wasSent = wasSent
    }
  }

  /// What becomes of the sample whose attempt ended.
  package enum Disposition: Sendable, Equatable {
    case closed
    case retry(at: Duration)
    /// Neither asked nor ended: it is left for a resume.
    case reopened
  }

  /// An earlier request that still counts in windows; times before the run are negative.
  package struct Prior: Sendable {
    package var limit: String
    package var time: Duration
    /// Nil where nobody said; the most that a sample of the limit reserves is booked then.
    package var tokens: Int?

    package init(limit: String, time: Duration, tokens: Int?) {
      self.limit = limit
      self.time = time
      self.tokens = tokens
    }
  }

  let plan: Plan
  let policy: RunPolicy
  let anchor: Int64
  /// What to book for an attempt, by cell; empty where neither tokens nor dollars are limited.
  let reservations: [Reservation]
  var lanes: [Lane]
  var limits: [Bucket]
  var inFlight = 0
  /// Attempts that did not reach an account's server since its last reply, by account.
  var unreached: [String: Int] = [:]
  /// Whether any server has replied, to this process or to an earlier one of the run.
  var hasReplied: Bool
  var attemptsMade: [UInt16]
  var firstAttempt: [Int: Int]
  var unasked: [Unasked] = []
  var endedLate: [Int] = []
  /// What is left of an open load's arrivals; nil under closed load.
  var queue: ArrivalQueue?
  var stop: Ending?
  var requestsMade: Int
  var usdSpent: Double
  var usdReserved = 0.0
  var random: SplitMix64
  /// The first sample that must not be asked before somebody has looked at those before it.
  package var horizon = Int.max

  /// A limit with its windows as they are now.
  struct Bucket: Sendable {
    let limit: Limit
    var windows: [RateWindow]
    var inFlight = 0
    var notBefore = Duration.zero
    var rateFailuresInARow = 0
  }

  /// - Parameters:
  ///   - anchor: nanoseconds between 1970 and the run's zero.
  ///   - done: samples that have ended already, by position in the plan.
  ///   - attempted: attempts that earlier processes made for samples that are still open.
  ///   - prior: requests that windows still have to count.
  ///   - spent: requests and US dollars that this run has used before.
  ///   - hasReplied: whether a server replied to an earlier process, so that an outage need not be shown by errors.
  package init(
    plan: Plan, anchor: Int64, done: Set<Int> = [], attempted: [Int: Int] = [:],
    prior: [Prior] = [], spent: (requests: Int, usd: Double) = (0, 0),
    hasReplied: Bool = false
  ) {
    let suite = plan.suite
    self.plan = plan
    policy = suite.run
    self.anchor = anchor
    reservations = Scheduler.reservations(for: plan)
    limits = suite.limits.map { limit in
      // Under open load the schedule says when requests go, and a gap would only leave arrivals out.
      let isPaced = plan.arrivals == nil
      return Bucket(
        limit: limit,
        windows: limit.windows.map {
          RateWindow($0, anchor: anchor, burst: isPaced ? limit.burst(in: $0) : nil)
        })
    }
    let positions = Dictionary(
      uniqueKeysWithValues: suite.limits.enumerated().map { ($1.id, $0) })
    lanes = suite.targets.map { target in
      Lane(
        target: target.id, account: target.account, quota: suite.account(of: target).quotaKey,
        limit: positions[target.limit] ?? 0, isFree: target.freeOnly)
    }
    attemptsMade = Array(repeating: 0, count: plan.samples.count)
    firstAttempt = attempted
    self.hasReplied = hasReplied
    requestsMade = spent.requests
    usdSpent = spent.usd
    random = SplitMix64(seed: plan.seed ^ 0x5eed)
    let isUnknown = !reservations.isEmpty && prior.contains { $0.tokens == nil }
    let most = suite.limits.map { isUnknown ? plan.mostTokens(on: $0.id) : 0 }
    for entry in prior.sorted(by: { $0.time < $1.time }) {
      guard let limit = positions[entry.limit] else { continue }
      limits[limit].book(tokens: entry.tokens ?? most[limit], at: entry.time)
    }
    for index in plan.samples.indices where !done.contains(index) {
      let lane = plan.targetIndex(of: index)
      lanes[lane].queue.append(Int32(index))
      if plan.samples[index].warmup {
        lanes[lane].warmups += 1
        lanes[lane].warmupsOpen += 1
      }
    }
    queue = plan.arrivals.map { ArrivalQueue(plan, $0, done: done) }
  }

  /// Tokens by estimate and dollars at the worst case; no dollars for free targets and unknown prices.
  private static func reservations(for plan: Plan) -> [Reservation] {
    let hasTokenWindow = plan.suite.limits.contains { limit in
      limit.windows.contains { $0.resource == .tokens }
    }
    guard hasTokenWindow || plan.suite.run.budget.usd != nil else { return [] }
    return plan.cells.map { cell in
      let question = Plan.question(for: cell, in: plan.suite)
      let target = plan.suite.targets[Int(cell.target)]
      return Reservation(
        tokens: question.estimatedTokens,
        usd: target.freeOnly ? 0 : target.price?.cost(of: question.mostUsage) ?? 0)
    }
  }

  /// Asks a target no more; what is left of it is skipped.
  ///
  /// Nothing of it may be in flight.
  package mutating func settle(_ target: Int, because reason: String) {
    guard lanes[target].standing.keepsSamples else { return }
    lanes[target].standing = .settled
    unasked += lanes[target].empty().map {
      Unasked(sample: $0, reason: nil, cause: .settled(reason))
    }
  }

  /// Stops starting; what is in flight may end.
  package mutating func drain() { stop = stop ?? .interrupted }

  /// A sample that ended without being asked.
  package struct Unasked: Sendable, Equatable {
    package enum Cause: Sendable, Equatable {
      /// Its target was.
      case givenUp
      /// It was due under open load and could not be sent then.
      case missed
      /// Nothing depends on its target any longer, for this reason.
      case settled(String)
    }

    package var sample: Int
    /// The kind of failure that is to blame; nil where none is.
    package var reason: FailureKind?
    package var cause: Cause
  }

  /// Samples that ended without being asked since the last call.
  package mutating func takeUnasked() -> [Unasked] {
    defer { unasked = [] }
    return unasked
  }

  /// Samples that have ended with an earlier attempt, which was the last, as is known since the last call.
  package mutating func takeEndedLate() -> [Int] {
    defer { endedLate = [] }
    return endedLate
  }
}

extension Scheduler.Bucket {
  /// Books one request of so many tokens.
  mutating func book(tokens: Int, at now: Duration) {
    for index in windows.indices {
      windows[index].book(windows[index].window.resource == .requests ? 1 : tokens, at: now)
    }
  }

  /// The window that holds a request back longest, and until when.
  mutating func obstacle(tokens: Int, at now: Duration) -> (until: Duration, Limit.Window)? {
    var worst: (until: Duration, Limit.Window)?
    for index in windows.indices {
      let window = windows[index].window
      let amount = window.resource == .requests ? 1 : tokens
      if let until = windows[index].opening(for: amount, at: now), until > worst?.until ?? .zero {
        worst = (until, window)
      }
    }
    return worst
  }
}

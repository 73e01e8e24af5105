/// The work of one target: what is left of it, and whether it may go on.
struct Lane: Sendable {
  enum Standing: Sendable, Equatable {
    case open
    /// Set aside, until a quota resets or for a resume; its samples stay.
    case paused(Scheduler.Pause, until: Duration)
    /// Given up: its samples are skipped.
    case ended(FailureKind)
    /// Asked no more, since nothing depends on it any longer: its samples are skipped.
    case settled

    /// Whether what is left is asked, now or by a resume.
    var keepsSamples: Bool {
      switch self {
      case .open, .paused: true
      case .ended, .settled: false
      }
    }

    /// Whether it waits for nothing but a server that cannot be reached.
    var isCutOff: Bool {
      if case .paused(.outage, _) = self { true } else { false }
    }
  }

  let target: String
  let account: String
  /// What the account's quota belongs to; two accounts may share one.
  let quota: String
  let limit: Int
  let isFree: Bool
  var standing = Standing.open
  /// Samples that were never asked, in plan order, from `next` on.
  var queue: [Int32] = []
  var next = 0
  /// Samples that wait for another attempt, the soonest last.
  var retries: [Retry] = []
  /// Samples whose last try did not reach the server: a reply to another one ends them, an outage leaves them open.
  var undecided: [Int] = []
  var inFlight = 0
  /// Warm-ups come first in the queue.
  var warmups = 0
  var warmupsOpen = 0
  /// Warm-ups left aside.
  var failuresInARow = 0
  /// Until when the shared pool behind it is taken to be full.
  var poolUntil = Duration.zero
  /// What an upstream asked us to wait.
  var notBefore = Duration.zero
  /// Since when only a rate or a wait holds the head back.
  var eligibleSince: Duration?

  struct Retry: Sendable {
    var sample: Int32
    var ready: Duration
  }

  init(target: String, account: String, quota: String, limit: Int, isFree: Bool) {
    self.target = target
    self.account = account
    self.quota = quota
    self.limit = limit
    self.isFree = isFree
  }

  /// Samples that have not ended, those in flight included.
  var openCount: Int { queue.count - next + retries.count + undecided.count + inFlight }

  var hasWork: Bool {
    !retries.isEmpty || next < queue.count || standing.isCutOff && !undecided.isEmpty
  }

  /// The sample whose turn it is: a retry that is due, else the next of the plan, else a retry.
  ///
  /// While warm-ups are open only they are the next of the plan.
  func head(at now: Duration) -> (sample: Int, ready: Duration)? {
    if let retry = retries.last,
      retry.ready <= now || next >= (warmupsOpen > 0 ? warmups : queue.count)
    {
      return (Int(retry.sample), retry.ready)
    }
    return next < queue.count ? (Int(queue[next]), .zero) : nil
  }

  mutating func retry(_ sample: Int, at ready: Duration) {
    var low = 0
    var high = retries.count
    while low < high {
      let middle = (low + high) / 2
      if retries[middle].ready > ready { low = middle + 1 } else { high = middle }
    }
    retries.insert(Retry(sample: Int32(sample), ready: ready), at: low)
  }

  /// Takes out everything that is left, in plan order.
  mutating func empty() -> [Int] {
    let left = retries.map { Int($0.sample) } + queue[next...].map(Int.init)
    retries = []
    next = queue.count
    return left.sorted()
  }
}

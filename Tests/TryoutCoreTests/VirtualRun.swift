import TryoutCore
import TryoutStatistics

/// Plays a scheduler against imagined answers, moving a virtual clock from event to event.
struct VirtualRun {
  private(set) var scheduler: Scheduler
  private(set) var referee: Referee
  private(set) var starts = 0
  private(set) var ending: Scheduler.Ending?
  private var drawn: RandomSuite
  private var flights = FlightQueue()
  private var now = Duration.zero
  private let drainsAfter: Int
  /// Draws how late the loop wakes under open load.
  private var lateness: SplitMix64?

  init(seed: UInt64, samples: Int, isOpen: Bool = false) {
    let drawn = RandomSuite(seed: seed, samples: samples, isOpen: isOpen)
    var random = SplitMix64(seed: seed &* 31)
    let plan = Plan(drawn.suite, seed: seed)
    // Some time of some day of 2026, so that midnight comes within the run now and then.
    let anchor: Int64 = 1_780_000_000_000_000_000 + Int64(random.between(0, 86_400)) * 1_000_000_000
    let prior = drawn.suite.limits.flatMap { limit in
      (0..<random.between(0, 30)).map { number in
        Scheduler.Prior(
          limit: limit.id,
          time: .seconds(-number * 13),
          tokens: random.chance(0.2) ? nil : random.between(0, 300)
        )
      }
    }.sorted { $0.time < $1.time }
    scheduler = Scheduler(plan: plan, anchor: anchor, prior: prior)
    referee = Referee(plan, anchor: anchor, prior: prior)
    drainsAfter = random.chance(0.1) ? random.between(0, plan.samples.count) : .max
    self.drawn = drawn
    lateness = isOpen ? SplitMix64(seed: seed &* 37) : nil
  }

  /// Plays to the end; a scheduler that makes no progress is a violation too.
  mutating func play() {
    var idleRounds = 0
    while ending == nil, referee.violations.isEmpty {
      let action = scheduler.next(at: now)
      let unasked = scheduler.takeUnasked()
      if !unasked.isEmpty { idleRounds = 0 }
      referee.unasked(unasked, at: now.nanoseconds)
      let isOver = action == .finish(.complete) || !referee.hasReplied && action.isFinish
      referee.endedLate(scheduler.takeEndedLate(), isOver: isOver)
      if case .start(let dispatch) = action {
        idleRounds = 0
        start(dispatch)
        continue
      }
      referee.compare(scheduler.progress, at: now.nanoseconds)
      referee.noteZero(at: now.nanoseconds)
      switch action {
      case .start: break
      case .wait(let until, _):
        idleRounds += 1
        referee.expect(until > now, "waits for the past")
        // A wait may end before a start is possible, but each names another obstacle.
        referee.expect(idleRounds < 100, "waits without an end", idleRounds)
        idle(until: min(until, flights.next ?? until))
      case .waitForResult:
        referee.expect(flights.next != nil, "waits for a result that cannot come")
        idle(until: flights.next ?? now)
      case .look:
        referee.expect(false, "looks although nobody set a horizon")
        scheduler.horizon = .max
      case .finish(let ending):
        referee.checkIdle(at: now.nanoseconds)
        referee.finished(ending)
        self.ending = ending
      }
      if let next = flights.next, next <= now, ending == nil {
        idleRounds = 0
        land()
      }
    }
  }

  private mutating func start(_ dispatch: Scheduler.Dispatch) {
    starts += 1
    referee.expect(dispatch.startedAt == now, "started at another time")
    if starts % 16 == 0 { referee.checkTurn(of: dispatch.sample, at: now.nanoseconds) }
    referee.started(dispatch, at: now.nanoseconds)
    let target = referee.targets[referee.plan.targetIndex(of: dispatch.sample)].target
    let (result, latency) = drawn.outcome(of: target)
    flights.add(dispatch, result, at: now + latency)
  }

  /// Moves to a moment before which nothing may have been possible.
  private mutating func idle(until: Duration) {
    referee.checkIdle(at: now.nanoseconds)
    referee.checkIdle(at: until.nanoseconds - 1)
    now = max(now, until)
    guard var random = lateness else { return }
    if random.chance(0.1) { now += random.duration(upTo: random.chance(0.1) ? 30 : 0.2) }
    lateness = random
  }

  private mutating func land() {
    guard let (dispatch, result) = flights.land() else { return }
    let disposition = scheduler.ended(dispatch, result, at: now)
    referee.ended(dispatch, result, disposition, at: now.nanoseconds)
    if starts >= drainsAfter {
      scheduler.drain()
      referee.isStopped = true
    }
  }
}

private extension Scheduler.Action {
  var isFinish: Bool { if case .finish = self { true } else { false } }
}

/// Attempts in flight, the first to end first: a few dozen at most.
private struct FlightQueue {
  private var flights: [(end: Duration, dispatch: Scheduler.Dispatch, result: Scheduler.Result)] =
    []

  var next: Duration? { flights.first?.end }

  mutating func add(_ dispatch: Scheduler.Dispatch, _ result: Scheduler.Result, at end: Duration) {
    let position = flights.firstIndex { $0.end > end } ?? flights.count
    flights.insert((end, dispatch, result), at: position)
  }

  mutating func land() -> (Scheduler.Dispatch, Scheduler.Result)? {
    guard !flights.isEmpty else { return nil }
    let first = flights.removeFirst()
    return (first.dispatch, first.result)
  }
}

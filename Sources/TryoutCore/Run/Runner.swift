import Synchronization

/// Carries out a plan: asks, retries, grades and keeps a record, as the scheduler says.
///
/// It owns the only loop of a run. Waiting, asking and interruption are children of one task group, so that
/// nothing outlives `run`.
package struct Runner<C: Clock>: Sendable where C.Duration == Duration {
  /// What the loop tells whoever watches; called on the loop, so it must return at once.
  package typealias Observer = @Sendable (RunProgress) -> Void

  let plan: Plan
  let provider: any ModelProvider
  let log: any AttemptLog
  let clock: C
  /// Nanoseconds since 1970 at the run's zero.
  let anchor: Int64
  /// How long requests in flight may take once the first signal has come.
  let grace: Duration
  /// What catalogues say of models whose targets the suite does not price, by target id.
  let listings: [String: ModelListing]
  let observer: Observer
  /// What an adaptive run's stored samples say; nil for all others.
  let looking: (@Sendable () throws -> Adaptation)?

  package init(
    plan: Plan, provider: some ModelProvider, log: some AttemptLog, clock: C, anchor: Int64,
    grace: Duration = .seconds(30), listings: [String: ModelListing] = [:],
    looking: (@Sendable () throws -> Adaptation)? = nil,
    observer: @escaping Observer = { _ in }
  ) {
    self.plan = plan
    self.provider = provider
    self.log = log
    self.clock = clock
    self.anchor = anchor
    self.grace = grace
    self.listings = listings
    self.looking = looking
    self.observer = observer
  }

  /// Runs until every sample has ended, or until quota, budget or an interruption ends it earlier.
  ///
  /// Throws what the log throws: without a record nothing more is asked. Requests in flight are then cancelled.
  package func run(
    from scheduler: Scheduler, interruption: Interruption = Interruption()
  ) async throws -> Scheduler.Ending {
    var loop = Loop(
      runner: self, scheduler: scheduler, start: clock.now, interruption: interruption)
    return try await withThrowingTaskGroup(of: Event.self) { group in
      defer { group.cancelAll() }
      return try await loop.run(&group)
    }
  }

  /// Something that the loop waits for.
  enum Event: Sendable {
    indirect case ended(Scheduler.Dispatch, Attempt, Grade?)
    case written
    case tick(Duration)
    /// The first signal to stop; the second one, or the end of the time of grace.
    case interrupted, cancelled
    /// A listener ended because the run did.
    case silent
  }
}

/// A snapshot for progress displays.
package struct RunProgress: Sendable {
  package var lanes: [Scheduler.LaneProgress]
  package var done: Int
  package var answered: Int
  package var failures: [FailureKind: Int]
  /// Attempts that were retried.
  package var retries: Int
  package var elapsed: Duration
  /// What holds everything back at the moment, and until when.
  package var hold: (until: Duration, Scheduler.Hold)?
}

/// Lets signal handlers talk to a run: the first signal drains, the second cancels.
///
/// Runs that follow each other listen one after the other; a signal that nobody was there for is told to the next.
package final class Interruption: Sendable {
  private struct State {
    /// Two signals are all that mean anything, so no more are kept.
    var untold = 0
    var waiting: [Int: CheckedContinuation<Bool, Never>] = [:]
    var last = 0
  }

  private let state = Mutex(State())

  package init() {}

  /// Tells the run once; safe to call from anywhere.
  package func signal() {
    let listener = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      guard let first = state.waiting.keys.min() else {
        state.untold = min(state.untold + 1, 2)
        return nil
      }
      return state.waiting.removeValue(forKey: first)
    }
    listener?.resume(returning: true)
  }

  /// Waits for the next signal: true for a signal, false at once where the task is cancelled.
  @discardableResult
  package func wait() async -> Bool {
    let number = state.withLock { state in
      state.last += 1
      return state.last
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isTold = state.withLock { state -> Bool? in
          if Task.isCancelled { return false }
          guard state.untold == 0 else {
            state.untold -= 1
            return true
          }
          state.waiting[number] = continuation
          return nil
        }
        if let isTold { continuation.resume(returning: isTold) }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: number) }?.resume(returning: false)
    }
  }
}

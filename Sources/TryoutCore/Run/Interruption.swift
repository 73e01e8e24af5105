import Synchronization

/// Lets signal handlers talk to a run: the first signal drains, the second cancels.
///
/// Whoever waits next gets the next signal, also where an earlier wait was cancelled: a run has several phases.
package final class Interruption: Sendable {
  private struct State {
    /// Signals that nobody has waited for yet.
    var pending = 0
    var waiting: [Int: CheckedContinuation<Bool, Never>] = [:]
    var lastID = 0
  }

  private let state = Mutex(State())

  package init() {}

  /// Tells the run once; safe to call from anywhere.
  package func signal() {
    let waiter = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      if let id = state.waiting.keys.min() { return state.waiting.removeValue(forKey: id) }
      // Two are all that mean anything.
      state.pending = min(state.pending + 1, 2)
      return nil
    }
    waiter?.resume(returning: true)
  }

  /// Waits for the next signal: true for a signal, false at once where the task is cancelled.
  @discardableResult
  package func wait() async -> Bool {
    let id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer = state.withLock { state -> Bool? in
          if state.pending > 0 {
            state.pending -= 1
            return true
          }
          // A cancellation from here on waits for the lock and finds the waiter.
          if Task.isCancelled { return false }
          state.waiting[id] = continuation
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(returning: false)
    }
  }
}

import GRDB
import Synchronization
package import TryoutCore

/// The attempt log of one run: entries that arrive together are committed together.
///
/// One of those who append writes for all who wait; when it is done it hands the turn to one of those who have
/// come meanwhile. No thread of its own, and an entry is acknowledged only when it is on disk.
package final class RunLog: AttemptLog {
  /// The least time from one commit to the next, so that a busy run does not spend itself on synchronising the disk.
  ///
  /// An entry waits so long at most before it is written; it counts as queueing and never as latency.
  private static let pause = Duration.milliseconds(5)

  /// How long a lock of another process is waited for; each try of SQLite's own takes five seconds.
  private static let patience = Duration.seconds(300)

  private let store: Store
  private let run: Int64
  private let state = Mutex(State())
  /// Read anew after every transaction that failed.
  private let memory = Mutex<RunMemory?>(nil)

  private struct State {
    var waiting: [Waiter] = []
    var isWriting = false
    var lastCommit = ContinuousClock.now - RunLog.pause
  }

  private struct Waiter {
    var entries: [LogEntry]
    /// Nil for the one who has the turn.
    var continuation: CheckedContinuation<Turn, Never>?
  }

  private enum Turn: Sendable {
    case written
    case failed(StoreError)
    /// Write for yourself and for everybody else who waits.
    case write
  }

  /// Opens the log of a run that was begun.
  package init(_ store: Store, run id: String) throws(StoreError) {
    self.store = store
    let key = try store.read { db in
      try Int64.fetchOne(db, sql: "SELECT id FROM run WHERE run_id = ?", arguments: [id])
    }
    guard let key else { throw .unknownRun(id, path: store.path) }
    run = key
  }

  /// Writes for itself, or waits for whoever is writing.
  ///
  /// Throws a `StoreError`.
  package func append(_ entries: [LogEntry]) async throws {
    switch await queue(entries) {
    case .written: return
    case .failed(let error): throw error
    case .write: try await writeForAll()
    }
  }

  private func queue(_ entries: [LogEntry]) async -> Turn {
    await withCheckedContinuation { continuation in
      let isFirst = state.withLock { state in
        defer { state.isWriting = true }
        state.waiting.append(
          Waiter(entries: entries, continuation: state.isWriting ? continuation : nil))
        return !state.isWriting
      }
      if isFirst { continuation.resume(returning: .write) }
    }
  }

  private func writeForAll() async throws {
    let due = state.withLock { $0.lastCommit + RunLog.pause }
    // A cancelled task does not pause; it writes all the same.
    if due > .now { try? await Task.sleep(until: due, clock: .continuous) }
    let batch = state.withLock { state in
      defer { state.waiting = [] }
      return state.waiting
    }
    let result = await commitPatiently(batch.map(\.entries))
    passOn()
    let turn: Turn
    switch result {
    case .success: turn = .written
    case .failure(let error): turn = .failed(error)
    }
    for waiter in batch { waiter.continuation?.resume(returning: turn) }
    try result.get()
  }

  /// Gives the turn to one of those who have come meanwhile.
  private func passOn() {
    let next = state.withLock { state -> CheckedContinuation<Turn, Never>? in
      state.lastCommit = .now
      state.isWriting = !state.waiting.isEmpty
      guard state.isWriting else { return nil }
      defer { state.waiting[0].continuation = nil }
      return state.waiting[0].continuation
    }
    next?.resume(returning: .write)
  }

  /// A lock that somebody else holds is waited for: answers that were paid for are worth minutes.
  private func commitPatiently(_ batch: [[LogEntry]]) async -> Result<Void, StoreError> {
    let end = ContinuousClock.now + RunLog.patience
    while true {
      let result = await commit(batch)
      guard case .failure(.locked) = result, .now < end, !Task.isCancelled else { return result }
    }
  }

  /// A cancelled task writes all the same: what was measured is kept.
  private func commit(_ batch: [[LogEntry]]) async -> Result<Void, StoreError> {
    await withCheckedContinuation { continuation in
      store.queue.asyncWrite(
        { db in
          let writer = try EntryWriter(db, run: self.run)
          try self.memory.withLock { memory in
            var current = try memory.take() ?? RunMemory(db, run: self.run)
            for entry in batch.joined() { try writer.keep(entry, &current) }
            memory = current
          }
        },
        completion: { [path = store.path] _, result in
          if case .failure = result { self.memory.withLock { $0 = nil } }
          continuation.resume(returning: result.mapError { StoreError.from($0, path: path) })
        })
    }
  }
}

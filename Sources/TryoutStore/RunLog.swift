import GRDB
import Synchronization
package import TryoutCore

/// The attempt log of one run: entries that arrive together are committed together.
///
/// While one transaction is being written, others queue up; whoever finishes hands the whole queue to one of
/// those who wait. No timer and no thread of its own, and an entry is acknowledged only when it is on disk.
package final class RunLog: AttemptLog {
  private let store: Store
  private let run: Int64
  private let state = Mutex(State())

  private struct State {
    var waiting: [(entries: [LogEntry], continuation: CheckedContinuation<Turn, Never>)] = []
    var isWriting = false
  }

  private enum Turn: Sendable {
    case written
    case failed(StoreError)
    /// Write for yourself and for everybody else who waits.
    case lead([[LogEntry]], [CheckedContinuation<Turn, Never>])
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
    let isFirst = state.withLock { state in
      defer { state.isWriting = true }
      return !state.isWriting
    }
    let turn = isFirst ? .lead([entries], []) : await enqueue(entries)
    switch turn {
    case .written: return
    case .failed(let error): throw error
    case .lead(let batch, let others):
      let result = await commit(batch)
      passOn()
      for other in others {
        switch result {
        case .success: other.resume(returning: .written)
        case .failure(let error): other.resume(returning: .failed(error))
        }
      }
      try result.get()
    }
  }

  private func enqueue(_ entries: [LogEntry]) async -> Turn {
    await withCheckedContinuation { continuation in
      let isIdle = state.withLock { state in
        // The writer may have finished between the first look and this one.
        guard state.isWriting else {
          state.isWriting = true
          return true
        }
        state.waiting.append((entries, continuation))
        return false
      }
      if isIdle { continuation.resume(returning: .lead([entries], [])) }
    }
  }

  /// Makes one of those who wait write for all of them.
  private func passOn() {
    let waiting = state.withLock { state in
      defer { state.waiting = [] }
      state.isWriting = !state.waiting.isEmpty
      return state.waiting
    }
    guard let leader = waiting.first else { return }
    leader.continuation.resume(
      returning: .lead(waiting.map(\.entries), waiting.dropFirst().map(\.continuation)))
  }

  /// A cancelled task writes all the same: what was measured is kept.
  private func commit(_ batch: [[LogEntry]]) async -> Result<Void, StoreError> {
    await withCheckedContinuation { continuation in
      store.queue.asyncWrite(
        { [run] db in for entry in batch.joined() { try db.keep(entry, run: run) } },
        completion: { [path = store.path] _, result in
          continuation.resume(returning: result.mapError { StoreError.from($0, path: path) })
        })
    }
  }
}

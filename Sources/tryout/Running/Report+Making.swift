import Dispatch
import Foundation
import Synchronization
import TryoutCore
import TryoutReport
import TryoutStore

extension Report {
  /// Makes the report of a run from what the store has of it.
  ///
  /// A large run is read in parts side by side, one for each processor; what it comes to does not depend on how many.
  static func make(of run: RunRecord, from store: Store, strict: Bool = false) throws -> Report {
    let parts = try store.parts(
      of: run.id, atMost: ProcessInfo.processInfo.activeProcessorCount)
    guard parts.count > 1 else {
      var builder = Builder(run: run)
      try store.forEachSample(of: run.id) { builder.add($0) }
      return builder.finish(strict: strict)
    }
    let builders = Mutex([Result<Builder, any Error>?](repeating: nil, count: parts.count))
    DispatchQueue.concurrentPerform(iterations: parts.count) { part in
      let result = Result { try Builder(of: run, part: parts[part], path: store.path) }
      builders.withLock { $0[part] = result }
    }
    var whole = Builder(run: run)
    for part in builders.withLock({ $0 }) { if let part { whole.add(try part.get()) } }
    return whole.finish(strict: strict)
  }
}

private extension Report.Builder {
  /// Reads one part of a run over a connection of its own.
  init(of run: RunRecord, part: ClosedRange<Int64>, path: String) throws {
    self.init(run: run)
    let store = try Store(path: path, mode: .readOnly)
    defer { store.close() }
    try store.forEachSample(of: run.id, in: part) { add($0) }
  }
}

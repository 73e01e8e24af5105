import Dispatch
import Foundation
import Synchronization
import TryoutCore
import TryoutReport
import TryoutStore

extension Report {
  /// Makes the report of a run from what the store has of it.
  ///
  /// It is compared with a baseline where one is named, or where a gate of the suite asks for one. A large run is read
  /// in parts side by side, one for each processor; what it comes to does not depend on how many.
  static func make(
    of run: RunRecord, from store: Store, baseline name: String? = nil, strict: Bool = false
  ) throws -> Report {
    let history = History(store: store)
    let isCompared = name != nil || run.suite.gates.contains { $0.against != nil }
    let empty = Builder(
      run: run, baseline: isCompared ? try history.baseline(name, for: run) : nil,
      confirmation: isCompared ? try history.confirmation(of: run) : nil,
      expiries: run.suite.recommendation == nil ? [:] : try store.expiries(of: run))
    let parts = try store.parts(
      of: run.id, atMost: ProcessInfo.processInfo.activeProcessorCount)
    guard parts.count > 1 else {
      var builder = empty
      try store.forEachSample(of: run.id) { builder.add($0) }
      return builder.finish(strict: strict)
    }
    let builders = Mutex([Result<Builder, any Error>?](repeating: nil, count: parts.count))
    DispatchQueue.concurrentPerform(iterations: parts.count) { part in
      let result = Result { try empty.filled(from: run, parts[part], path: store.path) }
      builders.withLock { $0[part] = result }
    }
    var whole = empty
    for part in builders.withLock({ $0 }) { if let part { whole.add(try part.get()) } }
    return whole.finish(strict: strict)
  }
}

private extension Store {
  /// When targets' models go, as the catalogue said when the run ended.
  func expiries(of run: RunRecord) throws -> [String: String] {
    var expiries: [String: String] = [:]
    for account in run.suite.accounts {
      guard
        let catalogue = try catalogue(
          of: account.catalogueSource, before: run.endedAt ?? run.startedAt)
      else { continue }
      for target in run.suite.targets where target.account == account.id {
        expiries[target.id] = catalogue[target.model]?.expires
      }
    }
    return expiries
  }
}

private extension Report.Builder {
  /// With one part of a run, read over a connection of its own.
  func filled(
    from run: RunRecord, _ part: ClosedRange<Int64>, path: String
  ) throws -> Report.Builder {
    var builder = self
    let store = try Store(path: path, mode: .readOnly)
    defer { store.close() }
    try store.forEachSample(of: run.id, in: part) { builder.add($0) }
    return builder
  }
}

import Synchronization
import TryoutCore

/// A provider that answers by script: what to do for the n-th attempt, counted from 1, at a target.
final class ScriptedProvider: ModelProvider {
  /// Given the target's model and how often it was asked.
  typealias Script = @Sendable (_ model: String, _ count: Int) async -> Exchange

  private let counts = Mutex<[String: Int]>([:])
  private let script: Script

  init(_ script: @escaping Script) { self.script = script }

  /// How often each model was asked.
  var asked: [String: Int] { counts.withLock { $0 } }

  func ask(_ question: Question) async -> Exchange {
    let count = counts.withLock { counts in
      counts[question.model, default: 0] += 1
      return counts[question.model] ?? 0
    }
    return await script(question.model, count)
  }
}

/// A log in memory, which may refuse after so many entries.
final class RecordingLog: AttemptLog {
  struct Full: Error, Equatable {}

  private let kept = Mutex<[LogEntry]>([])
  private let capacity: Int

  init(capacity: Int = .max) { self.capacity = capacity }

  var entries: [LogEntry] { kept.withLock { $0 } }

  func append(_ entries: [LogEntry]) async throws {
    try kept.withLock { kept in
      guard kept.count + entries.count <= capacity else { throw Full() }
      kept += entries
    }
  }

  /// Attempts as they ended, with what closed their sample.
  var ended: [(attempt: Attempt, grade: Grade?)] {
    entries.compactMap {
      if case .ended(let attempt, let grade) = $0 { (attempt, grade) } else { nil }
    }
  }

  /// Samples by how they ended, and of those which were closed without an attempt of their own.
  var outcomes: [Grade.Outcome: Int] {
    entries.reduce(into: [:]) { counts, entry in
      switch entry {
      case .ended(_, let grade?), .closed(_, let grade): counts[grade.outcome, default: 0] += 1
      default: break
      }
    }
  }

  /// What is wrong with the order of the entries.
  ///
  /// Each attempt starts and ends once, in this order, and each sample is closed once.
  var faults: [String] {
    var faults: [String] = []
    var open: Set<String> = []
    var seen: Set<String> = []
    var ended: Set<String> = []
    var closed: Set<String> = []
    for entry in entries {
      switch entry {
      case .started(let attempt):
        let name = "\(attempt.sample.id) #\(attempt.number)"
        if !seen.insert(name).inserted { faults.append("\(name) started twice") }
        if closed.contains(attempt.sample.id) { faults.append("\(name) started after its end") }
        if attempt.status != .started { faults.append("\(name) has a status before its end") }
        open.insert(name)
      case .ended(let attempt, let grade):
        let name = "\(attempt.sample.id) #\(attempt.number)"
        // Once more with its grade, where it turns out to have been the last of its sample.
        let isLate = grade != nil && ended.contains(name)
        if open.remove(name) == nil, !isLate { faults.append("\(name) ended without a start") }
        if grade == nil { ended.insert(name) }
        if attempt.status == .started { faults.append("\(name) ended without a status") }
        if grade != nil, !closed.insert(attempt.sample.id).inserted {
          faults.append("\(name) closed twice")
        }
      case .closed(let sample, _):
        if !closed.insert(sample.id).inserted { faults.append("\(sample.id) closed twice") }
      }
    }
    return faults + open.map { "\($0) never ended" }
  }
}

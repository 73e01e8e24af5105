import TryoutCore

/// Gathers the attempts of one sample into its record.
struct SampleFold {
  /// What a record needs of every attempt.
  struct Attempt {
    var status: TryoutCore.Attempt.Status
    var failure: FailureKind?
    var startedAt: Int64
    var queue: Int64
    var end: Int64
    var usd: Double?
  }

  private(set) var record: SampleRecord
  private(set) var isClosed = false
  private var due = Int64.max
  private var ended = Int64.min

  init(_ record: SampleRecord) { self.record = record }

  /// Takes in one attempt, the earlier ones first; true where it says something about the target.
  mutating func add(_ attempt: Attempt) -> Bool {
    if attempt.status != .started {
      record.dispatchedAt = attempt.startedAt
      record.lateness = attempt.queue
    }
    if let usd = attempt.usd { record.usd = (record.usd ?? 0) + usd }
    // What was lost with its process, cancelled, or refused for the account's sake says nothing about the target, and
    // a resume may come days later.
    let isAboutTarget = attempt.failure?.scope.countsAgainstTarget ?? true
    guard attempt.status == .ok || attempt.status == .failed, isAboutTarget else { return false }
    record.attempts += 1
    due = min(due, attempt.startedAt - attempt.queue)
    ended = max(ended, attempt.startedAt + attempt.end)
    record.total = ended - due
    return true
  }

  /// Takes in how the sample ended.
  mutating func close(_ grade: Grade) {
    record.outcome = grade.outcome
    record.score = grade.score
    record.reasons = grade.reasons
    record.failure = grade.failure
    isClosed = true
  }

  mutating func add(finishReason: String?) { record.finishReason = finishReason }

  mutating func add(replacement: String) { record.replacement = replacement }

  /// Takes in what the attempt that succeeded came to.
  mutating func add(answer: borrowing Exchange, of attempt: Attempt) {
    if attempt.usd == nil { record.usd = nil }
    record.queue = attempt.queue
    record.finishReason = answer.finishReason
    record.servedModel = answer.servedModel
    record.upstream = answer.upstream
    record.latency = answer.timeline.lastToken
    // An answer without a time is one out of a router's cache.
    if record.latency == nil { record.total = nil }
    record.ttft = answer.timeline.firstToken
    record.ttfa = answer.timeline.firstAnswer
    record.decodeRate = answer.decodeRate
    record.usage = answer.usage
    record.cold = answer.connection.cold
    record.resent = answer.connection.sends > 1
    record.tainted = answer.tainted
    record.buffered = answer.buffered
  }
}

import TryoutCore

/// Gathers the attempts of one sample into its record.
struct SampleFold {
  /// What a record needs of one attempt.
  struct Attempt {
    var status: TryoutCore.Attempt.Status
    var failure: FailureKind?
    var replacement: String?
    var startedAt: Int64
    var queue: Int64
    var end: Int64
    var usd: Double?
    /// Of an attempt that succeeded.
    var answer: Exchange?
  }

  let row: Int64
  private(set) var record: SampleRecord
  private var due = Int64.max
  private var ended = Int64.min

  init(row: Int64, record: SampleRecord) {
    self.row = row
    self.record = record
  }

  mutating func add(_ attempt: Attempt) {
    if let replacement = attempt.replacement { record.replacement = replacement }
    if let usd = attempt.usd { record.usd = (record.usd ?? 0) + usd }
    // What was lost with its process, cancelled, or refused for the account's sake says nothing about the target, and
    // a resume may come days later.
    let isAboutTarget = attempt.failure?.scope.countsAgainstTarget ?? true
    guard attempt.status == .ok || attempt.status == .failed, isAboutTarget else { return }
    record.attempts += 1
    due = min(due, attempt.startedAt - attempt.queue)
    ended = max(ended, attempt.startedAt + attempt.end)
    record.total = ended - due
    guard let answer = attempt.answer else { return }
    if attempt.usd == nil { record.usd = nil }
    record.finishReason = answer.finishReason
    record.servedModel = answer.servedModel
    record.upstream = answer.upstream
    record.latency = answer.timeline.lastToken
    record.ttft = answer.timeline.firstToken
    record.ttfa = answer.timeline.firstAnswer
    record.queue = attempt.queue
    record.decodeRate = answer.decodeRate
    record.usage = answer.usage
    record.cold = answer.connection.cold
    record.resent = answer.connection.sends > 1
    record.tainted = answer.tainted
    record.buffered = answer.buffered
  }
}

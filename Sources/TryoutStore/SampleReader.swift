import GRDB
import TryoutCore

/// Reads the ended samples of a run that are not stale: a row is one of their attempts, and reading a million of them
/// takes a second.
struct SampleReader {
  /// The columns of `sql`, in its order.
  private enum Column: Int32 {
    case key, sampleID, target, prompt, caseID, repetition, warmup, outcome, score, reasons
    case sampleFailure, status, failure, replacement, startedAt, queue, end, firstToken
    case firstAnswer, lastToken, chunks, harness, cold, sends, finishReason, servedModel
    case upstream, promptTokens, completionTokens, reasoningTokens, cachedTokens, totalTokens
    case usd
  }

  private static let sql = """
    SELECT attempt.id, sample_id, target, prompt, case_id, repetition, warmup, outcome, score,
      reasons, sample_failure, status, failure, replacement, started_at, queue_ns, end_ns,
      first_token_ns, first_answer_ns, last_token_ns, chunks, harness_ns, cold, sends,
      finish_reason, served_model, upstream, prompt_tokens, completion_tokens, reasoning_tokens,
      cached_tokens, total_tokens, cost_usd
    FROM attempt
    LEFT JOIN result ON result.id = attempt.id
    WHERE attempt.id BETWEEN ? AND ? AND NOT stale AND NOT vote
    ORDER BY attempt.id
    """

  private let statement: RawStatement
  private var target = RepeatedText(Column.target) { $0 }
  private var prompt = RepeatedText(Column.prompt) { $0 }
  private var caseID = RepeatedText(Column.caseID) { $0 }
  private var outcome = RepeatedText(Column.outcome) { Grade.Outcome(rawValue: $0) ?? .ungraded }
  private var sampleFailure = RepeatedText(Column.sampleFailure, FailureKind.init(rawValue:))
  private var status = RepeatedText(Column.status) { Attempt.Status(rawValue: $0) ?? .failed }
  private var failure = RepeatedText(Column.failure, FailureKind.init(rawValue:))
  private var finishReason = RepeatedText(Column.finishReason) { $0 }
  private var servedModel = RepeatedText(Column.servedModel) { $0 }
  private var upstream = RepeatedText(Column.upstream) { $0 }

  private var fold = SampleFold(
    SampleRecord(
      identity: SampleIdentity(id: "", target: "", prompt: "", caseID: "", repetition: 0),
      outcome: .ungraded))
  /// Filled anew for every answer: making a new one each time takes longer than reading it.
  private var answer = Exchange()

  init(_ db: Database) throws { statement = try RawStatement(SampleReader.sql, db) }

  /// Hands over the samples whose keys lie in a range, in their order.
  mutating func read(
    _ keys: ClosedRange<Int64>, _ body: (SampleRecord) throws -> Void
  ) throws {
    var current: Int64?
    let statement = statement
    try statement.forEachRow {
      $0.add(keys.lowerBound)
      $0.add(keys.upperBound)
    } _: { (row: RawRow<Column>) in
      let place = AttemptKey(value: row.integer(.key)).sample
      if place != current {
        if fold.isClosed { try body(fold.record) }
        current = place
        fold = SampleFold(sample(row))
      }
      add(row)
      close(row)
    }
    if fold.isClosed { try body(fold.record) }
  }

  /// The sample of the row, as far as it is known at its beginning.
  private mutating func sample(_ row: RawRow<Column>) -> SampleRecord {
    let identity = SampleIdentity(
      id: row.text(.sampleID), target: target.value(in: row) ?? "",
      prompt: prompt.value(in: row) ?? "", caseID: caseID.value(in: row) ?? "",
      repetition: Int(row.integer(.repetition)),
      warmup: row.integer(.warmup) != 0)
    return SampleRecord(identity: identity, outcome: .ungraded)
  }

  /// Takes in how the sample ended, where the row tells.
  private mutating func close(_ row: RawRow<Column>) {
    guard let outcome = outcome.value(in: row) else { return }
    var grade = Grade(outcome, score: row.double(.score))
    if !row.isNull(.reasons) {
      grade.reasons = row.text(.reasons).split(separator: "\n").map(String.init)
    }
    grade.failure = sampleFailure.value(in: row) ?? nil
    fold.close(grade)
  }

  /// Takes in the attempt, where the row is one that ended.
  private mutating func add(_ row: RawRow<Column>) {
    guard let status = status.value(in: row) else { return }
    let attempt = SampleFold.Attempt(
      status: status, failure: failure.value(in: row) ?? nil,
      startedAt: row.integer(.startedAt).asMoment, queue: row.integer(.queue).asSpan,
      end: row.integer(.end).asSpan,
      usd: row.double(.usd))
    if attempt.failure != nil, !row.isNull(.replacement) {
      fold.add(replacement: row.text(.replacement))
    }
    // Why an answer is empty shows in how it ended.
    if attempt.failure == .empty { fold.add(finishReason: finishReason.value(in: row)) }
    guard fold.add(attempt), status == .ok else { return }
    answer.timeline.firstToken = row.optionalInteger(.firstToken)?.asSpan
    answer.timeline.firstAnswer = row.optionalInteger(.firstAnswer)?.asSpan
    answer.timeline.lastToken = row.optionalInteger(.lastToken)?.asSpan
    answer.chunks = Int(row.integer(.chunks))
    answer.harness = row.optionalInteger(.harness)
    answer.connection.cold = row.integer(.cold) != 0
    answer.connection.sends = Int(row.integer(.sends))
    answer.finishReason = finishReason.value(in: row)
    answer.servedModel = servedModel.value(in: row)
    answer.upstream = upstream.value(in: row)
    answer.usage = Usage(
      prompt: row.count(.promptTokens), completion: row.count(.completionTokens),
      reasoning: row.count(.reasoningTokens), cached: row.count(.cachedTokens),
      total: row.count(.totalTokens))
    fold.add(answer: answer, of: attempt)
  }
}

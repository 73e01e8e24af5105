import GRDB
package import TryoutCore

extension Store {
  /// Every ended sample of a run in the order of its first request, warm-ups included.
  package func forEachSample(
    of run: String, _ body: (SampleRecord) throws -> Void
  ) throws(StoreError) {
    try read { db in
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT sample.id AS row, sample.sample_id, sample.target, sample.prompt, sample.case_id,
            sample.repetition, sample.warmup, sample.outcome, sample.score, sample.reasons,
            sample.failure AS sample_failure, attempt.*
          FROM sample
          JOIN run ON run.id = sample.run
          LEFT JOIN attempt ON attempt.sample = sample.id
          WHERE run.run_id = ? AND sample.outcome IS NOT NULL
          ORDER BY sample.id, attempt.number
          """, arguments: [run])
      var fold: SampleFold?
      while let row = try rows.next() {
        if fold?.row != row["row"] as Int64 {
          if let record = fold?.record { try body(record) }
          fold = SampleFold(row)
        }
        fold?.add(row)
      }
      if let record = fold?.record { try body(record) }
    }
  }

  /// Every attempt of a run in the order of dispatch, with its text where `texts` asks for it.
  package func forEachAttempt(
    of run: String, sample: String? = nil, texts: Bool = false,
    _ body: (Attempt) throws -> Void
  ) throws(StoreError) {
    try read { db in
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT attempt.*, sample.sample_id, sample.target, sample.prompt, sample.case_id,
            sample.repetition, sample.warmup
            \(texts ? ", text.answer, text.reasoning, text.message, text.evidence" : "")
          FROM attempt
          JOIN sample ON sample.id = attempt.sample
          JOIN run ON run.id = sample.run
          \(texts ? "LEFT JOIN text ON text.attempt = attempt.id" : "")
          WHERE run.run_id = :run AND (:sample IS NULL OR sample.sample_id = :sample)
          ORDER BY attempt.id
          """, arguments: ["run": run, "sample": sample])
      while let row = try rows.next() { try body(Attempt(row, texts: texts)) }
    }
  }

  /// What a resumed run must know of its earlier processes.
  package struct Done: Sendable, Equatable {
    /// Ids of samples that have ended.
    package var closed: Set<String> = []
    /// Attempts made so far for samples that are open.
    package var attempts: [String: Int] = [:]
    package var requests = 0
    package var usd = 0.0

    package init() {}
  }

  /// Reads what of a run is done.
  package func done(of run: String) throws(StoreError) -> Done {
    try read { db in
      var done = Done()
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT sample_id, sample.outcome, max(attempt.number) AS attempts,
            count(attempt.id) AS requests, total(attempt.cost_usd) AS usd
          FROM sample
          JOIN run ON run.id = sample.run
          LEFT JOIN attempt ON attempt.sample = sample.id
          WHERE run.run_id = ? GROUP BY sample.id
          """, arguments: [run])
      while let row = try rows.next() {
        if row.hasNull(atIndex: 1) {
          done.attempts[row["sample_id"]] = row["attempts"] as Int? ?? 0
        } else {
          done.closed.insert(row["sample_id"])
        }
        done.requests += row["requests"] as Int
        done.usd += row["usd"] as Double
      }
      return done
    }
  }

  /// Requests that count in the windows of a suite's limits: all that any run sent on them in the last day.
  ///
  /// Times are relative to the anchor, so they are negative.
  package func ledger(of suite: Suite, anchor: Int64) throws(StoreError) -> [Scheduler.Prior] {
    try read { db in
      var entries: [Scheduler.Prior] = []
      for limit in suite.limits where !limit.windows.isEmpty {
        let rows = try Row.fetchCursor(
          db,
          sql: """
            SELECT started_at, total_tokens FROM attempt
            WHERE account = ? AND limit_id = ? AND started_at > ? ORDER BY started_at
            """,
          arguments: [limit.account, limit.id, anchor - Store.day])
        while let row = try rows.next() {
          entries.append(
            Scheduler.Prior(
              limit: limit.id, time: .nanoseconds((row["started_at"] as Int64) - anchor),
              tokens: row["total_tokens"] as Int? ?? 0))
        }
      }
      return entries
    }
  }

  private static let day: Int64 = 86_400_000_000_000
}

/// Gathers the attempts of one sample into its record.
private struct SampleFold {
  let row: Int64
  private(set) var record: SampleRecord
  private var due = Int64.max
  private var ended = Int64.min

  init(_ row: Row) {
    self.row = row["row"]
    record = SampleRecord(
      identity: SampleIdentity(row),
      outcome: Grade.Outcome(rawValue: row["outcome"]) ?? .ungraded)
    record.score = row["score"]
    record.reasons = (row["reasons"] as String?)?.split(separator: "\n").map(String.init) ?? []
    record.failure = (row["sample_failure"] as String?).flatMap(FailureKind.init(rawValue:))
  }

  mutating func add(_ row: Row) {
    guard let started = row["started_at"] as Int64? else { return }
    let attempt = Attempt(row, texts: false)
    if attempt.status != .started {
      record.dispatchedAt = started
      record.lateness = attempt.queue
    }
    if let replacement = attempt.exchange.failure?.replacement { record.replacement = replacement }
    if let usd = attempt.cost?.usd { record.usd = (record.usd ?? 0) + usd }
    // What was lost with its process, cancelled, or refused for the account's sake says nothing about the target, and
    // a resume may come days later.
    let isAboutTarget = attempt.exchange.failure?.kind.scope.countsAgainstTarget ?? true
    guard attempt.status == .ok || attempt.status == .failed, isAboutTarget else { return }
    record.attempts += 1
    let time = attempt.exchange.timeline
    due = min(due, started - attempt.queue)
    ended = max(ended, started + time.end)
    record.total = ended - due
    guard attempt.status == .ok else { return }
    if attempt.cost == nil { record.usd = nil }
    record.finishReason = attempt.exchange.finishReason
    record.servedModel = attempt.exchange.servedModel
    record.upstream = attempt.exchange.upstream
    record.latency = time.lastToken
    record.ttft = time.firstToken
    record.ttfa = time.firstAnswer
    record.queue = attempt.queue
    record.decodeRate = attempt.exchange.decodeRate
    record.usage = attempt.exchange.usage
    record.cold = attempt.exchange.connection.cold
    record.resent = attempt.exchange.connection.sends > 1
    record.tainted = attempt.exchange.tainted
    record.buffered = attempt.exchange.buffered
  }
}

import GRDB
package import TryoutCore

extension Store {
  /// Every ended sample of a run in the order of its first request, warm-ups included and stale ones left out.
  ///
  /// `part` is one of `parts(of:)`; without it all are read.
  package func forEachSample(
    of run: String, in part: ClosedRange<Int64>? = nil, _ body: (SampleRecord) throws -> Void
  ) throws(StoreError) {
    try read { db in
      guard
        let key = try Int64.fetchOne(
          db, sql: "SELECT id FROM run WHERE run_id = ?", arguments: [run])
      else { return }
      var reader = try SampleReader(db)
      try reader.read(part ?? AttemptKey.all(ofRun: key), body)
    }
  }

  /// Splits the samples of a run into parts of about the same size, in their order, that may be read side by side from
  /// stores of their own; no part is small.
  package func parts(of run: String, atMost most: Int) throws(StoreError) -> [ClosedRange<Int64>] {
    let ends = try read { db in
      try Row.fetchOne(
        db,
        sql: """
          SELECT id,
            (SELECT max(attempt.id) FROM attempt WHERE attempt.id BETWEEN \(Schema.keysOfRun))
          FROM run WHERE run_id = ?
          """, arguments: [run])
    }
    guard let ends, let last = ends[1] as Int64? else { return [] }
    let keys = AttemptKey.all(ofRun: ends[0])
    let samples = AttemptKey(value: last).sample + 1
    let count = max(1, min(Int64(most), samples / Store.smallestPart))
    let length = ((samples - 1) / count + 1) << AttemptKey.numberBits
    return (0..<count).map { part in
      let start = keys.lowerBound + part * length
      return start...(start + length - 1)
    }
  }

  /// Samples that are not worth another connection.
  private static let smallestPart: Int64 = 20_000

  /// Every attempt of a run, or else judges' votes alone, those of a sample together and samples in the order of their
  /// first requests; with its text where `texts` asks for it.
  package func forEachAttempt(
    of run: String, sample: String? = nil, votes: Bool = false, texts: Bool = false,
    _ body: (Attempt) throws -> Void
  ) throws(StoreError) {
    try read { db in
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT \(Schema.columnsOfAttempt)
            \(texts ? ", text.answer, text.reasoning, text.message, text.evidence" : "")
          FROM run
          CROSS JOIN attempt ON attempt.id BETWEEN \(Schema.keysOfRun)
          JOIN route ON route.id = attempt.route
          LEFT JOIN result ON result.id = attempt.id
          \(texts ? "LEFT JOIN text ON text.attempt = attempt.id" : "")
          WHERE run.run_id = :run AND attempt.vote = :votes AND (:sample IS NULL OR attempt.sample_id = :sample)
          ORDER BY attempt.id
          """, arguments: ["run": run, "sample": sample, "votes": votes])
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
          SELECT sample_id, max(outcome) AS outcome, max(attempt.id) AS last,
            sum(\(Schema.maybeSent)) AS requests, total(cost_usd) AS usd
          FROM run
          CROSS JOIN attempt ON attempt.id BETWEEN \(Schema.keysOfRun)
          LEFT JOIN result ON result.id = attempt.id
          WHERE run.run_id = ? GROUP BY attempt.id >> \(AttemptKey.numberBits)
          """, arguments: [run])
      while let row = try rows.next() {
        if row.hasNull(atIndex: 1) {
          done.attempts[row["sample_id"]] = AttemptKey(value: row["last"]).number
        } else {
          done.closed.insert(row["sample_id"])
        }
        done.requests += row["requests"] as Int
        done.usd += row["usd"] as Double
      }
      return done
    }
  }

  /// Requests that count in the windows of a suite's limits: all that any run, under whatever names, may have
  /// sent in the last day.
  ///
  /// Times are relative to the anchor and never behind it, also where the clock was set back since.
  package func ledger(of suite: Suite, anchor: Int64) throws(StoreError) -> [Scheduler.Prior] {
    try read { db in
      var entries: [Scheduler.Prior] = []
      for quota in suite.quotas.keys.sorted() {
        let rows = try Row.fetchCursor(
          db,
          sql: """
            SELECT coalesce(started_at, booked_at) AS started_at, total_tokens, limit_id, model
            FROM route
            JOIN attempt ON attempt.route = route.id
            LEFT JOIN result ON result.id = attempt.id
            WHERE quota_key = ? AND booked_at > ? AND \(Schema.maybeSent) ORDER BY 1
            """,
          arguments: [quota, anchor - Store.day])
        var counting: [[String]: [String]] = [:]
        while let row = try rows.next() {
          let (limit, model) = (row["limit_id"] as String, row["model"] as String)
          let limits =
            counting[[limit, model]]
            ?? suite.limitsCounting(quota: quota, limit: limit, model: model)
          counting[[limit, model]] = limits
          let time = min((row["started_at"] as Int64).asMoment - anchor, 0)
          entries += limits.map {
            Scheduler.Prior(
              limit: $0, time: .nanoseconds(time), tokens: Usage.believed(row["total_tokens"]))
          }
        }
      }
      return entries
    }
  }

  /// With the guard of a window that slides.
  private static let day: Int64 = 86_401_000_000_000
}

import GRDB
import TryoutCore

extension Database {
  /// Writes one entry with statements that are compiled once for each connection.
  ///
  /// `rows` remembers the rows of open samples; it is right as long as every transaction of the run commits, and a run
  /// ends with the first that does not.
  func keep(_ entry: LogEntry, run: Int64, rows: inout [String: Int64]) throws {
    switch entry {
    case .started(let attempt):
      try start(attempt, sample: sampleRow(attempt.sample, run: run, rows: &rows))
    case .ended(let attempt, let grade):
      let sample = try sampleRow(attempt.sample, run: run, rows: &rows)
      try complete(attempt, sample: sample)
      guard let grade else { return }
      try close(sample, grade)
      rows[attempt.sample.id] = nil
    case .closed(let identity, let grade):
      try close(sampleRow(identity, run: run, rows: &rows), grade)
      rows[identity.id] = nil
    }
  }

  /// The sample's row, made where this is the first that is heard of it.
  private func sampleRow(
    _ sample: SampleIdentity, run: Int64, rows: inout [String: Int64]
  ) throws -> Int64 {
    if let id = rows[sample.id] { return id }
    let find = try cachedStatement(sql: "SELECT id FROM sample WHERE run = ? AND sample_id = ?")
    if let id = try Int64.fetchOne(find, arguments: [run, sample.id]) {
      rows[sample.id] = id
      return id
    }
    try cachedStatement(
      sql: """
        INSERT INTO sample (run, sample_id, target, prompt, case_id, repetition, warmup)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      run, sample.id, sample.target, sample.prompt, sample.caseID, sample.repetition,
      sample.warmup,
    ])
    rows[sample.id] = lastInsertedRowID
    return lastInsertedRowID
  }

  private func start(_ attempt: Attempt, sample: Int64) throws {
    try cachedStatement(
      sql: """
        INSERT INTO attempt (sample, number, account, limit_id, model, status, started_at, queue_ns)
        VALUES (?, ?, ?, ?, ?, 'started', ?, ?)
        """
    ).execute(arguments: [
      sample, attempt.number, attempt.account, attempt.limit, attempt.model, attempt.startedAt,
      attempt.queue,
    ])
  }

  private func complete(_ attempt: Attempt, sample: Int64) throws {
    let (exchange, time) = (attempt.exchange, attempt.exchange.timeline)
    let connection = exchange.connection
    let id = try Int64.fetchOne(
      cachedStatement(
        sql: """
          UPDATE attempt SET
            status = ?, failure = ?, scope = ?, started_at = ?, queue_ns = ?, handover_ns = ?,
            sent_ns = ?, headers_ns = ?, first_byte_ns = ?, first_token_ns = ?,
            first_answer_ns = ?, last_token_ns = ?, end_ns = ?, dns_ns = ?, tcp_ns = ?,
            tls_ns = ?, resumed = ?, cold = ?, sends = ?, http_version = ?, http_status = ?,
            finish_reason = ?, served_model = ?, upstream = ?, generation_id = ?,
            replacement = ?, chunks = ?, events = ?, reads = ?, harness_ns = ?, tainted = ?,
            prompt_tokens = ?, completion_tokens = ?,
            reasoning_tokens = ?, cached_tokens = ?, total_tokens = ?, cost_usd = ?,
            cost_source = ?
          WHERE sample = ? AND number = ? RETURNING id
          """),
      arguments: [
        attempt.status.rawValue, exchange.failure?.kind.rawValue,
        exchange.failure?.kind.scope.rawValue, attempt.startedAt, attempt.queue, time.handover,
        time.sent, time.headers, time.firstByte, time.firstToken, time.firstAnswer,
        time.lastToken, time.end, connection.dns, connection.tcp, connection.tls,
        connection.resumed, connection.cold, connection.sends, connection.httpVersion,
        exchange.httpStatus,
        exchange.finishReason, exchange.servedModel, exchange.upstream, exchange.generationID,
        exchange.failure?.replacement, exchange.chunks, exchange.events, exchange.reads,
        exchange.harness, exchange.tainted, exchange.usage.prompt,
        exchange.usage.completion, exchange.usage.reasoning, exchange.usage.cached,
        exchange.usage.totalOrSum, attempt.cost?.usd, attempt.cost?.source.rawValue,
        sample, attempt.number,
      ])
    let texts = [
      exchange.answer.nonEmpty, exchange.reasoning.nonEmpty, exchange.failure?.message,
      exchange.failure?.evidence,
    ]
    guard let id, texts.contains(where: { $0 != nil }) else { return }
    try cachedStatement(
      sql: """
        INSERT OR REPLACE INTO text (attempt, answer, reasoning, message, evidence)
        VALUES (?, ?, ?, ?, ?)
        """
    ).execute(arguments: [id, texts[0], texts[1], texts[2], texts[3]])
  }

  private func close(_ sample: Int64, _ grade: Grade) throws {
    try cachedStatement(
      sql: "UPDATE sample SET outcome = ?, score = ?, reasons = ?, failure = ? WHERE id = ?"
    ).execute(arguments: [
      grade.outcome.rawValue, grade.score,
      grade.reasons.isEmpty ? nil : grade.reasons.joined(separator: "\n"),
      grade.failure?.rawValue, sample,
    ])
  }
}

private extension String {
  var nonEmpty: String? { isEmpty ? nil : self }
}

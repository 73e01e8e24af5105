import GRDB
import TryoutCore

/// Writes the entries of one run within a transaction.
struct EntryWriter {
  /// The rows of a sample that is open, so that they need not be looked for again.
  struct OpenSample {
    var row: Int64
    /// The row of the attempt that was begun last, and its number.
    var attempt: (row: Int64, number: Int)?
  }

  private let db: Database
  private let run: Int64
  private let enterSample, enterAttempt, completeAttempt, enterText, closeSample: RawStatement

  init(_ db: Database, run: Int64) throws {
    self.db = db
    self.run = run
    enterSample = try RawStatement(EntryWriter.enterSample, db)
    enterAttempt = try RawStatement(EntryWriter.enterAttempt, db)
    completeAttempt = try RawStatement(EntryWriter.completeAttempt, db)
    enterText = try RawStatement(EntryWriter.enterText, db)
    closeSample = try RawStatement(EntryWriter.closeSample, db)
  }

  /// Writes one entry.
  ///
  /// `samples` remembers those that are open; it is right as long as every transaction of the run commits, and a run
  /// ends with the first that does not.
  func keep(_ entry: LogEntry, samples: inout [String: OpenSample]) throws {
    switch entry {
    case .started(let attempt):
      var sample = try samples[attempt.sample.id] ?? found(attempt.sample)
      try start(attempt, sample: sample.row)
      sample.attempt = (db.lastInsertedRowID, attempt.number)
      samples[attempt.sample.id] = sample
    case .ended(let attempt, let grade):
      let sample = try samples[attempt.sample.id] ?? found(attempt.sample)
      try complete(attempt, of: sample)
      guard let grade else { return }
      try close(sample.row, grade)
      samples[attempt.sample.id] = nil
    case .closed(let identity, let grade):
      try close((samples[identity.id] ?? found(identity)).row, grade)
      samples[identity.id] = nil
    }
  }

  /// The sample's row, made where this is the first that is heard of it.
  private func found(_ sample: SampleIdentity) throws -> OpenSample {
    try enterSample.run {
      $0.add(run)
      $0.add(sample.id)
      $0.add(sample.target)
      $0.add(sample.prompt)
      $0.add(sample.caseID)
      $0.add(sample.repetition)
      $0.add(sample.warmup)
    }
    if db.changesCount > 0 { return OpenSample(row: db.lastInsertedRowID) }
    let find = try db.cachedStatement(
      sql: "SELECT id FROM sample WHERE run = ? AND sample_id = ?")
    guard let row = try Int64.fetchOne(find, arguments: [run, sample.id]) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "sample \(sample.id) is lost")
    }
    return OpenSample(row: row)
  }

  private func start(_ attempt: Attempt, sample: Int64) throws {
    try enterAttempt.run {
      $0.add(sample)
      $0.add(attempt.number)
      $0.add(attempt.account)
      $0.add(attempt.quota)
      $0.add(attempt.limit)
      $0.add(attempt.model)
      $0.add(attempt.startedAt)
      $0.add(attempt.queue)
    }
  }

  private func complete(_ attempt: Attempt, of sample: OpenSample) throws {
    let find = "SELECT id FROM attempt WHERE sample = ? AND number = ?"
    let known = sample.attempt.flatMap { $0.number == attempt.number ? $0.row : nil }
    let row =
      try known
      ?? Int64.fetchOne(
        db.cachedStatement(sql: find), arguments: [sample.row, attempt.number])
    guard let row else { return }
    try completeAttempt.run {
      $0.add(result: attempt)
      $0.add(row)
    }
    let exchange = attempt.exchange
    let texts = [
      exchange.answer.nonEmpty, exchange.reasoning.nonEmpty, exchange.failure?.message,
      exchange.failure?.evidence,
    ]
    guard texts.contains(where: { $0 != nil }) else { return }
    try enterText.run {
      $0.add(row)
      for text in texts { $0.add(text) }
    }
  }

  private func close(_ sample: Int64, _ grade: Grade) throws {
    try closeSample.run {
      $0.add(grade.outcome.rawValue)
      $0.add(grade.score)
      $0.add(grade.reasons.isEmpty ? nil : grade.reasons.joined(separator: "\n"))
      $0.add(grade.failure?.rawValue)
      $0.add(sample)
    }
  }
}

private extension EntryWriter {
  static let enterSample = """
    INSERT INTO sample (run, sample_id, target, prompt, case_id, repetition, warmup)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run, sample_id) DO NOTHING
    """

  static let enterAttempt = """
    INSERT INTO attempt
      (sample, number, account, quota_key, limit_id, model, status, started_at, queue_ns)
    VALUES (?, ?, ?, ?, ?, ?, 'started', ?, ?)
    """

  /// Its parameters are added by `RawParameters.add(result:)`.
  static let completeAttempt = """
    UPDATE attempt SET
      status = ?, failure = ?, scope = ?, started_at = ?, queue_ns = ?, handover_ns = ?,
      sent_ns = ?, headers_ns = ?, first_byte_ns = ?, first_token_ns = ?, first_answer_ns = ?,
      last_token_ns = ?, end_ns = ?, dns_ns = ?, tcp_ns = ?, tls_ns = ?, resumed = ?, cold = ?,
      sends = ?, http_version = ?, http_status = ?, finish_reason = ?, served_model = ?,
      upstream = ?, generation_id = ?, replacement = ?, chunks = ?, events = ?, reads = ?,
      harness_ns = ?, tainted = ?, prompt_tokens = ?, completion_tokens = ?,
      reasoning_tokens = ?, cached_tokens = ?, total_tokens = ?, cost_usd = ?, cost_source = ?
    WHERE id = ?
    """

  static let enterText = """
    INSERT OR REPLACE INTO text (attempt, answer, reasoning, message, evidence)
    VALUES (?, ?, ?, ?, ?)
    """

  static let closeSample =
    "UPDATE sample SET outcome = ?, score = ?, reasons = ?, failure = ? WHERE id = ?"
}

private extension RawParameters {
  /// What is known of an attempt at its end, in the order of `completeAttempt`.
  mutating func add(result attempt: Attempt) {
    let exchange = attempt.exchange
    add(attempt.status.rawValue)
    add(exchange.failure?.kind.rawValue)
    add(exchange.failure?.kind.scope.rawValue)
    add(attempt.startedAt)
    add(attempt.queue)
    add(exchange.timeline)
    add(exchange.connection)
    add(exchange.httpStatus)
    add(exchange.finishReason)
    add(exchange.servedModel)
    add(exchange.upstream)
    add(exchange.generationID)
    add(exchange.failure?.replacement)
    add(exchange.chunks)
    add(exchange.events)
    add(exchange.reads)
    add(exchange.harness)
    add(exchange.tainted)
    add(exchange.usage.prompt)
    add(exchange.usage.completion)
    add(exchange.usage.reasoning)
    add(exchange.usage.cached)
    add(exchange.usage.totalOrSum)
    add(attempt.cost?.usd)
    add(attempt.cost?.source.rawValue)
  }

  private mutating func add(_ time: Timeline) {
    add(time.handover)
    add(time.sent)
    add(time.headers)
    add(time.firstByte)
    add(time.firstToken)
    add(time.firstAnswer)
    add(time.lastToken)
    add(time.end)
  }

  private mutating func add(_ connection: Connection) {
    add(connection.dns)
    add(connection.tcp)
    add(connection.tls)
    add(connection.resumed)
    add(connection.cold)
    add(connection.sends)
    add(connection.httpVersion)
  }
}

private extension String {
  var nonEmpty: String? { isEmpty ? nil : self }
}

import GRDB
import TryoutCore

/// Writes the entries of one run within a transaction.
struct EntryWriter {
  private let db: Database
  private let run: Int64
  private let enterAttempt, enterResult, enterText, closeSample: RawStatement

  init(_ db: Database, run: Int64) throws {
    self.db = db
    self.run = run
    enterAttempt = try RawStatement(EntryWriter.enterAttempt, db)
    enterResult = try RawStatement(EntryWriter.enterResult, db)
    enterText = try RawStatement(EntryWriter.enterText, db)
    closeSample = try RawStatement(EntryWriter.closeSample, db)
  }

  func keep(_ entry: LogEntry, _ memory: inout RunMemory) throws {
    switch entry {
    case .started(let attempt):
      try start(attempt, &memory)
    case .ended(let attempt, let grade):
      // What ends without having begun is entered all the same.
      let sample = try memory.open[attempt.sample.id] ?? start(attempt, &memory)
      try end(attempt, grade, AttemptKey(run: run, sample: sample, number: attempt.number))
      if grade != nil { memory.open[attempt.sample.id] = nil }
    case .closed(let identity, let grade):
      let key = try AttemptKey(run: run, sample: memory.place(of: identity.id), number: 0)
      try enter(identity, key, route: nil, bookedAt: nil)
      try closeSample.run {
        $0.add(key.value)
        $0.add(grade)
      }
      memory.open[identity.id] = nil
    }
  }

  /// Enters an attempt and returns its sample's place.
  @discardableResult
  private func start(_ attempt: Attempt, _ memory: inout RunMemory) throws -> Int64 {
    let sample = memory.place(of: attempt.sample.id)
    let key = try AttemptKey(run: run, sample: sample, number: attempt.number)
    let route = RunMemory.Route(
      quota: attempt.quota, account: attempt.account, limit: attempt.limit, model: attempt.model)
    try enter(
      attempt.sample, key, route: memory.row(of: route, db), bookedAt: attempt.startedAt)
    return sample
  }

  private func enter(
    _ sample: SampleIdentity, _ key: AttemptKey, route: Int64?, bookedAt: Int64?
  ) throws {
    try enterAttempt.run {
      $0.add(key.value)
      $0.add(route)
      $0.add(sample.id)
      $0.add(sample.target)
      $0.add(sample.prompt)
      $0.add(sample.caseID)
      $0.add(sample.repetition)
      $0.add(sample.warmup || sample.vote)
      $0.add(sample.vote)
      $0.add(bookedAt)
    }
  }

  private func end(_ attempt: Attempt, _ grade: Grade?, _ key: AttemptKey) throws {
    try enterResult.run {
      $0.add(key.value)
      $0.add(result: attempt)
      $0.add(grade)
    }
    let exchange = attempt.exchange
    let texts = [
      exchange.answer.nonEmpty, exchange.reasoning.nonEmpty, exchange.failure?.message,
      exchange.failure?.evidence,
    ]
    guard texts.contains(where: { $0 != nil }) else { return }
    try enterText.run {
      $0.add(key.value)
      for text in texts { $0.add(text) }
    }
  }
}

private extension EntryWriter {
  static let enterAttempt = """
    INSERT INTO attempt
      (id, route, sample_id, target, prompt, case_id, repetition, warmup, vote, booked_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """

  /// Its parameters are added by `RawParameters.add(result:)` and `add(_: Grade?)`.
  static let enterResult = """
    INSERT OR REPLACE INTO result (id,
      status, failure, scope, started_at, queue_ns, handover_ns, sent_ns, headers_ns,
      first_byte_ns, first_token_ns, first_answer_ns, last_token_ns, end_ns, dns_ns, tcp_ns,
      tls_ns, resumed, cold, sends, http_version, http_status, finish_reason, served_model,
      upstream, generation_id, replacement, chunks, events, reads, harness_ns, tainted,
      prompt_tokens, completion_tokens, reasoning_tokens, cached_tokens, total_tokens, cost_usd,
      cost_source, outcome, score, reasons, sample_failure)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
      ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """

  static let enterText = """
    INSERT OR REPLACE INTO text (attempt, answer, reasoning, message, evidence)
    VALUES (?, ?, ?, ?, ?)
    """

  static let closeSample = """
    INSERT OR REPLACE INTO result (id, outcome, score, reasons, sample_failure)
    VALUES (?, ?, ?, ?, ?)
    """
}

private extension RawParameters {
  /// How a sample ended, where it did.
  mutating func add(_ grade: Grade?) {
    add(grade?.outcome.rawValue)
    add(grade?.score)
    add(grade.flatMap { $0.reasons.isEmpty ? nil : $0.reasons.joined(separator: "\n") })
    add(grade?.failure?.rawValue)
  }

  /// What is known of an attempt at its end, in the order of `enterResult`.
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

import Foundation
import GRDB
package import TryoutCore

extension Store {
  /// The word for the latest run, which no baseline may be called.
  package static let latest = "latest"

  /// Enters a run as running, before anything is asked.
  package func begin(_ run: RunRecord) throws(StoreError) {
    let definition = String(decoding: run.suite.encoded, as: UTF8.self)
    let environment = JSON.object(run.environment.mapValues { .string($0) }).canonicalText
    try write { db in
      try db.execute(
        sql: """
          INSERT INTO run (run_id, suite, definition, digest, seed, state, started_at, planned,
            environment, host, process)
          VALUES (?, ?, ?, ?, ?, 'running', ?, ?, ?, ?, ?)
          """,
        arguments: [
          run.id, run.suite.name, definition, run.digest, String(run.seed), run.startedAt,
          run.planned, environment, Host.name, Host.process,
        ])
    }
  }

  /// Takes a run up again: it is running, in this process.
  ///
  /// Throws `runGoesOn` where another process of this machine is at it.
  package func resume(_ id: String) throws(StoreError) {
    try write { db in
      let other = try String.fetchOne(
        db,
        sql:
          "SELECT process FROM run WHERE run_id = ? AND state = 'running' AND host = ? AND process <> ?",
        arguments: [id, Host.name, Host.process])
      if let other, Host.isAlive(other) { throw StoreError.runGoesOn(id, process: other) }
      try db.execute(
        sql: """
          UPDATE run SET state = 'running', reason = NULL, ended_at = NULL, host = ?, process = ?
          WHERE run_id = ?
          """,
        arguments: [Host.name, Host.process, id])
      // What was in flight when the last process died was sent, and its answer never came.
      try db.execute(
        sql: """
          INSERT INTO result (id, status, failure, scope)
          SELECT attempt.id, 'cancelled', 'cancelled', 'harness'
          FROM run CROSS JOIN attempt ON attempt.id BETWEEN \(Schema.keysOfRun)
          WHERE run_id = ? AND NOT EXISTS (SELECT 1 FROM result WHERE result.id = attempt.id)
          """,
        arguments: [id])
    }
  }

  /// Writes down how a run ended, and how the program fared where that is known.
  package func end(
    _ id: String, _ state: RunRecord.State, reason: String?, at time: Int64,
    harness: HarnessRecord? = nil
  ) throws(StoreError) {
    let text = harness.flatMap(\.text)
    try write { db in
      try db.execute(
        sql: """
          UPDATE run SET state = ?, reason = ?, ended_at = ?, harness = coalesce(?, harness)
          WHERE run_id = ?
          """,
        arguments: [state.rawValue, reason, time, text, id])
    }
  }

  /// Every run, newest first.
  ///
  /// A run whose process is gone is shown as crashed.
  package func runs() throws(StoreError) -> [RunSummary] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT run.run_id, run.suite, run.state, run.reason, run.started_at, run.ended_at,
            run.planned, run.host, run.process,
            (SELECT confirmed.run_id FROM confirmation
              JOIN run AS confirmed ON confirmed.id = confirmation.confirms
              WHERE confirmation.run = run.id) AS confirms,
            count(*) FILTER (WHERE NOT warmup AND NOT stale AND outcome IS NOT NULL) AS done,
            sum(\(Schema.maybeSent)) AS requests, sum(total_tokens) AS tokens, sum(cost_usd) AS usd
          FROM run
          LEFT JOIN attempt ON attempt.id BETWEEN \(Schema.keysOfRun)
          LEFT JOIN result ON result.id = attempt.id
          GROUP BY run.id ORDER BY run.started_at DESC, run.id DESC
          """
      ).map(RunSummary.init)
    }
  }

  /// One run by the name of a baseline, its id or the beginning of it; the latest where none is named, or `latest`.
  ///
  /// The latest is never one that only measured another's suspects again.
  package func run(_ name: String? = nil) throws(StoreError) -> RunRecord {
    let path = path
    let (ids, latest, named) = try read { db in
      try (
        String.fetchAll(db, sql: "SELECT run_id FROM run ORDER BY started_at DESC, id DESC"),
        String.fetchOne(
          db,
          sql: """
            SELECT run_id FROM run WHERE id NOT IN (SELECT run FROM confirmation)
            ORDER BY started_at DESC, id DESC LIMIT 1
            """),
        String.fetchOne(
          db,
          sql: """
            SELECT run_id FROM baseline_name JOIN run ON run.id = baseline_name.run WHERE name = ?
            """, arguments: [name])
      )
    }
    guard let latest else { throw .noRuns(path: path) }
    var id = named ?? latest
    if named == nil, let name, name != Store.latest {
      let matches = ids.contains(name) ? [name] : ids.filter { $0.hasPrefix(name) }
      guard let match = matches.first else { throw .unknownRun(name, path: path) }
      guard matches.count == 1 else { throw .ambiguousRun(name, matches: matches) }
      id = match
    }
    guard let record = try read({ db in try RunRecord.fetch(id, db) }) else {
      throw .unreadableRun(id)
    }
    return record
  }

  /// Running runs whose process on this machine is gone have crashed.
  func markCrashedRuns() throws(StoreError) {
    try write { db in
      let running = try Row.fetchAll(
        db, sql: "SELECT id, process FROM run WHERE state = 'running' AND host = ?",
        arguments: [Host.name])
      for row in running where !Host.isAlive(row["process"]) {
        try db.execute(
          sql: """
            UPDATE run SET state = 'crashed', ended_at =
              (SELECT max(coalesce(started_at + end_ns, booked_at))
                FROM attempt LEFT JOIN result ON result.id = attempt.id
                WHERE attempt.id BETWEEN \(Schema.keysOfRun))
            WHERE id = ?
            """, arguments: [row["id"] as Int64])
      }
    }
  }
}

/// One line of the list of runs.
package struct RunSummary: Sendable, Equatable {
  package var id: String
  package var suite: String
  package var state: RunRecord.State
  package var reason: String?
  /// Nanoseconds since 1970.
  package var startedAt: Int64
  package var endedAt: Int64?
  package var planned: Int
  package var done: Int
  /// Requests that may have been sent, warm-ups and retries included.
  package var requests: Int
  /// The run whose suspects it measured again, where that is what it is for.
  package var confirms: String?
  /// What they came to, as far as answers told; nil where none did.
  package var tokens: Int?
  package var usd: Double?

  init(_ row: Row) {
    id = row["run_id"]
    suite = row["suite"]
    state = RunRecord.State(row)
    reason = row["reason"]
    startedAt = row["started_at"]
    endedAt = row["ended_at"]
    planned = row["planned"]
    done = row["done"]
    requests = row["requests"]
    confirms = row["confirms"]
    tokens = row["tokens"]
    usd = row["usd"]
  }
}

extension RunRecord {
  static func fetch(_ id: String, _ db: Database) throws -> RunRecord? {
    let row = try Row.fetchOne(
      db,
      sql: """
        SELECT run.*, \(Schema.countOfRun(stale: false)) AS done,
          \(Schema.countOfRun(stale: true)) AS stale
        FROM run WHERE run_id = ?
        """, arguments: [id])
    guard
      let row,
      let suite = try? JSONDecoder().decode(
        Suite.self, from: Data((row["definition"] as String).utf8)),
      let seed = UInt64(row["seed"] as String)
    else { return nil }
    var environment: [String: String] = [:]
    if case .object(let members)? = try? JSON(parsing: (row["environment"] as String).utf8) {
      environment = members.compactMapValues(\.text)
    }
    var record = RunRecord(
      id: id, suite: suite, seed: seed, startedAt: (row["started_at"] as Int64).asMoment,
      planned: max(row["planned"], 0), environment: environment)
    record.digest = row["digest"]
    record.state = State(row)
    record.reason = row["reason"]
    record.endedAt = (row["ended_at"] as Int64?)?.asMoment
    record.done = row["done"]
    record.stale = row["stale"]
    record.harness = (row["harness"] as String?).flatMap(HarnessRecord.init(text:))
    record.judging = try JudgingRecord.fetch(of: id, db)
    return record
  }
}

extension RunRecord.State {
  /// The state as it is now: running means that the process still is.
  init(_ row: Row) {
    let state = RunRecord.State(rawValue: row["state"]) ?? .crashed
    let isGone = (row["host"] as String) == Host.name && !Host.isAlive(row["process"])
    self = state == .running && isGone ? .crashed : state
  }
}

private extension HarnessRecord {
  var text: String? {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) }
  }

  init?(text: String) {
    guard let record = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else {
      return nil
    }
    self = record
  }
}

import GRDB
import TryoutCore

extension JudgingRecord {
  /// What judging a run has cost so far; nil where no judge was to be asked.
  static func fetch(of run: String, _ db: Database) throws -> JudgingRecord? {
    let row = try Row.fetchOne(
      db,
      sql: """
        SELECT count(*) AS votes, sum(\(Schema.maybeSent)) AS requests, sum(status = 'ok') AS replies, sum(total_tokens) AS tokens,
          sum(cost_usd) AS usd, sum(status = 'ok' AND cost_usd IS NULL) AS unknown
        FROM run
        CROSS JOIN attempt ON attempt.id BETWEEN \(Schema.keysOfRun) AND attempt.vote
        LEFT JOIN result ON result.id = attempt.id
        WHERE run.run_id = ?
        """, arguments: [run])
    guard let row, row["votes"] > 0 else { return nil }
    let requests: Int = row["requests"]
    let isUnknown = (row["unknown"] as Int? ?? 0) > 0
    var record = JudgingRecord(
      requests: requests, replies: row["replies"] ?? 0, tokens: row["tokens"],
      usd: isUnknown ? nil : row["usd"] ?? (requests == 0 ? 0 : nil))
    record.losses = try losses(of: run, db)
    return record
  }

  /// Votes whose last attempt ended without a reply, and none before it with one.
  private static func losses(of run: String, _ db: Database) throws -> [Loss] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT target, failure, count(*) AS votes, min(reasons) AS reasons
        FROM (
          SELECT target, sample_failure AS failure, reasons, max(attempt.id) AS last,
            sum(status IS 'ok') AS replies
          FROM run
          CROSS JOIN attempt ON attempt.id BETWEEN \(Schema.keysOfRun) AND attempt.vote
          LEFT JOIN result ON result.id = attempt.id
          WHERE run.run_id = ? GROUP BY sample_id
        )
        WHERE replies = 0 AND failure IS NOT NULL
        GROUP BY target, failure ORDER BY votes DESC, target, failure
        """, arguments: [run])
    return rows.compactMap { row in
      guard let failure = FailureKind(rawValue: row["failure"]) else { return nil }
      let told = (row["reasons"] as String?)?.split(separator: "\n").first.map(String.init)
      let prefix = "\(failure.rawValue): "
      let message = told.map { $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : $0 }
      return Loss(
        target: row["target"], failure: failure, votes: row["votes"], message: message)
    }
  }
}

import GRDB
import TryoutCore

extension JudgingRecord {
  /// What judging a run has cost so far; nil where no judge was asked.
  static func fetch(of run: String, _ db: Database) throws -> JudgingRecord? {
    let row = try Row.fetchOne(
      db,
      sql: """
        SELECT count(*) AS requests, sum(status = 'ok') AS replies, sum(total_tokens) AS tokens,
          sum(cost_usd) AS usd, sum(status = 'ok' AND cost_usd IS NULL) AS unknown
        FROM run
        CROSS JOIN attempt ON attempt.id BETWEEN \(Schema.keysOfRun) AND attempt.vote
        LEFT JOIN result ON result.id = attempt.id
        WHERE run.run_id = ?
        """, arguments: [run])
    guard let row, row["requests"] > 0 else { return nil }
    let isUnknown = (row["unknown"] as Int? ?? 0) > 0
    return JudgingRecord(
      requests: row["requests"], replies: row["replies"] ?? 0, tokens: row["tokens"],
      usd: isUnknown ? nil : row["usd"])
  }
}

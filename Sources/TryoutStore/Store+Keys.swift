import GRDB
package import TryoutCore

extension Store {
  /// Whether a key was looked at before a run asked anything or after it had ended.
  package enum Moment: String, Sendable { case before, after }

  /// Keeps what a provider said about an account's key.
  package func keep(
    _ reading: KeyReading, of account: Account, run: String, _ moment: Moment, at time: Int64
  ) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: """
          INSERT INTO key_reading
          VALUES (NULL, (SELECT id FROM run WHERE run_id = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          run, moment.rawValue, account.id, account.quotaKey, time, reading.json.canonicalText,
          reading.freeUsed, reading.freeLimit, reading.freeRemaining, reading.isFreeTier,
          reading.usage?.text, reading.limit?.text, reading.limitRemaining?.text,
        ])
    }
  }

  /// The latest reading of an account's key, with when it was made; nil without one.
  package func keyReading(of account: Account) throws(StoreError) -> (KeyReading, takenAt: Int64)? {
    let row = try read { db in
      try Row.fetchOne(
        db,
        sql: """
          SELECT reading, taken_at FROM key_reading WHERE quota_key = ?
          ORDER BY taken_at DESC, id DESC LIMIT 1
          """, arguments: [account.quotaKey])
    }
    guard let row, let json = try? JSON(parsing: (row["reading"] as String).utf8) else {
      return nil
    }
    return (KeyReading(json: json), (row["taken_at"] as Int64).asMoment)
  }
}

import GRDB

/// What the log of a run remembers from one transaction to the next; right as long as each of them commits.
struct RunMemory {
  struct Route: Hashable {
    var quota: String
    var account: String
    var limit: String
    var model: String
  }

  /// By their ids, the places of samples that were begun and have not ended.
  var open: [String: Int64] = [:]
  private var next: Int64 = 0
  private var routes: [Route: Int64] = [:]

  /// Reads what there is of the run already.
  init(_ db: Database, run: Int64) throws {
    let keys = AttemptKey.all(ofRun: run)
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT max(attempt.id), sample_id, count(outcome)
        FROM attempt LEFT JOIN result ON result.id = attempt.id
        WHERE attempt.id BETWEEN ? AND ? GROUP BY attempt.id >> \(AttemptKey.numberBits)
        """, arguments: [keys.lowerBound, keys.upperBound])
    while let row = try rows.next() {
      let place = AttemptKey(value: row[0]).sample
      next = max(next, place + 1)
      if row[2] == 0 { open[row[1]] = place }
    }
  }

  /// The place of a sample in its run: the next one where this is the first that is heard of it.
  mutating func place(of sample: String) -> Int64 {
    if let place = open[sample] { return place }
    open[sample] = next
    next += 1
    return next - 1
  }

  mutating func row(of route: Route, _ db: Database) throws -> Int64 {
    if let row = routes[route] { return row }
    let texts: StatementArguments = [
      route.quota, route.account, route.limit, route.model,
    ]
    try db.execute(
      sql: "INSERT OR IGNORE INTO route (quota_key, account, limit_id, model) VALUES (?, ?, ?, ?)",
      arguments: texts)
    let row = try Int64.fetchOne(
      db,
      sql: """
        SELECT id FROM route WHERE quota_key = ? AND account = ? AND limit_id = ? AND model = ?
        """,
      arguments: texts)
    guard let row else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a route is lost")
    }
    routes[route] = row
    return row
  }
}

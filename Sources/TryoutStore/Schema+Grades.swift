import Foundation
import GRDB
import TryoutCore

extension Schema {
  /// Grades that answers had whose text is gone, by a hash of the checks that gave them: nothing can compute them again
  /// once other checks have had their turn.
  static let grades = """
    CREATE TABLE earlier_grade (
      attempt INTEGER NOT NULL REFERENCES attempt (id),
      checks TEXT NOT NULL,
      outcome TEXT NOT NULL,
      score REAL,
      reasons TEXT,
      PRIMARY KEY (attempt, checks)
    ) STRICT, WITHOUT ROWID;
    """
}

extension Store {
  /// Puts a grade by for the day its checks come back.
  static func putBy(_ grade: Grade, of key: Int64, by item: Case, _ db: Database) throws {
    guard grade.reasons != [Hearing.noText] else { return }
    try db.execute(
      sql: """
        INSERT OR REPLACE INTO earlier_grade (attempt, checks, outcome, score, reasons)
        VALUES (?, ?, ?, ?, ?)
        """,
      arguments: [
        key, item.checksDigest, grade.outcome.rawValue, grade.score,
        grade.reasons.joined(separator: "\n"),
      ])
  }

  /// The grade that the same checks gave earlier; nil where they never did.
  static func earlierGrade(of key: Int64, by item: Case, _ db: Database) throws -> Grade? {
    let row = try Row.fetchOne(
      db, sql: "SELECT * FROM earlier_grade WHERE attempt = ? AND checks = ?",
      arguments: [key, item.checksDigest])
    return row.map { row in
      let reasons: String = row["reasons"] ?? ""
      return Grade(
        Grade.Outcome(rawValue: row["outcome"]) ?? .ungraded, score: row["score"],
        reasons: reasons.split(separator: "\n").map(String.init))
    }
  }
}

private extension Case {
  /// A hash of all that its grades depend on.
  var checksDigest: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // The tags decide nothing.
    let bare = Case(id: id, variables: variables, checks: checks)
    let text = String(decoding: (try? encoder.encode(bare)) ?? Data(), as: UTF8.self)
    return String(SHA256.digest(of: text).hex.prefix(16))
  }
}

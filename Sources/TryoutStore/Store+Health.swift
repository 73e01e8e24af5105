import Foundation
import GRDB
package import TryoutCore

extension Store {
  /// What SQLite finds wrong with the file, a line each; empty for a sound one.
  package func damages() throws(StoreError) -> [String] {
    try read { db in
      try String.fetchAll(db, sql: "PRAGMA quick_check(5)").filter { $0 != "ok" }
    }
  }

  /// How the latest attempt at a model ended that says something about it or its account; nil where none was made.
  package func lastEnding(
    of model: String, at account: Account
  ) throws(StoreError) -> LastEnding? {
    try read { db in
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT failure, replacement, booked_at FROM route
          JOIN attempt ON attempt.route = route.id JOIN result ON result.id = attempt.id
          WHERE quota_key = ? AND model = ? AND status <> 'cancelled'
          ORDER BY booked_at DESC LIMIT 1
          """, arguments: [account.quotaKey, model])
      guard let row else { return nil }
      return LastEnding(
        failure: (row["failure"] as String?).flatMap(FailureKind.init(rawValue:)),
        replacement: row["replacement"], at: row["booked_at"])
    }
  }

  /// Models of a source whose latest attempt ended through the model's own fault, such as a gate: listed or not, they
  /// are no replacement for another.
  package func refusedModels(at source: String) throws(StoreError) -> Set<String> {
    let endings = try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT model, failure, max(booked_at) FROM route
          JOIN attempt ON attempt.route = route.id JOIN result ON result.id = attempt.id
          WHERE substr(quota_key, 1, length(:source) + 1) = :source || ' ' AND status <> 'cancelled'
          GROUP BY model
          """, arguments: ["source": source])
    }
    let refused = endings.filter { row in
      (row["failure"] as String?).flatMap(FailureKind.init(rawValue:))?.scope == .model
    }
    return Set(refused.map { $0["model"] as String })
  }
}

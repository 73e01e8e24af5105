import GRDB
package import TryoutCore

/// A run that somebody singled out.
package struct BaselineMark: Sendable, Equatable {
  package enum Kind: String, Sendable {
    /// It is meant wherever its name is written.
    case named
    /// What it measured is the new normal: rolling baselines begin with it.
    case accepted
  }

  package let kind: Kind
  package let name: String?
  package let run: String
  package let suite: String
  package let reason: String
  /// Nanoseconds since 1970.
  package let createdAt: Int64
}

extension Store {
  /// Gives a run a name, which moves from the run that had it.
  package func name(
    _ run: String, _ name: String, reason: String, at time: Int64
  ) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: """
          INSERT OR REPLACE INTO baseline_name (name, run, reason, named_at)
          SELECT ?, id, ?, ? FROM run WHERE run_id = ?
          """, arguments: [name, reason, time, run])
    }
  }

  /// Accepts what a run measured as the new normal.
  package func accept(_ run: String, reason: String, at time: Int64) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: """
          INSERT OR REPLACE INTO acceptance (run, reason, accepted_at)
          SELECT id, ?, ? FROM run WHERE run_id = ?
          """, arguments: [reason, time, run])
    }
  }

  /// Forgets a name; false where nothing is called so.
  package func removeName(_ name: String) throws(StoreError) -> Bool {
    try write { db in
      try db.execute(sql: "DELETE FROM baseline_name WHERE name = ?", arguments: [name])
      return db.changesCount > 0
    }
  }

  /// Takes an acceptance back; false where the run was not accepted.
  package func removeAcceptance(of run: String) throws(StoreError) -> Bool {
    try write { db in
      try db.execute(
        sql: "DELETE FROM acceptance WHERE run = (SELECT id FROM run WHERE run_id = ?)",
        arguments: [run])
      return db.changesCount > 0
    }
  }

  /// Every name and acceptance, the newest first.
  package func baselineMarks() throws(StoreError) -> [BaselineMark] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT 'named' AS kind, name, run_id, suite, baseline_name.reason, named_at AS created_at
          FROM baseline_name JOIN run ON run.id = baseline_name.run
          UNION ALL
          SELECT 'accepted', NULL, run_id, suite, acceptance.reason, accepted_at
          FROM acceptance JOIN run ON run.id = acceptance.run
          ORDER BY created_at DESC, kind, name, run_id
          """
      ).map { row in
        BaselineMark(
          kind: row["kind"] == "named" ? .named : .accepted, name: row["name"], run: row["run_id"],
          suite: row["suite"], reason: row["reason"], createdAt: row["created_at"])
      }
    }
  }

  /// Ids of the finished runs of a suite that began before a moment, the newest first; those that only confirm are left
  /// out.
  package func nights(
    ofSuite suite: String, before time: Int64 = .max, atMost most: Int
  ) throws(StoreError) -> [String] {
    try read { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT run_id FROM run
          WHERE suite = ? AND state = 'finished' AND started_at < ?
            AND id NOT IN (SELECT run FROM confirmation)
          ORDER BY started_at DESC, id DESC LIMIT ?
          """, arguments: [suite, time, most])
    }
  }

  // MARK: Regressions

  /// Keeps which targets of a run failed a gate against the baseline, instead of what was kept before.
  package func keep(
    regressions: [(gate: String, target: String)], of run: String
  ) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: "DELETE FROM regression WHERE run = (SELECT id FROM run WHERE run_id = ?)",
        arguments: [run])
      for regression in regressions {
        try db.execute(
          sql: """
            INSERT OR IGNORE INTO regression (run, gate, target)
            SELECT id, ?, ? FROM run WHERE run_id = ?
            """, arguments: [regression.gate, regression.target, run])
      }
    }
  }

  /// The targets with a regression, by the ids of the runs that had one.
  package func regressions() throws(StoreError) -> [String: Set<String>] {
    try read { db in
      let rows = try Row.fetchAll(
        db, sql: "SELECT run_id, target FROM regression JOIN run ON run.id = regression.run")
      return rows.reduce(into: [:]) { $0[$1["run_id"], default: []].insert($1["target"]) }
    }
  }

  // MARK: Confirmations

  /// Says that a run measures another's suspects again.
  package func link(_ run: String, confirming other: String) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: """
          INSERT OR REPLACE INTO confirmation (run, confirms)
          SELECT one.id, other.id FROM run AS one, run AS other
          WHERE one.run_id = ? AND other.run_id = ?
          """, arguments: [run, other])
    }
  }

  /// The latest run that measured another's suspects again; nil where none did.
  package func confirmation(of run: String) throws(StoreError) -> RunRecord? {
    try read { db in
      let id = try String.fetchOne(
        db,
        sql: """
          SELECT again.run_id FROM confirmation
          JOIN run ON run.id = confirmation.confirms
          JOIN run AS again ON again.id = confirmation.run
          WHERE run.run_id = ? ORDER BY again.started_at DESC, again.id DESC LIMIT 1
          """, arguments: [run])
      guard let id else { return nil }
      guard let record = try RunRecord.fetch(id, db) else { throw StoreError.unreadableRun(id) }
      return record
    }
  }
}

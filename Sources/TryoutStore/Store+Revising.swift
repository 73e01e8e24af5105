import Foundation
import GRDB
package import TryoutCore

extension Store {
  /// What became of a run's samples when it took on another definition.
  package struct Revision: Sendable, Equatable {
    /// Answers that were graded anew.
    package var regraded = 0
    /// Answers that would have been, had their text been kept; they are ungraded now.
    package var lost = 0
  }

  /// Gives a run another definition, in one transaction.
  ///
  /// An answer whose text is gone has the grade that the same checks gave it earlier, if ever they did.
  /// The earlier one is kept. Samples that are not planned any more are stale from here on, those planned again are
  /// not. Answers to cases whose checks have changed are graded anew, and those that are planned again.
  package func revise(
    _ id: String, as suite: Suite, planned: Int, at time: Int64, regrading changed: Set<String>,
    isPlanned: (String) -> Bool
  ) throws(StoreError) -> Revision {
    try write { db in
      guard
        let run = try Int64.fetchOne(
          db, sql: "SELECT id FROM run WHERE run_id = ?", arguments: [id])
      else { return Revision() }
      let before = try Store.cases(of: run, db)
      try db.execute(
        sql: """
          INSERT INTO revision (run, digest, definition, replaced_at)
          SELECT id, digest, definition, ? FROM run WHERE id = ?
          """, arguments: [time, run])
      try db.execute(
        sql: "UPDATE run SET definition = ?, digest = ?, planned = ? WHERE id = ?",
        arguments: [
          String(decoding: suite.encoded, as: UTF8.self), suite.digest, planned, run,
        ])
      let cases = suite.casesByID
      try Store.putGradesBy(run, before, db) { identity in
        changed.contains(identity.caseID) || !isPlanned(identity.id)
      }
      let revived = try Store.markStale(run, isPlanned, db)
      guard !revived.isEmpty || !changed.isEmpty else { return Revision() }
      return try Store.regrade(run, db) { sample, identity in
        changed.contains(identity.caseID) || revived.contains(sample)
          ? cases[identity.caseID] : nil
      }
    }
  }

  /// Targets that any answer of a run was billed for, stale ones included.
  package func billedTargets(of run: String) throws(StoreError) -> Set<String> {
    try read { db in
      try String.fetchSet(
        db,
        sql: """
          SELECT DISTINCT target FROM run
          JOIN result ON result.id BETWEEN \(Schema.keysOfRun)
          JOIN attempt ON attempt.id = result.id
          WHERE run_id = ? AND cost_usd > 0
          """, arguments: [run])
    }
  }

  /// Returns the places of samples that are not stale any more.
  private static func markStale(
    _ run: Int64, _ isPlanned: (String) -> Bool, _ db: Database
  ) throws -> Set<Int64> {
    var changed: [(row: Int64, isStale: Bool)] = []
    let keys = AttemptKey.all(ofRun: run)
    let rows = try Row.fetchCursor(
      db, sql: "SELECT id, sample_id, stale FROM attempt WHERE id BETWEEN ? AND ? AND NOT vote",
      arguments: [keys.lowerBound, keys.upperBound])
    while let row = try rows.next() {
      let isStale = !isPlanned(row["sample_id"])
      if isStale != row["stale"] { changed.append((row["id"], isStale)) }
    }
    let mark = try db.makeStatement(sql: "UPDATE attempt SET stale = ? WHERE id = ?")
    for (row, isStale) in changed { try mark.execute(arguments: [isStale, row]) }
    return Set(changed.filter { !$0.isStale }.map { AttemptKey(value: $0.row).sample })
  }

  /// The cases of the definition that a run has.
  private static func cases(of run: Int64, _ db: Database) throws -> [String: Case] {
    let definition = try String.fetchOne(
      db, sql: "SELECT definition FROM run WHERE id = ?", arguments: [run])
    return try JSONDecoder().decode(Suite.self, from: Data((definition ?? "").utf8)).casesByID
  }

  /// Puts the grades by of answers without text that leave the checks which gave them.
  private static func putGradesBy(
    _ run: Int64, _ cases: [String: Case], _ db: Database, of isLeaving: (SampleIdentity) -> Bool
  ) throws {
    try Subject.forEach(of: run, db) { subject in
      guard !subject.hasText, isLeaving(subject.identity),
        let item = cases[subject.identity.caseID]
      else { return }
      try putBy(subject.grade, of: subject.key, by: item, db)
    }
  }

  /// Grades answers by the cases that are found for them; what others say of them comes later.
  private static func regrade(
    _ run: Int64, _ db: Database, by find: (_ sample: Int64, SampleIdentity) -> Case?
  ) throws -> Revision {
    var revision = Revision()
    var grades: [(key: Int64, grade: Grade)] = []
    try Subject.forEach(of: run, db) { subject in
      guard let item = find(AttemptKey(value: subject.key).sample, subject.identity) else { return }
      if subject.hasText {
        revision.regraded += 1
        grades.append((subject.key, Grader.grade(subject.exchange, of: item)))
      } else if let earlier = try earlierGrade(of: subject.key, by: item, db) {
        grades.append((subject.key, earlier))
      } else {
        revision.lost += 1
        grades.append((subject.key, Grade(.ungraded, reasons: [Hearing.noText])))
      }
    }
    try write(grades, db)
    return revision
  }
}

private extension Suite {
  var casesByID: [String: Case] {
    Dictionary(cases.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
  }
}

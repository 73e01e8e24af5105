import Foundation
import GRDB
package import TryoutCore

extension Store {
  /// The answered samples of a run that are not stale, with their texts.
  package func subjects(of run: String) throws(StoreError) -> [Subject] {
    try read { db in
      var subjects: [Subject] = []
      if let key = try Int64.fetchOne(
        db, sql: "SELECT id FROM run WHERE run_id = ?", arguments: [run])
      {
        try Subject.forEach(of: key, db) { subjects.append($0) }
      }
      return subjects
    }
  }

  /// What a run has of judges' votes.
  package struct Votes: Sendable, Equatable {
    /// Replies by the ids of the votes.
    package var replies: [String: String] = [:]
    /// Attempts made for votes without a reply.
    package var attempts: [String: Int] = [:]

    package init() {}
  }

  /// Reads the votes of a run.
  package func votes(of run: String) throws(StoreError) -> Votes {
    try read { db in
      var votes = Votes()
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT attempt.id, sample_id, text.answer
          FROM run CROSS JOIN attempt ON attempt.id BETWEEN \(Schema.keysOfRun) AND attempt.vote
          LEFT JOIN result ON result.id = attempt.id AND status = 'ok'
          LEFT JOIN text ON text.attempt = result.id
          WHERE run.run_id = ? ORDER BY attempt.id
          """, arguments: [run])
      while let row = try rows.next() {
        let id: String = row["sample_id"]
        if let reply = row["answer"] as String? {
          votes.replies[id] = reply
        } else {
          votes.attempts[id] = max(votes.attempts[id] ?? 0, AttemptKey(value: row["id"]).number)
        }
      }
      return votes
    }
  }

  /// What programs have said of a run's answers, by the answer's key.
  package func opinions(of run: String) throws(StoreError) -> [Int64: [String: Grader.Finding]] {
    try read { db in
      var opinions: [Int64: [String: Grader.Finding]] = [:]
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT opinion.* FROM run JOIN opinion ON opinion.attempt BETWEEN \(Schema.keysOfRun) WHERE run_id = ?
          """, arguments: [run])
      while let row = try rows.next() {
        opinions[row["attempt"], default: [:]][row["program"]] = .rated(
          row["score"], passes: row["passes"], row["reason"])
      }
      return opinions
    }
  }

  /// Keeps what a program has said; what it could not decide is forgotten, so that it is asked again.
  package func keep(_ finding: Grader.Finding, of program: String, about key: Int64)
    throws(StoreError)
  {
    try write { db in
      guard case .rated(let score, let passes, let reason) = finding else {
        try db.execute(
          sql: "DELETE FROM opinion WHERE attempt = ? AND program = ?", arguments: [key, program])
        return
      }
      try db.execute(
        sql:
          "INSERT OR REPLACE INTO opinion (attempt, program, passes, score, reason) VALUES (?, ?, ?, ?, ?)",
        arguments: [key, program, passes, score, reason])
    }
  }

  /// Gives answers other grades, in one transaction.
  package func regrade(_ grades: [(key: Int64, grade: Grade)]) throws(StoreError) {
    guard !grades.isEmpty else { return }
    try write { db in try Store.write(grades, db) }
  }

  static func write(_ grades: [(key: Int64, grade: Grade)], _ db: Database) throws {
    let update = try db.makeStatement(
      sql: "UPDATE result SET outcome = ?, score = ?, reasons = ? WHERE id = ?")
    for (key, grade) in grades {
      let reasons = grade.reasons.isEmpty ? nil : grade.reasons.joined(separator: "\n")
      try update.execute(arguments: [grade.outcome.rawValue, grade.score, reasons, key])
    }
  }

  /// Computes costs anew that the provider did not tell itself, and returns how many have changed.
  ///
  /// `listings` are what catalogues say, by target as well; a cost that was computed from one stays where the suite has
  /// no price. Without either a cost is unknown.
  package func reprice(
    _ run: String, _ prices: [String: Price], listings: [String: ModelListing] = [:]
  ) throws(StoreError) -> Int {
    try write { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT result.id, target, prompt_tokens, completion_tokens, reasoning_tokens, cached_tokens,
            cost_usd, cost_source
          FROM run JOIN result ON result.id BETWEEN \(Schema.keysOfRun) JOIN attempt ON attempt.id = result.id
          WHERE run_id = ? AND status IS NOT NULL AND coalesce(cost_source, '') <> 'api'
          """, arguments: [run])
      let update = try db.makeStatement(
        sql: "UPDATE result SET cost_usd = ?, cost_source = ? WHERE id = ?")
      var changed = 0
      for row in rows {
        let price = prices[row["target"]]
        let source = (row["cost_source"] as String?).flatMap(Cost.Source.init(rawValue:))
        if price == nil, source == .catalogue { continue }
        let usage = Usage(
          prompt: row["prompt_tokens"], completion: row["completion_tokens"],
          reasoning: row["reasoning_tokens"], cached: row["cached_tokens"])
        let cost = Cost(of: usage, price: price, listing: listings[row["target"]])
        guard cost?.usd != row["cost_usd"] as Double? || cost?.source != source else { continue }
        try update.execute(arguments: [cost?.usd, cost?.source.rawValue, row["id"] as Int64])
        changed += 1
      }
      return changed
    }
  }
}

extension Subject {
  /// Reads the answered samples of a run that are not stale.
  static func forEach(of run: Int64, _ db: Database, _ body: (Subject) throws -> Void) throws {
    let keys = AttemptKey.all(ofRun: run)
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT \(Schema.columnsOfAttempt),
          text.answer, text.reasoning, text.message, text.evidence
        FROM attempt
        JOIN result ON result.id = attempt.id
        JOIN route ON route.id = attempt.route
        LEFT JOIN text ON text.attempt = attempt.id
        WHERE attempt.id BETWEEN ? AND ? AND NOT stale AND NOT vote AND status = 'ok'
          AND outcome IN ('pass', 'fail', 'ungraded')
        """, arguments: [keys.lowerBound, keys.upperBound])
    while let row = try rows.next() {
      let attempt = Attempt(row, texts: true)
      var grade = Grade(Grade.Outcome(rawValue: row["outcome"]) ?? .ungraded, score: row["score"])
      grade.reasons = (row["reasons"] as String?)?.split(separator: "\n").map(String.init) ?? []
      try body(
        Subject(
          key: row["id"], identity: attempt.sample, exchange: attempt.exchange,
          hasText: !row.hasNull(atIndex: row.count - 4), grade: grade))
    }
  }
}

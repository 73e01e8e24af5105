import TryoutCore
import TryoutReport

extension Regrading.Outcome {
  /// What has changed as a table, and in a sentence.
  var text: String {
    var sentence =
      "\(Format.count(rows.count, "grade")) of \(Format.count(answers, "answer")) changed"
    if repriced > 0 { sentence += ", \(Format.count(repriced, "cost")) computed anew" }
    guard !rows.isEmpty else { return sentence + ".\n" }
    let table = TextTable.render(
      header: ["sample", "target", "prompt", "case", "#", "before", "after", "why"],
      rows: rows.map { row in
        let identity = row.identity
        return [
          identity.id, identity.target, identity.prompt, identity.caseID,
          "\(identity.repetition)\(identity.warmup ? "w" : "")", row.digits.before,
          row.digits.after, row.why,
        ]
      })
    return "\(table)\n\(sentence).\n"
  }

  /// The same for programs, with the verdict of the gates.
  func json(_ report: Report) -> JSON {
    [
      "run_id": .string(run), "answers": .integer(Int64(answers)),
      "repriced": .integer(Int64(repriced)),
      "verdict": .string(report.verdict.code.name),
      "changed": .array(
        rows.map { row in
          [
            "sample_id": .string(row.identity.id), "target": .string(row.identity.target),
            "prompt": .string(row.identity.prompt), "case_id": .string(row.identity.caseID),
            "repeat": .integer(Int64(row.identity.repetition)),
            "warmup": .bool(row.identity.warmup),
            "before": row.before.json, "after": row.after.json,
          ]
        }),
    ]
  }
}

private extension Regrading.Outcome.Row {
  /// Both grades, with so many digits that scores that differ look it.
  var digits: (before: String, after: String) {
    let digits =
      (3...17).first { before.brief($0) != after.brief($0) || before.score == after.score } ?? 17
    return (before.brief(digits), after.brief(digits))
  }

  /// The reasons that are new; where there are none, those that are gone.
  var why: String {
    let new = after.reasons.filter { !before.reasons.contains($0) }
    let gone = before.reasons.filter { !after.reasons.contains($0) }
    func text(_ reasons: [String]) -> String? {
      reasons.first.map { $0 + (reasons.count > 1 ? " (and \(reasons.count - 1) more)" : "") }
    }
    if let new = text(new) { return new }
    if let gone = text(gone) { return "no longer \(gone)" }
    if before.score != after.score || before.outcome != after.outcome {
      return after.reasons.first ?? "another score"
    }
    return "the same reasons in another order"
  }
}

private extension Grade {
  func brief(_ digits: Int) -> String {
    outcome.rawValue + (score.map { " \(Format.significant($0, digits))" } ?? "")
  }

  var json: JSON {
    [
      "outcome": .string(outcome.rawValue), "score": score.map { .number($0) } ?? .null,
      "reasons": .array(reasons.map { .string($0) }),
    ]
  }
}

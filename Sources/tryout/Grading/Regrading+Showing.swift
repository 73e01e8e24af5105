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
          "\(identity.repetition)\(identity.warmup ? "w" : "")", row.before.brief, row.after.brief,
          row.why,
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
  /// What the grade rests on now; where nothing is wrong any more, what was.
  var why: String {
    after.reasons.first ?? before.reasons.first.map { "no longer \($0)" } ?? "another score"
  }
}

private extension Grade {
  var brief: String {
    outcome.rawValue + (score.map { " \(Format.significant($0, 3))" } ?? "")
  }

  var json: JSON {
    [
      "outcome": .string(outcome.rawValue), "score": score.map { .number($0) } ?? .null,
      "reasons": .array(reasons.map { .string($0) }),
    ]
  }
}

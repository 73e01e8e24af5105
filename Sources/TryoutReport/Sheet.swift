import TryoutCore

/// A report as tables of finished figures with shared footnotes: what all media for people show.
struct Sheet {
  let headline: String
  let tone: Tone
  /// The run in a few facts.
  let facts: [String]
  /// Notes about the run as a whole.
  let warnings: [String]
  /// The recommendation in sentences, one for each line; empty where there is none.
  let advice: [String]
  /// In reading order; tables without rows are left out.
  let tables: [Table]
  let footnotes: [String]

  init(
    headline: String, tone: Tone, facts: [String], warnings: [String],
    advice: [String] = [], tables: [Table], footnotes: [String]
  ) {
    self.headline = headline
    self.tone = tone
    self.facts = facts
    self.warnings = warnings
    self.advice = advice
    self.tables = tables
    self.footnotes = footnotes
  }

  /// Fills the tables with at most so many rows each, all of them or that of the gates alone.
  init(_ report: Report, rows limit: Int = .max, gatesOnly: Bool = false) {
    let run = report.run
    headline = "\(report.verdict.code.headline): \(report.verdict.sentence)"
    tone = report.verdict.code.tone
    var times = Format.instant(run.startedAt)
    // A clock that was set back says nothing.
    if let endedAt = run.endedAt, endedAt >= run.startedAt {
      times += ", \(Duration.nanoseconds(endedAt - run.startedAt).brief)"
    }
    var facts = [
      "suite \(run.suite.name)", "run \(run.id)", run.state.rawValue, times,
      "\(run.done) of \(Format.count(run.planned, "sample"))", "seed \(run.seed)",
    ]
    if let load = report.load { facts.append(load.sentence) }
    if let baseline = report.baseline { facts.append("compared with \(baseline.base)") }
    self.facts = facts
    warnings =
      report.notes.filter { $0.target == nil }.map(\.text) + (report.baseline?.warnings ?? [])
    advice = gatesOnly ? [] : report.recommendationText?.lines ?? []
    var writer = TableWriter(report: report, limit: limit)
    var tables = [writer.gates()]
    if !gatesOnly {
      if let baseline = report.baseline {
        var contrast = ContrastWriter(
          comparison: baseline, limit: limit, footnotes: writer.footnotes)
        tables += contrast.tables()
        writer.footnotes = contrast.footnotes
      }
      tables += [
        writer.comparison(), writer.failures(), writer.consumption(), writer.service(),
      ]
    }
    self.tables = tables.filter { !$0.rows.isEmpty }
    footnotes = writer.footnotes.texts
  }
}

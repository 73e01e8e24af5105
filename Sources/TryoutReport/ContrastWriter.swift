package import TryoutCore
import TryoutStatistics

/// Writes the tables of a comparison of two runs: one for each respect, a row for each target.
struct ContrastWriter {
  let comparison: RunComparison
  let limit: Int
  var footnotes = Footnotes()

  private struct Row {
    let line: RunComparison.Line
    let comparison: Comparison
    let finding: Comparison.Finding
  }

  mutating func tables() -> [Table] {
    let respects = Comparison.tested + Comparison.shown.filter { $0 != .tokens(.input) }
    return respects.map { table(of: $0) } + [costs(), obstacles()]
  }

  private mutating func table(of metric: Metric) -> Table {
    let isShare = metric.unit == .share
    let columns =
      [
        Table.Column("target", .left), .init("base"), .init("head"),
        .init(isShare ? "points" : "ratio"), .init("n"), .init("p"), .init("verdict", .left),
      ] + (isShare || !Comparison.tested.contains(metric) ? [] : [.init("could see")])
    let rows = comparison.lines.compactMap { line in
      line.comparison.flatMap { comparison in
        comparison[metric].map { Row(line: line, comparison: comparison, finding: $0) }
      }
    }
    var table = Table(title: "\(title(of: metric)) against the baseline", columns: columns)
    table.rows = rows.prefix(limit).map { row(of: $0) }
    table.omitted = max(0, rows.count - limit)
    return table
  }

  private func title(of metric: Metric) -> String {
    switch metric {
    case .paired(let clock): clock.rawValue
    case .passRate: "pass rate"
    case .tokens(.output): "output tokens"
    default: metric.name
    }
  }

  private mutating func row(of row: Row) -> [Cell] {
    let finding = row.finding
    var n = Cell(String(finding.n))
    if row.comparison.unit == .request {
      n.notes.append(
        footnotes.number(
          "n counts requests, since there are fewer than \(Pairing.fewestQuestions) questions: nothing follows for"
            + " other questions"))
    }
    var conclusion = Cell(finding.conclusion, tone: finding.verdict.tone)
    if finding.isTakenBack {
      conclusion.notes.append(
        footnotes.number(
          "a difference by itself, but not as one of \(comparison.tests) tests (Holm)"))
    }
    let p = finding.p.map { Cell(Self.p($0)) } ?? Cell("")
    return [
      Cell(row.line.target), figure(finding.base, finding.metric),
      figure(finding.head, finding.metric), change(finding), n, p, conclusion,
    ] + (finding.metric.isClock && finding.p != nil ? [Cell(finding.detectable ?? "n/a")] : [])
  }

  private func figure(_ estimate: MetricEstimate?, _ metric: Metric) -> Cell {
    guard let estimate else { return Cell("n/a") }
    let unit: Metric.Unit = metric.isClock ? .seconds : metric.unit
    return Cell(estimate.value.text { Format.quantity($0, unit) })
  }

  private mutating func change(_ finding: Comparison.Finding) -> Cell {
    var cell: Cell
    switch finding.evidence {
    case .ratio(let ratio):
      cell = Cell(
        FindingText.ratio(ratio.ratio),
        detail: FindingText.range(ratio.low, ratio.high, ", ").map { "[\($0)]" } ?? "")
      let failed = [
        ("head alone", ratio.onlyHeadFailed), ("base alone", ratio.onlyBaseFailed),
        ("both, and left out", ratio.bothFailed),
      ].filter { $0.1 > 0 }.map { "\($0.1) by \($0.0)" }
      if !failed.isEmpty {
        cell.notes.append(
          footnotes.number(
            "failures rank above every success; decided by them: \(failed.joined(separator: ", "))")
        )
      }
    case .rates(let rates, let ends):
      cell = Cell(
        rates.difference.map { FindingText.points($0) } ?? "n/a",
        detail: "[\(FindingText.points(ends.lowerBound)), \(FindingText.points(ends.upperBound))]")
      if rates.better + rates.worse > 0 {
        cell.notes.append(
          footnotes.number("better in \(rates.better) and worse in \(rates.worse) of \(rates.n)"))
      }
      if finding.isOpen {
        cell.notes.append(
          footnotes.number("answers are ungraded, and the interval covers whatever they would get"))
      }
    }
    return cell
  }

  private func costs() -> Table {
    var table = Table(
      title: "cost of an answer against the baseline",
      columns: [.init("target", .left), .init("base"), .init("head"), .init("ratio")])
    for line in comparison.lines.prefix(limit) {
      guard let usd = line.comparison?.usdPerAnswer, usd.base ?? 0 > 0 || usd.head ?? 0 > 0
      else {
        continue
      }
      let ratio = usd.base.flatMap { base in
        usd.head.flatMap { head in base > 0 ? FindingText.ratio(.value(head / base)) : nil }
      }
      func money(_ value: Double?) -> Cell {
        Cell(value.map { Format.quantity($0, .usd) } ?? "n/a")
      }
      table.rows.append([Cell(line.target), money(usd.base), money(usd.head), Cell(ratio ?? "")])
    }
    return table
  }

  private func obstacles() -> Table {
    var table = Table(
      title: "not comparable with the baseline",
      columns: [.init("target", .left), .init("what", .left), .init("what differs", .left)])
    for line in comparison.lines.prefix(limit) {
      if !line.obstacles.isEmpty {
        table.rows.append([
          Cell(line.target), Cell(line.comparison == nil ? "everything" : "times", tone: .doubtful),
          Cell(line.obstacles.joined(separator: ", ")),
        ])
      }
      guard let comparison = line.comparison else { continue }
      let unpaired = [("base", comparison.onlyBase), ("head", comparison.onlyHead)]
        .filter { $0.1 > 0 }.map { "\($0.1) only in \($0.0)" }
      if !unpaired.isEmpty {
        table.rows.append([
          Cell(line.target),
          Cell(Format.count(comparison.onlyBase + comparison.onlyHead, "question")),
          Cell(unpaired.joined(separator: ", ")),
        ])
      }
    }
    return table
  }

  static func p(_ value: Double) -> String {
    value < 0.0001 ? "<0.0001" : Format.significant(value, 2)
  }
}

extension Comparison.Verdict {
  var tone: Tone {
    switch self {
    case .worse: .bad
    case .better: .good
    case .undecided, .slight: .plain
    case .unknown: .doubtful
    }
  }
}

extension RunComparison {
  /// What a reader must know before trusting it.
  var warnings: [String] {
    vanished.map { "in \(base) and not in run \(head): \($0)" } + notes
  }

  /// The exit code of `compare` and the sentence that says the same.
  package var outcome: (code: Verdict.Code, sentence: String) {
    let worse = regressions
    if !worse.isEmpty {
      return (.gateFailed, "worse than \(base): \(FindingText.list(worse))")
    }
    guard isEvaluable else {
      let reasons = Set(lines.flatMap(\.obstacles)).sorted()
      let why = reasons.isEmpty ? "too few pairs" : reasons.joined(separator: "; ")
      return (.noVerdict, "not comparable with \(base): \(why)")
    }
    let (better, slight) = (improvements, slight)
    if !better.isEmpty { return (.passed, "better than \(base): \(FindingText.list(better))") }
    return (
      .passed,
      slight.isEmpty
        ? "no difference from \(base) was shown"
        : "no difference from \(base) was shown that counts; too small: \(FindingText.list(slight))"
    )
  }

  /// From where on differences count; nil where all do.
  fileprivate var threshold: String? {
    let limits = lines.flatMap { $0.comparison?.findings ?? [] }.compactMap { finding in
      finding.effect.map { effect in
        let worse =
          finding.metric.isBetterWhenLarger ? effect.minimum.decrease : effect.minimum.increase
        return "\(finding.metric.name) \(FindingText.ratio(.value(worse)))"
      }
    }
    guard !limits.isEmpty else { return nil }
    return "differences count beyond \(Set(limits).sorted().joined(separator: ", "))"
  }
}

extension FindingText {
  static func list(_ names: [String]) -> String {
    names.prefix(3).joined(separator: ", ")
      + (names.count > 3 ? " and \(names.count - 3) more" : "")
  }
}

extension Sheet {
  /// A comparison as it stands alone.
  init(_ comparison: RunComparison, rows limit: Int = .max) {
    let outcome = comparison.outcome
    let word =
      switch outcome.code {
      case .gateFailed: "WORSE"
      case .noVerdict: "NO VERDICT"
      default:
        !comparison.improvements.isEmpty
          ? "BETTER"
          : comparison.slight.isEmpty ? "NO DIFFERENCE SHOWN" : "NO DIFFERENCE THAT COUNTS"
      }
    var writer = ContrastWriter(comparison: comparison, limit: limit)
    let tables = writer.tables().filter { !$0.rows.isEmpty }
    self.init(
      headline: "\(word): \(outcome.sentence)", tone: outcome.code.tone,
      facts: [
        "base \(comparison.base)", "head run \(comparison.head)",
        "95 % intervals, \(Format.count(comparison.tests, "test")) in one family (Holm)",
      ] + [comparison.threshold].compactMap(\.self), warnings: comparison.warnings, tables: tables,
      footnotes: writer.footnotes.texts)
  }
}

import TryoutCore
import TryoutStatistics

/// Writes the tables of one sheet one after another, so that footnotes are numbered as they are read.
struct TableWriter {
  let report: Report
  let limit: Int
  var footnotes = Footnotes()

  private mutating func table<Item>(
    _ title: String,
    _ columns: [Table.Column],
    _ items: [Item],
    row: (inout TableWriter, Item) -> [Cell]
  ) -> Table {
    var table = Table(title: title, columns: columns)
    for item in items.prefix(limit) { table.rows.append(row(&self, item)) }
    table.omitted = max(0, items.count - limit)
    return table
  }

  mutating func gates() -> Table {
    let columns = [
      Table.Column("verdict", .left), .init("gate", .left), .init("target", .left),
      .init("estimate"),
    ]
    return table("gates", columns, report.gates) { writer, result in writer.row(result) }
  }

  mutating func row(_ result: GateResult) -> [Cell] {
    var verdict = Cell(result.verdict.word, tone: result.verdict.tone)
    if let reason = result.reason { verdict.notes.append(footnotes.number(reason)) }
    if result.severity == .warn {
      verdict.notes.append(footnotes.number("a warning only: it does not decide the exit code"))
    }
    guard let gate = report.gate(of: result) else {
      return [verdict, Cell(result.gate), Cell(result.target), Cell("n/a")]
    }
    return [
      verdict, Cell(gate.sentence), Cell(result.target),
      gate.against == nil
        ? cell(result.estimate, of: gate.metric, bound: gate.bound)
        : cell(relative: result.estimate, bound: gate.bound),
    ]
  }

  mutating func comparison() -> Table {
    let report = report
    // Beside the service time stands what a user of the load waited.
    let times = (report.load == nil ? [] : TableWriter.responses) + TableWriter.services
    let columns =
      [
        Table.Column("target", .left), .init("n"), .init("answered"), .init("pass rate"),
        .init("first try"),
      ] + times.map { Table.Column($0.title, group: $0.group) } + [.init("decode p50", group: 3)]
    return table("comparison", columns, report.targets) { writer, summary in
      let id = summary.target.id
      let notes = report.notes.filter { $0.target == id }.map(\.text)
      var row = [
        Cell(id, notes: notes.map { writer.footnotes.number($0) }),
        Cell(String(summary.n)),
        writer.cell(summary.answeredRate, of: .answered),
        writer.cell(summary.passRate, of: .passRate),
        writer.cell(summary.firstTryRate, of: .firstTryRate),
      ]
      for time in times {
        var cell = writer.cell(summary[keyPath: time.path], of: time.metric)
        if report.isClearlyFastest(summary, at: time.path) {
          cell.isEmphasised = true
          cell.notes.append(writer.footnotes.number(TableWriter.clearlyFastest))
        }
        row.append(cell)
      }
      return row + [writer.cell(summary.decodeRate, of: .clock(.decodeRate, .p50))]
    }
  }

  /// A column with a time in it.
  private struct TimeColumn {
    let title: String
    let group: Int
    let metric: Metric
    let path: any KeyPath<TargetSummary, MetricEstimate?> & Sendable
  }

  private static let responses = [
    TimeColumn(
      title: "response p50", group: 1, metric: .clock(.response, .p50), path: \.response.p50),
    TimeColumn(
      title: "response p95", group: 1, metric: .clock(.response, .p95), path: \.response.p95),
  ]

  private static let services = [
    TimeColumn(title: "latency p50", group: 1, metric: .clock(.latency, .p50), path: \.latency.p50),
    TimeColumn(title: "latency p95", group: 1, metric: .clock(.latency, .p95), path: \.latency.p95),
    TimeColumn(title: "ttft p50", group: 2, metric: .clock(.ttft, .p50), path: \.ttft.p50),
    TimeColumn(title: "ttft p95", group: 2, metric: .clock(.ttft, .p95), path: \.ttft.p95),
  ]

  mutating func failures() -> Table {
    typealias Line = (target: String, outcome: String, count: TargetSummary.FailureCount)
    let lines = report.targets.flatMap { summary -> [Line] in
      summary.failures.map { (summary.target.id, "error", $0) }
        + summary.skips.map { (summary.target.id, "skipped", $0) }
    }
    let columns = [
      Table.Column("target", .left), .init("outcome", .left), .init("failure", .left),
      .init("scope", .left), .init("samples"), .init("for example", .left),
    ]
    return table("failures", columns, lines) { _, line in
      [
        Cell(line.target), Cell(line.outcome), Cell(line.count.kind.rawValue),
        Cell(line.count.kind.scope.rawValue), Cell(String(line.count.count)),
        Cell(line.count.example ?? ""),
      ]
    }
  }

  mutating func consumption() -> Table {
    let columns = [
      Table.Column("target", .left), .init("attempts"), .init("input tokens"),
      .init("output tokens"), .init("reasoning tokens"), .init("cost"),
    ]
    return table("tokens and cost", columns, report.targets) { writer, summary in
      [
        Cell(summary.target.id), Cell(String(summary.attempts)),
        writer.total(summary.inputTokens, of: summary),
        writer.total(summary.outputTokens, of: summary),
        writer.total(summary.reasoningTokens, of: summary),
        writer.total(summary.usd, of: summary),
      ]
    }
  }

  private mutating func total(_ tokens: Int?, of summary: TargetSummary) -> Cell {
    if summary.answered == 0 { return Cell("n/a") }
    return tokens.map { Cell(String($0)) }
      ?? Cell("n/a", notes: [footnotes.number("at least one answer came without this count")])
  }

  private mutating func total(_ usd: Double?, of summary: TargetSummary) -> Cell {
    if summary.answered == 0 { return Cell("n/a") }
    return usd.map { Cell(Format.quantity($0, .usd)) }
      ?? Cell("n/a", notes: [footnotes.number("the cost of at least one answer is unknown")])
  }

  mutating func service() -> Table {
    let columns = [
      Table.Column("target", .left), .init("model", .left), .init("served as", .left),
      .init("by", .left), .init("cold"), .init("resent"), .init("tainted"),
    ]
    return table("served by", columns, report.targets) { _, summary in
      [
        Cell(summary.target.id), Cell(summary.target.model),
        Cell(summary.servedModels.isEmpty ? "n/a" : summary.servedModels.joined(separator: ", ")),
        Cell(summary.upstreams.isEmpty ? "n/a" : summary.upstreams.joined(separator: ", ")),
        Cell(String(summary.cold)), Cell(String(summary.resent)),
        Cell(summary.tainted.map(String.init) ?? "n/a"),
      ]
    }
  }
}

private extension Report {
  /// Whether a time lies below every other target's, interval against interval.
  func isClearlyFastest(
    _ summary: TargetSummary,
    at path: KeyPath<TargetSummary, MetricEstimate?>
  ) -> Bool {
    guard let high = summary[keyPath: path]?.high.number else { return false }
    let others = targets.filter { $0.target.id != summary.target.id }.compactMap {
      $0[keyPath: path]
    }
    return !others.isEmpty
      && others.allSatisfy { other in
        other.low == .unbounded || other.low.number.map { $0 > high } ?? false
      }
  }
}

extension Gate {
  /// The id with what it demands, and of which samples: `up: answered >= 95%`.
  var sentence: String {
    let relation = against.map { " of \($0)" } ?? ""
    let demand = "\(metric.name) \(comparison.sign) \(limitText)\(relation)"
    let parts = [("prompt", filter.prompt), ("case", filter.caseID), ("tag", filter.tag)]
    let places = parts.compactMap { name, value in value.map { "\(name) \($0)" } }
    return (id == demand ? id : "\(id): \(demand)")
      + (places.isEmpty ? "" : " where \(places.joined(separator: ", "))")
  }
}

extension GateResult.Verdict {
  /// Loud where it fails, so that it is found without colour.
  var word: String {
    switch self {
    case .pass: "pass"
    case .fail: "FAIL"
    case .inconclusive: "inconclusive"
    case .notEvaluable: "not evaluable"
    }
  }

  fileprivate var tone: Tone {
    switch self {
    case .pass: .good
    case .fail: .bad
    case .inconclusive, .notEvaluable: .doubtful
    }
  }
}

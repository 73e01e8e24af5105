package import TryoutCore
import TryoutStatistics

extension CSVRendering {
  /// One row for each target and respect, below a header.
  package func render(_ comparison: RunComparison) -> String {
    var header: String?
    var rows = ""
    for line in comparison.lines {
      // A target without findings keeps a row that says why.
      let findings = line.comparison.map { $0.findings.map(Optional.some) } ?? [nil]
      for finding in findings {
        let row = CSVRendering.line(of: line, finding, in: comparison)
        header = header ?? row.header
        rows += row.text
      }
    }
    return (header ?? "") + rows
  }

  private static func line(
    of line: RunComparison.Line, _ finding: Comparison.Finding?, in comparison: RunComparison
  ) -> CSVLine {
    var row = CSVLine()
    row.add("base", text: comparison.base)
    row.add("head", text: comparison.head)
    row.add("target", text: line.target)
    row.add("metric", text: finding?.metric.name)
    row.add("base_value", bound: finding?.base?.value)
    row.add("head_value", bound: finding?.head?.value)
    row.add("change", text: finding.map { $0.metric.unit == .share ? "difference" : "ratio" })
    row.add("change_value", bound: finding?.change.value)
    row.add("change_low", bound: finding?.change.low)
    row.add("change_high", bound: finding?.change.high)
    row.add("n", finding?.n)
    row.add("unit", text: line.comparison?.unit.rawValue)
    row.add("p", finding?.p)
    row.add("adjusted_p", finding?.adjustedP)
    row.add("minimum_effect", finding?.effect?.limit)
    row.add("verdict", text: finding?.verdict.rawValue)
    row.add("not_comparable", text: line.obstacles.joined(separator: "; "))
    return row
  }
}

extension CSVLine {
  /// Four columns: the ratio, or the difference of shares, its interval, and the verdict.
  mutating func add(_ name: String, _ finding: Comparison.Finding?) {
    add(name, bound: finding?.change.value)
    add("\(name)_low", bound: finding?.change.low)
    add("\(name)_high", bound: finding?.change.high)
    add("\(name)_verdict", text: finding?.verdict.rawValue)
  }
}

private extension Comparison.Finding {
  var change: (value: Bound?, low: Bound, high: Bound) {
    switch evidence {
    case .ratio(let ratio): return (ratio.ratio, ratio.low, ratio.high)
    case .rates(let rates, let ends):
      return (
        rates.difference.map { .value($0) }, .value(ends.lowerBound), .value(ends.upperBound)
      )
    }
  }
}

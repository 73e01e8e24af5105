import TryoutCore
import TryoutStatistics

extension TableWriter {
  static let clearlyFastest =
    "the lowest, with an interval that overlaps no other target's: a hint, not a test"

  /// An estimate with its interval in the same unit, and footnotes for all that cannot be known.
  mutating func cell(
    _ estimate: MetricEstimate?,
    of metric: Metric,
    bound: Gate.Bound = .interval
  ) -> Cell {
    guard let estimate else { return Cell("n/a") }
    let anchor = [estimate.value, estimate.low].compactMap(\.number).first
    let scale = Scale(for: anchor ?? 1, metric.unit)
    var cell = Cell(estimate.value.text(scale.quantity))
    if !estimate.isExact {
      // An estimate that is no number leaves the unit to the ends.
      let number = estimate.value.number == nil ? scale.quantity : scale.number
      let ends = [estimate.low, estimate.high].map { $0.text(number, unbounded: "∞") }
      cell.detail = "[\(ends.joined(separator: ", "))]"
    }
    cell.notes = remarks(on: estimate, of: metric, bound: bound).map {
      footnotes.number($0)
    }
    if metric.unit == .seconds { cell.time = estimate }
    return cell
  }

  /// A ratio to the baseline with its interval.
  mutating func cell(relative estimate: MetricEstimate?, bound: Gate.Bound) -> Cell {
    guard let estimate else { return Cell("n/a") }
    var cell = Cell(FindingText.ratio(estimate.value))
    if !estimate.isExact {
      cell.detail =
        FindingText.range(estimate.low, estimate.high, ", ").map { "[\($0)]" } ?? "[–]"
    }
    if let remark = remark(on: bound) { cell.notes = [footnotes.number(remark)] }
    return cell
  }

  private func remark(on bound: Gate.Bound) -> String? {
    switch bound {
    case .interval: nil
    case .lower95, .upper95: "judged by one-sided 95 % bounds, which are shown"
    case .estimate: "judged by the estimate alone, without regard to chance"
    }
  }

  private func remarks(
    on estimate: MetricEstimate,
    of metric: Metric,
    bound: Gate.Bound
  ) -> [String] {
    var remarks: [String] = []
    let ends = [estimate.low, estimate.high]
    if estimate.value == .unbounded {
      let alone = estimate.successOnly.map {
        "; over the successes alone: \(Format.quantity($0, metric.unit))"
      }
      remarks.append(
        "the rank falls among the failures, which rank above every success" + (alone ?? "")
      )
    } else if ends.contains(.unbounded) {
      remarks.append("∞: this end of the interval falls among the failures")
    }
    if let percentile = metric.percentile, percentile.rank(of: estimate.n) == estimate.n,
      estimate.n > 0, percentile != .p50
    {
      let needed = percentile.denominator / (percentile.denominator - percentile.numerator)
      remarks.append("with n < \(needed) the \(percentile.label) is the maximum")
    }
    let needs = ends.compactMap { if case .unavailable(let needs) = $0 { needs } else { nil } }
    if let needs = needs.max() {
      let interval = bound == .interval ? "two-sided 95 % interval" : "one-sided 95 % bound"
      let name = metric.percentile?.label ?? "the mean"
      remarks.append("a \(interval) for \(name) needs n ≥ \(needs); n = \(estimate.n)")
    }
    if let remark = remark(on: bound) { remarks.append(remark) }
    return remarks
  }
}

private extension Metric {
  var percentile: Percentile? {
    if case .clock(_, let statistic) = self { Percentile(label: statistic.rawValue) } else { nil }
  }
}

private extension MetricEstimate {
  /// Sums, maxima and bare estimates: nothing that chance could have made different is shown.
  var isExact: Bool {
    (confidence == 0 || confidence == 1) && low == value && high == value
  }
}

extension Bound {
  var number: Double? {
    if case .value(let value) = self { value } else { nil }
  }

  func text(_ format: (Double) -> String, unbounded: String = "unbounded") -> String {
    switch self {
    case .value(let value): format(value)
    case .unbounded: unbounded
    case .unavailable: "–"
    }
  }
}

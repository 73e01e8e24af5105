package import TryoutCore
import TryoutStatistics

/// The nights of a suite's targets for a terminal or a program: a sparkline, a table, and what changed when.
package struct TrendRendering: Sendable {
  private let suite: String
  private let trends: [Trend]

  package init(suite: String, _ trends: [Trend]) {
    self.suite = suite
    self.trends = trends
  }

  /// An overview with a line for each target, its changes, and a table of its nights.
  package var text: String {
    let overview = TextTable.render(
      header: ["target", "nights", "latency p50", "from", "to", "changes"],
      rows: trends.map { trend in
        [
          trend.target, String(trend.nights.count), TrendRendering.sparkline(of: trend),
          time(trend.nights.first?.p50), time(trend.nights.last?.p50),
          outcome(of: trend),
        ]
      })
    return VisibleText.line("suite \(suite)") + "\n\n" + overview
      + trends.map { "\n" + section($0) }.joined()
  }

  private func outcome(of trend: Trend) -> String {
    guard trend.changes.isEmpty else { return String(trend.changes.count) }
    return trend.needs == nil ? "none shown" : "too few nights to show a change"
  }

  /// Why a change that is there may not be shown.
  private func caveats(of trend: Trend) -> [String] {
    let few = trend.needs.map {
      "too few nights to show a change: \($0) in a row are needed on which the same was asked"
    }
    let unknown = trend.unsearched.map(\.name).joined(separator: ", ")
    return [
      few,
      unknown.isEmpty ? nil : "not searched for changes, since unknown on some night: \(unknown)",
    ]
    .compactMap(\.self)
  }

  private func section(_ trend: Trend) -> String {
    let times = trend.nights.map { String(Format.instant($0.startedAt).prefix(16)) }
    let table = TextTable.render(
      header: ["night", "run", "n", "answered", "pass rate", "p50", "p95", "what changed"],
      rows: trend.nights.enumerated().map { index, night in
        let edits = night.edits.isEmpty ? [] : ["edited: " + night.edits.joined(separator: ", ")]
        let changes = trend.changes.filter { $0.night == index }.map(\.words)
        return [
          times[index], night.run, String(night.n), share(night.answered), share(night.passRate),
          time(night.p50), time(night.p95), (edits + changes).joined(separator: "; "),
        ]
      })
    // Below, since a cell has no room for what several changes say.
    let listed =
      zip(times, trend.nights.map(\.catalogue)).map { ("catalogue, \($0)", $1) }
      + [("catalogue, after these nights", trend.later)]
    let lines = listed.filter { !$1.isEmpty }
      .map { VisibleText.line("\($0): " + $1.map(\.words).joined(separator: ", ")) + "\n" }
    return VisibleText.line(trend.target) + "\n" + table
      + caveats(of: trend).map { VisibleText.line($0) + "\n" }.joined() + lines.joined()
  }

  private func time(_ estimate: MetricEstimate?) -> String {
    estimate.map { $0.value.text { Format.quantity($0, .seconds) } } ?? "n/a"
  }

  private func share(_ estimate: MetricEstimate?) -> String {
    estimate.map { $0.value.text { Format.quantity($0, .share) } } ?? "n/a"
  }

  /// The nights' medians from the lowest to the highest bar; `!` where the median falls among the failures.
  ///
  /// All bars span at least a fifth of the greatest median, so that chance does not look like a fall.
  static func sparkline(of trend: Trend) -> String {
    let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    let values = trend.nights.compactMap { $0.p50?.value.number }
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    let range = max(high - low, high / 5)
    return String(
      trend.nights.map { night -> Character in
        guard let bound = night.p50?.value else { return "·" }
        guard let value = bound.number else { return "!" }
        guard range > 0 else { return bars[0] }
        return bars[Int((value - low) / range * 7.999)]
      })
  }

  /// The same for programs.
  package var json: String {
    let members: JSON = [
      "suite": .string(suite),
      "targets": .array(
        trends.map { trend in
          [
            "id": .string(trend.target), "nights": .array(trend.nights.map(\.json)),
            "catalogue_since": .array(trend.later.map(\.json)),
            "nights_needed": JSON(trend.needs),
            "not_searched": .array(trend.unsearched.map { .string($0.name) }),
            "changes": .array(
              trend.changes.map { change in
                [
                  "night": .string(Format.instant(trend.nights[change.night].startedAt)),
                  "run": .string(trend.nights[change.night].run),
                  "metric": .string(change.metric.name), "size": .number(change.size),
                  "p": .number(change.p),
                ]
              }),
          ]
        }),
    ]
    return members.canonicalText + "\n"
  }
}

private extension CatalogueChange {
  /// `vanished`, `became paid (free → $0.1 / $0.1)`, `expiry (none → 2026-12-31)`.
  var words: String {
    let name = kind.rawValue.replacing("_", with: " ")
    switch kind {
    case .vanished: return name + (after.map { " (\($0))" } ?? "")
    case .renamed: return name + (after.map { " to \($0)" } ?? "")
    case .parameters:
      let parts = [before.map { "without \($0)" }, after.map { "with \($0)" }]
      return "parameters (now \(parts.compactMap(\.self).joined(separator: ", ")))"
    default:
      guard before != nil || after != nil else { return name }
      return "\(name) (\(before ?? "none") → \(after ?? "none"))"
    }
  }
}

extension Trend.Change {
  /// `latency 1.27× (p 0.005)`, `pass_rate -12.0 points (p 0.01)`.
  var words: String {
    let amount =
      metric.isClock
      ? FindingText.ratio(.value(size)) : "\(FindingText.points(size)) points"
    return "\(metric.name) \(amount) (p \(ContrastWriter.p(p)))"
  }
}

private extension Trend.Night {
  var json: JSON {
    [
      "run": .string(run), "started_at": .string(Format.instant(startedAt)), "n": JSON(n),
      "answered": JSON(answered), "pass_rate": JSON(passRate), "latency_p50_seconds": JSON(p50),
      "latency_p95_seconds": JSON(p95), "edits": .array(edits.map { .string($0) }),
      "catalogue": .array(catalogue.map(\.json)),
    ]
  }
}

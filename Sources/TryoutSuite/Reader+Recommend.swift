import TryoutCore

extension Reader {
  /// Where `eligible` names none, a target must pass all gates but warnings and those against a baseline.
  mutating func readRecommendation(_ cursor: Cursor) -> RecommendationRule? {
    guard let fields = cursor.fields(["current", "eligible", "rank_by", "fallback"]) else {
      return nil
    }
    var rule = RecommendationRule()
    rule.current = fields["current"].flatMap { targetNames.reference($0) }
    rule.eligible =
      fields["eligible"]?.distinct("a list of gates") { gateNames.reference($0) }
      ?? gates.filter { $0.severity != .warn && $0.against == nil }.map(\.id)
    let rank = fields.require("rank_by", "a list of metrics such as [pass_rate, latency.p95]")
    for name in rank?.distinct("a list of metrics", { rankingKey($0)?.name }) ?? [] {
      Metric(name).map { rule.rankBy.append($0) }
    }
    if let fallback = fields["fallback"]?.fields(["length", "differ_in"]) {
      rule.fallbackLength =
        fallback.require("length", "how many targets")?.integer(1...100) ?? 0
      let names =
        fallback["differ_in"]?.distinct("a list of upstream, family") {
          $0.choice(among: RecommendationRule.Difference.allCases.map(\.rawValue))
        } ?? []
      rule.differIn = names.compactMap(RecommendationRule.Difference.init(rawValue:))
    }
    return rule
  }

  private func rankingKey(_ cursor: Cursor) -> Metric? {
    guard let text = cursor.text("a metric"), let metric = readMetric(text, at: cursor) else {
      return nil
    }
    if case .clock(let clock, .max) = metric {
      cursor.error(
        "\(metric.name) ranks nothing, since chance alone moves it without bound",
        expected: "\(clock.rawValue), or a statistic such as \(clock.rawValue).p95"
      )
      return nil
    }
    return isMeasurable(metric, Gate.Filter(), at: cursor) ? metric : nil
  }
}

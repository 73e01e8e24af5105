package import TryoutCore
import TryoutStatistics

extension Comparison.Finding {
  /// The finding in words: `1.08× as long (1.03–1.13, n=40), slower`.
  package var sentence: String {
    let evidence: String
    switch self.evidence {
    case .ratio(let ratio):
      let ends = FindingText.range(ratio.low, ratio.high).map { "\($0), " } ?? ""
      evidence = "\(FindingText.ratio(ratio.ratio)) \(metric.asMuch) (\(ends)n=\(n))"
    case .rates(let rates, let ends):
      let change = rates.difference.map { FindingText.points($0) } ?? "n/a"
      evidence =
        "\(change) points (\(FindingText.points(ends.lowerBound)) to \(FindingText.points(ends.upperBound)), n=\(n))"
    }
    let isOpen = verdict == .undecided
    let missed = isOpen ? detectable.map { "; could have seen \($0)" } : nil
    let slight = verdict == .slight ? ": not counted" : ""
    return "\(evidence), \(conclusion)\(slight)\(missed ?? "")"
  }

  /// What follows, in words: `slower`, `slower, but by less than 5 %`, `no difference shown`.
  var conclusion: String {
    switch verdict {
    case .worse, .better: direction
    case .slight: "\(direction)\(effect.map { ", \($0.shortfall)" } ?? "")"
    case .unknown: p == nil ? "not tested" : "too few pairs (6 can show one)"
    case .undecided: "no difference shown"
    }
  }

  private var direction: String {
    isMore == metric.isBetterWhenLarger
      ? metric.isClock ? "faster" : "better" : metric.isClock ? "slower" : "worse"
  }

  /// The difference that such an experiment would have found in four of five cases.
  var detectable: String? {
    guard case .ratio(let ratio) = evidence else { return nil }
    return ratio.detectable.map { FindingText.ratio(.value($0)) }
  }
}

private extension Comparison.Effect {
  var shortfall: String {
    let amount = FindingText.share(abs(limit - 1))
    return isShort ? "but by less than \(amount)" : "but maybe by less than \(amount)"
  }
}

/// Ratios and differences as comparisons write them.
enum FindingText {
  static func ratio(_ bound: Bound) -> String {
    bound.text { value in
      // As many digits as tell it from one.
      let texts = (3...6).map { Format.significant(value, $0) }
      return (texts.first { Double($0) != 1 || value == 1 } ?? texts[0]) + "×"
    }
  }

  /// Two ends without a unit; nil where neither exists.
  static func range(_ low: Bound, _ high: Bound, _ separator: String = "–") -> String? {
    if case .unavailable = low, case .unavailable = high { return nil }
    let ends = [low, high].map { $0.text({ Format.significant($0, 3) }, unbounded: "∞") }
    return ends.joined(separator: separator)
  }

  /// A share without needless digits: `5 %`, `2.5 %`.
  static func share(_ share: Double) -> String {
    let texts = (0...2).map { Format.fixed(share * 100, $0) }
    let text = texts.first { abs((Double($0) ?? 0) - share * 100) < 1e-9 } ?? texts[1]
    return "\(text) %"
  }

  /// A difference of two shares in percentage points, with its sign.
  static func points(_ difference: Double) -> String {
    (difference > 0 ? "+" : "") + Format.fixed(difference * 100, 1)
  }
}

extension Metric {
  var isClock: Bool { if case .paired = self { true } else { false } }

  fileprivate var asMuch: String { isClock ? "as long" : "as many" }
}

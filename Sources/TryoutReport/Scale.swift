import TryoutCore

/// The unit in which an estimate and the ends of its interval are written beside each other.
struct Scale {
  private enum Style { case significant, share, money }

  private let factor: Double
  private let prefix: String
  private let suffix: String
  private let style: Style

  /// The scale that suits a value of this unit; it then serves for its interval, too.
  init(for value: Double, _ unit: Metric.Unit) {
    switch unit {
    case .seconds:
      // The borders lie where three digits would round up to the next unit.
      let (factor, suffix) =
        value >= 0.9995
        ? (1, " s") : value >= 0.000_999_5 || value == 0 ? (1e3, " ms") : (1e6, " µs")
      self.init(factor, suffix)
    case .share: self.init(100, " %", .share)
    case .tokensPerSecond: self.init(1, " tok/s")
    case .tokens: self.init(1, " tokens")
    case .usd: self.init(1, "", .money, prefix: "$")
    case .ratio: self.init(1, "×")
    }
  }

  private init(
    _ factor: Double,
    _ suffix: String,
    _ style: Style = .significant,
    prefix: String = ""
  ) {
    self.factor = factor
    self.prefix = prefix
    self.suffix = suffix
    self.style = style
  }

  func quantity(_ value: Double) -> String { prefix + number(value) + suffix }

  /// The number alone, as it stands in an interval.
  func number(_ value: Double) -> String {
    let scaled = value * factor
    switch style {
    case .significant: return Format.significant(scaled, 3)
    case .money:
      return value == 0 || value >= 1 ? Format.fixed(scaled, 2) : Format.significant(scaled, 3)
    case .share:
      // 9999 of 10,000 is not all of them.
      let isExact = value == 0 || value == 1
      let texts = (1...4).map { Format.fixed(scaled, $0) }
      return texts.first { isExact || Double($0) != 0 && Double($0) != 100 } ?? texts[3]
    }
  }
}

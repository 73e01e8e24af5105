import TryoutCore

/// Quantities as suites write them; nil wherever a text is not exactly one.
package enum Units {
  /// A decimal number; no `nan`, no hexadecimal digits.
  static func number(_ text: some StringProtocol) -> Double? {
    guard let first = text.first, first.isASCII, first.isNumber || "+-.".contains(first),
      text.allSatisfy({ "0123456789.eE+-".contains($0) }), let value = Double(String(text)),
      value.isFinite
    else { return nil }
    return value
  }

  /// A whole number with `k` and `M` for thousands and millions: `600`, `200k`, `1.5M`.
  static func count(_ text: some StringProtocol) -> Int? {
    guard let (value, unit) = amount(text) else { return nil }
    let product = unit == "k" ? value * 1e3 : unit == "M" ? value * 1e6 : value
    guard ["", "k", "M"].contains(unit), product <= 1e15 else { return nil }
    return Int(exactly: product)
  }

  /// `250ms`, `8s`, `5m`, `5min`, `2h`: at most ten years, in whole nanoseconds.
  package static func duration(_ text: some StringProtocol) -> Duration? {
    guard let (value, unit) = amount(text) else { return nil }
    let nanoseconds: Double
    switch unit {
    case "ms": nanoseconds = 1e6
    case "s": nanoseconds = 1e9
    case "m", "min": nanoseconds = 60e9
    case "h": nanoseconds = 3600e9
    default: return nil
    }
    let product = (value * nanoseconds).rounded()
    return product <= 3.2e17 ? .nanoseconds(Int64(product)) : nil
  }

  /// `1s..60s`: from the first wait to the longest.
  static func range(_ text: String) -> ClosedRange<Duration>? {
    guard let dots = text.firstRange(of: ".."), let low = duration(text[..<dots.lowerBound]),
      let high = duration(text[dots.upperBound...]), low <= high
    else { return nil }
    return low...high
  }

  /// `15/min`, `200k/min`, `1000/day`.
  static func window(_ text: String, of resource: Limit.Window.Resource) -> Limit.Window? {
    guard let (left, period) = quotient(text), let count = count(left), count > 0 else {
      return nil
    }
    return Limit.Window(resource, count, per: period)
  }

  /// Events per second: `5/s`, `0.5/s`, `90/min`; at most a billion, so that those of ten years can be counted.
  static func rate(_ text: String) -> Double? {
    guard let (left, period) = quotient(text), let (value, unit) = amount(left), unit.isEmpty,
      value > 0
    else { return nil }
    let rate = value / period.length.inSeconds
    return rate <= 1e9 ? rate : nil
  }

  /// A number between 0 and 1, or a percentage between 0 and 100.
  package static func share(_ text: some StringProtocol) -> Double? {
    let value = text.last == "%" ? number(text.dropLast()).map { $0 / 100 } : number(text)
    return value.flatMap { (0...1).contains($0) ? $0 : nil }
  }

  /// `1.10x`: head divided by base.
  static func ratio(_ text: some StringProtocol) -> Double? {
    guard let (value, unit) = amount(text), unit == "x", value > 0 else { return nil }
    return value
  }

  private static func quotient(_ text: String) -> (left: Substring, Limit.Window.Period)? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let period = Limit.Window.Period(rawValue: String(parts[1])) else {
      return nil
    }
    return (parts[0], period)
  }

  /// Splits `1.5k` into 1.5 and `k`; the number has no sign and no exponent.
  private static func amount(_ text: some StringProtocol) -> (value: Double, unit: String)? {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    guard digits.first?.isNumber == true, digits.last?.isNumber == true,
      let value = Double(String(digits)), value.isFinite
    else { return nil }
    return (value, String(text[digits.endIndex...]))
  }
}

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// How many times as much one estimate is as another, from their own intervals.
///
/// The ends of two intervals joined on the logarithm, as if the sides knew nothing of each other; where both were asked
/// the same it is wider than it need be. Source: Zou and Donner, "Construction of Confidence Limits About Effect
/// Measures: A General Approach", Statistics in Medicine 27, 2008.
package struct RatioOfEstimates: Sendable, Equatable {
  /// An estimate of something positive, with its interval.
  package struct Side: Sendable {
    let value: Bound
    let low: Bound
    let high: Bound

    package init(value: Bound, low: Bound, high: Bound) {
      self.value = value
      self.low = low
      self.high = high
    }
  }

  /// Head by base.
  package let ratio: Bound
  package let low: Bound
  package let high: Bound

  package init(base: Side, head: Side) {
    ratio = Bound.quotient(head.value, base.value)
    low = Self.end(ratio, head.value, head.low, base.value, base.high, sign: -1)
    high = Self.end(ratio, head.value, head.high, base.value, base.low, sign: 1)
  }

  /// The two-sided p against a ratio, as if the logarithm were normal with the spread that the end nearer to it tells of;
  /// nil where an end is missing.
  package func p(against ratio: Double, confidence: Double = 0.95) -> Double? {
    guard let value = self.ratio.logarithm, let end = (log(ratio) < value ? low : high).logarithm
    else { return nil }
    let error = abs(end - value) / normalQuantile((1 + confidence) / 2)
    guard error > 0, error.isFinite else { return value == log(ratio) ? 1 : 0 }
    return min(1, 2 * normalCDF(-abs(value - log(ratio)) / error))
  }

  private static func end(
    _ ratio: Bound, _ head: Bound, _ headEnd: Bound, _ base: Bound, _ baseEnd: Bound, sign: Double
  ) -> Bound {
    for bound in [headEnd, baseEnd] { if case .unavailable = bound { return bound } }
    guard let center = ratio.logarithm, let head = head.logarithm, let base = base.logarithm,
      let headEnd = headEnd.logarithm, let baseEnd = baseEnd.logarithm
    else {
      // Where the middle lies among the failures, the ends alone say how far it may reach.
      return Bound.quotient(headEnd, baseEnd)
    }
    let (own, other) = (headEnd - head, baseEnd - base)
    return .value(exp(center + sign * (own * own + other * other).squareRoot()))
  }
}

private extension Bound {
  /// Nil where there is no positive number.
  var logarithm: Double? {
    if case .value(let value) = self, value > 0 { log(value) } else { nil }
  }

  /// Failures rank above everything: unbounded by a number is unbounded, and the other way round 0.
  static func quotient(_ head: Bound, _ base: Bound) -> Bound {
    switch (head, base) {
    case (.unavailable, _): head
    case (_, .unavailable), (.unbounded, .unbounded): .unavailable(needs: 1)
    case (.unbounded, _): .unbounded
    case (.value, .unbounded): .value(0)
    case (.value(let head), .value(let base)):
      base > 0 ? .value(head / base) : head > 0 ? .unbounded : .unavailable(needs: 1)
    }
  }
}

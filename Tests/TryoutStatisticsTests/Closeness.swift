import TryoutStatistics

/// Whether a number agrees with a reference to so many parts of it; near zero, to so much itself.
func isClose(_ actual: Double, _ expected: Double, within tolerance: Double = 1e-12) -> Bool {
  abs(actual - expected) <= tolerance * max(abs(expected), 1e-3)
}

/// Whether both ends agree.
func isClose(
  _ actual: ClosedRange<Double>?,
  _ expected: ClosedRange<Double>,
  within tolerance: Double = 1e-12
) -> Bool {
  guard let actual else { return false }
  return isClose(actual.lowerBound, expected.lowerBound, within: tolerance)
    && isClose(actual.upperBound, expected.upperBound, within: tolerance)
}

/// Whether a bound is the number, or unavailable where there is none.
func isClose(_ actual: Bound, _ expected: Double?, orNeeds needs: Int = 1) -> Bool {
  guard let expected else { return actual == .unavailable(needs: needs) }
  guard let number = actual.number else { return false }
  return isClose(number, expected)
}

extension Bound {
  /// The number, if it is one.
  var number: Double? {
    if case .value(let number) = self { number } else { nil }
  }
}

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

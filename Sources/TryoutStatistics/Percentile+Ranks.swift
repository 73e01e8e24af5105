/// Which ends an interval is meant to have.
package enum Sidedness: Sendable {
  /// Both, each with half of the allowed error.
  case twoSided
  /// A lower bound alone; nothing is claimed about the other direction.
  case lower
  /// An upper bound alone; nothing is claimed about the other direction.
  case upper
}

/// The ranks of the order statistics that enclose a quantile, whatever the distribution.
package struct ConfidenceRanks: Sendable, Equatable {
  /// The 1-based rank of the lower end; nil when not asked for, or when n is too small for one.
  package let low: Int?
  /// The 1-based rank of the upper end; nil when not asked for, or when n is too small for one.
  package let high: Int?
  /// The confidence that these ranks reach, at least the one asked for; a missing end costs none.
  package let confidence: Double
}

/// How many values lie below a quantile is Bin(n, p), whatever the distribution of the values: that
/// gives its interval. Source: David and Nagaraja, "Order Statistics", 3rd ed. 2003, section 7.1;
/// the same ranks as `scipy.stats.quantile_test`.
extension Percentile {
  /// The narrowest pair of ranks that leaves at most half of 1 − confidence on each side.
  ///
  /// With F the distribution function of Bin(n, p) and a = 1 − confidence: the largest l with
  /// F(l−1) ≤ a/2 and the smallest u with F(u−1) ≥ 1 − a/2. One-sided bounds spend all of a.
  package func confidenceRanks(
    of count: Int,
    confidence: Double,
    sides: Sidedness = .twoSided
  ) -> ConfidenceRanks {
    let tail = Self.tail(confidence, sides)
    let p = fraction
    var (low, high) = (0, count + 1)
    if sides != .upper {
      low =
        partitionPoint(in: 1..<count + 1) {
          !isWithin(binomialCDF($0 - 1, of: count, probability: p), tail)
        } - 1
    }
    if sides != .lower {
      high = partitionPoint(in: 1..<count + 1) {
        isWithin(binomialUpperTail($0, of: count, probability: p), tail)
      }
    }
    let missed =
      binomialCDF(low - 1, of: count, probability: p)
      + binomialUpperTail(high, of: count, probability: p)
    return ConfidenceRanks(
      low: low > 0 ? low : nil,
      high: high <= count ? high : nil,
      confidence: 1 - missed
    )
  }

  /// The smallest n at which the bound exists; both bounds, when two-sided.
  ///
  /// The upper bound needs pⁿ ≤ a, the lower one (1−p)ⁿ ≤ a; a/2 each when two-sided.
  package func minimumCount(confidence: Double, sides: Sidedness = .twoSided) -> Int {
    let tail = Self.tail(confidence, sides)
    return switch sides {
    case .twoSided: max(minimumCountBelow(tail: tail), minimumCountAbove(tail: tail))
    case .lower: minimumCountBelow(tail: tail)
    case .upper: minimumCountAbove(tail: tail)
    }
  }

  /// The smallest n at which an order statistic lies below the quantile with probability 1 − tail.
  func minimumCountBelow(tail: Double) -> Int {
    smallestCount { isWithin(binomialCDF(0, of: $0, probability: fraction), tail) }
  }

  /// The smallest n at which an order statistic lies above the quantile with probability 1 − tail.
  func minimumCountAbove(tail: Double) -> Int {
    smallestCount { isWithin(binomialUpperTail($0, of: $0, probability: fraction), tail) }
  }

  /// What the confidence leaves to each side that has a bound.
  static func tail(_ confidence: Double, _ sides: Sidedness) -> Double {
    precondition(confidence > 0 && confidence < 1, "a confidence lies between 0 and 1")
    return sides == .twoSided ? (1 - confidence) / 2 : 1 - confidence
  }
}

/// Whether a probability is at most the one allowed; equality must survive rounding, since 1 − 0.9
/// is less than 0.1 in doubles.
func isWithin(_ probability: Double, _ allowed: Double) -> Bool {
  probability <= allowed * (1 + 1e-12)
}

/// The first position from which a condition holds that, once true, stays true; else the end.
func partitionPoint(in range: Range<Int>, where holds: (Int) -> Bool) -> Int {
  var (low, high) = (range.lowerBound, range.upperBound)
  while low < high {
    let middle = low + (high - low) / 2
    if holds(middle) { high = middle } else { low = middle + 1 }
  }
  return low
}

/// The smallest positive count that suffices, when every larger one does too.
func smallestCount(where suffices: (Int) -> Bool) -> Int {
  var high = 1
  while !suffices(high) { high *= 2 }
  return partitionPoint(in: high / 2 + 1..<high, where: suffices)
}

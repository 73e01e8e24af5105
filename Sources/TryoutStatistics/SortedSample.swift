/// Finite values in ascending order, for the quantiles that other programs print.
///
/// What the tool itself reports is the nearest rank over all attempts, failures included: see
/// `CensoredSample`. These are for cross-checks and for smooth curves over the successes.
package struct SortedSample: Sendable, Equatable {
  /// The values, the smallest first.
  package let values: [Double]

  /// Sorts once; values must be finite.
  package init(_ values: [Double]) {
    precondition(values.allSatisfy(\.isFinite), "a measured value is finite")
    self.values = values.sorted()
  }

  /// The nine definitions of Hyndman and Fan, "Sample Quantiles in Statistical Packages", The
  /// American Statistician 50, 1996, by their numbers.
  package enum Definition: Int, Sendable, CaseIterable {
    /// The nearest rank: always an observed value.
    case nearestRank = 1
    /// The nearest rank, averaged where the distribution function has a step; SAS's default.
    case averagedRank = 2
    /// The observation nearest to np, the even one of two.
    case nearestEven = 3
    /// Interpolates the distribution function itself.
    case interpolated = 4
    /// Interpolates between the middles of its steps, as hydrologists do.
    case hazen = 5
    /// p of n + 1, as in Minitab and SPSS.
    case weibull = 6
    /// p of n − 1: numpy, R, Excel and k6.
    case linear = 7
    /// About unbiased for the median of the quantile, whatever the distribution.
    case medianUnbiased = 8
    /// About unbiased for normal values.
    case normalUnbiased = 9

    /// a and b of the position a + p(n + 1 − a − b); nil for those that do not interpolate.
    fileprivate var plotting: (a: Double, b: Double)? {
      switch self {
      case .nearestRank, .averagedRank, .nearestEven: nil
      case .interpolated: (0, 1)
      case .hazen: (0.5, 0.5)
      case .weibull: (0, 0)
      case .linear: (1, 1)
      case .medianUnbiased: (1.0 / 3, 1.0 / 3)
      case .normalUnbiased: (3.0 / 8, 3.0 / 8)
      }
    }
  }

  /// A quantile by one of the nine definitions; nil without values.
  ///
  /// Those that jump from rank to rank use whole numbers, so that none is one too high by rounding.
  package func quantile(_ percentile: Percentile, by definition: Definition) -> Double? {
    guard !values.isEmpty else { return nil }
    if let (a, b) = definition.plotting {
      return value(atRank: a + percentile.fraction * (Double(values.count) + 1 - a - b))
    }
    let rank = percentile.rank(of: values.count)
    let (above, below) = (percentile.numerator * values.count, percentile.denominator)
    switch definition {
    case .averagedRank where above.isMultiple(of: below) && rank < values.count:
      return midpoint(values[rank - 1], values[rank])
    case .nearestEven:
      // The floor of np − ½ is the rank, if it is even and exact; else the next one is.
      let doubled = 2 * above - below
      let floor = doubled >= 0 ? doubled / (2 * below) : -1
      let isExactAndEven = doubled == floor * 2 * below && floor.isMultiple(of: 2)
      return values[min(max(isExactAndEven ? floor : floor + 1, 1), values.count) - 1]
    default:
      return values[rank - 1]
    }
  }

  /// The mean of all order statistics, weighted by where the quantile probably lies; nil without
  /// values.
  ///
  /// Smooth in p and in the values, but one outlier moves it: for curves, never the headline.
  /// Source: Harrell and Davis, "A New Distribution-Free Quantile Estimator", Biometrika 69, 1982.
  package func harrellDavis(_ percentile: Percentile) -> Double? {
    guard !values.isEmpty else { return nil }
    let n = Double(values.count)
    let (a, b) = (percentile.fraction * (n + 1), (1 - percentile.fraction) * (n + 1))
    func cumulated(_ rank: Int) -> Double { regularizedIncompleteBeta(Double(rank) / n, a, b) }
    // Of a million values only some thousands have a weight that a double can tell from zero.
    let first = partitionPoint(in: 1..<values.count) { cumulated($0) > 1e-18 }
    let last = partitionPoint(in: first..<values.count) { cumulated($0) > 1 - 1e-16 }
    var sum = CompensatedSum()
    var before = 0.0
    for rank in first...last {
      let upTo = rank == last ? 1 : cumulated(rank)
      sum.add((upTo - before) * values[rank - 1])
      before = upTo
    }
    return sum.value
  }

  /// Between the order statistics beside a 1-based rank; the first or the last beyond the ends.
  private func value(atRank rank: Double) -> Double {
    let held = min(max(rank, 1), Double(values.count))
    let lower = Int(held)
    let upper = min(lower + 1, values.count)
    return values[lower - 1] + (held - Double(lower)) * (values[upper - 1] - values[lower - 1])
  }

  /// Type 7 at a probability that is no percentile, such as an end that a bootstrap computes.
  func linearQuantile(_ p: Double) -> Double {
    value(atRank: 1 + p * Double(values.count - 1))
  }
}

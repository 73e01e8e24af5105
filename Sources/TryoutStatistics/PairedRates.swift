/// Shares of the same trials on both sides, each between 0 and 1: passed or not, or how many of a question's repeats
/// did.
///
/// Both sides' shares may be means over different numbers of repeats; what is compared is their difference, trial by
/// trial. Two trials are made up, a quarter of each kind that there is, so that trials that all agree still leave room
/// for chance. Source: Agresti and Min, "Simple Improved Confidence Intervals for Comparing Matched Proportions",
/// Statistics in Medicine 24, 2005; for ratios solved for the ratio, after Fieller, "Some Problems in Interval
/// Estimation", JRSS B 16, 1954.
package struct PairedRates: Sendable, Equatable {
  /// One trial on both sides.
  package struct Pair: Sendable, Equatable {
    package let base: Double
    package let head: Double

    /// Shares lie between 0 and 1.
    package init(base: Double, head: Double) {
      precondition((0...1).contains(base) && (0...1).contains(head), "a share lies in 0...1")
      self.base = base
      self.head = head
    }
  }

  /// How many trials there are.
  package let n: Int
  /// Trials in which head did better, and worse.
  package let better: Int
  package let worse: Int
  /// Whether every share is 0 or 1.
  package let isBinary: Bool
  private let sums: Sums

  /// The sums that every estimate is made of, so that nothing has to be kept of the trials.
  private struct Sums: Sendable, Equatable {
    var base = 0.0
    var head = 0.0
    var squaredBase = 0.0
    var squaredHead = 0.0
    var products = 0.0
  }

  package init(of pairs: [Pair]) {
    n = pairs.count
    better = pairs.count { $0.head > $0.base }
    worse = pairs.count { $0.head < $0.base }
    isBinary = pairs.allSatisfy { [$0.base, $0.head].allSatisfy { $0 == 0 || $0 == 1 } }
    sums = Sums(
      base: pairs.map(\.base).sum, head: pairs.map(\.head).sum,
      squaredBase: pairs.map { $0.base * $0.base }.sum,
      squaredHead: pairs.map { $0.head * $0.head }.sum,
      products: pairs.map { $0.base * $0.head }.sum)
  }

  /// Base's mean share; nil without trials.
  package var base: Double? { n > 0 ? sums.base / Double(n) : nil }

  /// Head's mean share; nil without trials.
  package var head: Double? { n > 0 ? sums.head / Double(n) : nil }

  /// Head's share less base's; nil without trials.
  package var difference: Double? { n > 0 ? (sums.head - sums.base) / Double(n) : nil }

  /// The interval of the difference.
  package func interval(confidence: Double = 0.95) -> ClosedRange<Double> {
    let (mean, error) = moments(ratio: 1)
    let reach = normalQuantile((1 + confidence) / 2) * error
    return max(-1, mean - reach)...min(1, mean + reach)
  }

  /// The two-sided p against head's share being so many times base's.
  ///
  /// Against 1, and where every trial either succeeded or not, it is McNemar's mid-p.
  package func p(against ratio: Double = 1) -> Double {
    if isBinary, ratio == 1 {
      return PairedProportions(
        both: 0, onlyHead: better, onlyBase: worse, neither: n - better - worse
      )
      .midP
    }
    return min(1, 2 * normalCDF(-abs(z(ratio))))
  }

  /// Head's share by base's: unbounded where base never succeeded and head did, and unavailable where neither did.
  package var ratio: Bound {
    if sums.base > 0 { return .value(sums.head / sums.base) }
    return sums.head > 0 ? .unbounded : .unavailable(needs: 1)
  }

  /// The interval of the ratio: those that the trials do not contradict.
  package func ratioInterval(confidence: Double = 0.95) -> (low: Bound, high: Bound) {
    let limit = normalQuantile((1 + confidence) / 2)
    // Where the made-up trials' mean is zero; the evidence for a larger and for a smaller ratio grows from here.
    let middle = (sums.head + 1) / (sums.base + 1)
    let low = z(0) <= limit ? 0 : root(of: { z($0) - limit }, between: 0, and: middle)
    let most = 1e6
    guard z(most) < -limit else { return (.value(low), .unbounded) }
    return (.value(low), .value(root(of: { z($0) + limit }, between: middle, and: most)))
  }

  private func z(_ ratio: Double) -> Double {
    let (mean, error) = moments(ratio: ratio)
    return error > 0 ? mean / error : 0
  }

  /// The mean of head − ratio · base with the made-up trials, and its standard error.
  private func moments(ratio: Double) -> (mean: Double, error: Double) {
    let count = Double(n) + 2
    let mean = (sums.head - ratio * sums.base + 1 - ratio) / count
    let made = (1 + ratio * ratio + (1 - ratio) * (1 - ratio)) / 2
    let squares =
      sums.squaredHead - 2 * ratio * sums.products + ratio * ratio * sums.squaredBase + made
    return (mean, (max(0, squares / count - mean * mean) / count).squareRoot())
  }
}

/// Where a function that falls crosses zero, by halving.
private func root(of function: (Double) -> Double, between low: Double, and high: Double) -> Double
{
  var (low, high) = (low, high)
  for _ in 0..<100 {
    let middle = low + (high - low) / 2
    if function(middle) > 0 { low = middle } else { high = middle }
  }
  return low + (high - low) / 2
}

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// How many times as much head takes as base, from pairs that were asked the same.
///
/// For what is positive and better when smaller: times, tokens, costs. The estimate is exp of the
/// median of all averages of two log ratios; the interval comes from Wilcoxon's test turned round,
/// so it leaves out 1 where the test finds a difference. Both hold for log ratios that spread
/// evenly around their middle, whatever the shape.
///
/// Failures rank above every success. Where only head failed, its ratio is larger than any number;
/// where only base failed, smaller than any; the two cancel each other. Where both failed nothing
/// was compared, and the pair is counted but takes no part: to call it "equal" would let failures
/// prove that nothing has changed.
///
/// Source: Hodges and Lehmann, "Estimates of Location Based on Rank Tests", Annals of Mathematical
/// Statistics 34, 1963.
package struct PairedComparison: Sendable, Equatable, Codable {
  /// The pairs that take part: all in which at least one side succeeded.
  package let n: Int
  /// Pairs that take part although head failed.
  package let onlyHeadFailed: Int
  /// Pairs that take part although base failed.
  package let onlyBaseFailed: Int
  /// Pairs that are left out.
  package let bothFailed: Int
  /// Head by base, so that 1.1 means a tenth more; unbounded, or 0, where failures decide it.
  package let ratio: Bound
  /// The interval's lower end; 0 where the rank falls among the failures of base.
  package let low: Bound
  /// The interval's upper end; unbounded where the rank falls among the failures of head.
  package let high: Bound
  /// The confidence that the interval reaches, not less than asked for; a missing end costs none.
  package let confidence: Double
  /// The two-sided p of Wilcoxon's signed-rank test against the ratio that was asked about, which is
  /// 1 unless another was; 1 without pairs.
  package let p: Double
  /// The smallest ratio above 1 that would be seen with a power of 0.8 at the spread and number of
  /// the pairs without a failure; nil where these are fewer than ten, or their ratios all equal.
  package let detectable: Double?

  /// Compares in O(n log n).
  package init(of pairs: [Pair], confidence: Double = 0.95, against ratio: Double = 1) {
    let logRatios = pairs.compactMap(\.logRatio)
    self.init(
      ofLogRatios: logRatios, bothFailed: pairs.count - logRatios.count, confidence: confidence,
      against: ratio)
  }

  /// Compares ln(head / base) of each pair, infinite where one side failed; the ratio that the p is
  /// about must be positive.
  package init(
    ofLogRatios unsorted: [Double], bothFailed: Int, confidence: Double = 0.95,
    against null: Double = 1
  ) {
    precondition(null > 0 && null.isFinite, "a ratio is positive and finite")
    let logRatios = unsorted.sorted()
    let answered = logRatios.filter(\.isFinite)
    n = logRatios.count
    onlyHeadFailed = logRatios.count { $0 == .infinity }
    onlyBaseFailed = logRatios.count { $0 == -.infinity }
    self.bothFailed = bothFailed
    let shift = log(null)
    p = SignedRank(of: null == 1 ? logRatios : logRatios.map { $0 - shift }).p

    let tail = Percentile.tail(confidence, .twoSided)
    let needs = SignedRank.fewest(confidence: confidence)
    let averages = PairwiseTable(walshAveragesOf: logRatios)
    ratio = n > 0 ? Bound(exponential: averages.median) : .unavailable(needs: 1)
    if let (rank, missed) = SignedRank.confidenceRank(of: n, tail: tail) {
      low = Bound(exponential: averages[rank: rank])
      high = Bound(exponential: averages[rank: averages.count + 1 - rank])
      self.confidence = 1 - missed
    } else {
      low = .unavailable(needs: needs)
      high = .unavailable(needs: needs)
      self.confidence = 1
    }
    // Equal ratios have a spread of zero, which rounding would hide.
    if let spread = answered.standardDeviation, answered.first != answered.last {
      detectable = PairedDesign(spread: spread, confidence: confidence)
        .ratio(detectableWith: answered.count)
    } else {
      detectable = nil
    }
  }
}

extension PairedComparison {
  /// What the same question took on both sides; nil where it failed.
  package struct Pair: Sendable, Equatable {
    /// What it took in the run that is compared with.
    package let base: Double?
    /// What it took in the run that is judged.
    package let head: Double?

    /// Values must be positive and finite, for which the caller answers: they come from a clock or
    /// a counter.
    package init(base: Double?, head: Double?) {
      for value in [base, head].compactMap(\.self) {
        precondition(value > 0 && value.isFinite, "a ratio needs positive, finite numbers")
      }
      self.base = base
      self.head = head
    }

    /// ln(head / base), infinite where one failed; nil where both did.
    var logRatio: Double? {
      switch (base, head) {
      case (nil, nil): nil
      case (nil, _): -.infinity
      case (_, nil): .infinity
      // The same number with the other sign when base and head change places.
      case (let base?, let head?): head >= base ? log(head / base) : -log(base / head)
      }
    }
  }
}

extension PairedComparison {
  /// The middle of ln(head / base) over every choice of one repeat on either side, of one question that each side was
  /// asked several times; nil where all failed.
  ///
  /// A failure is longer than every success, and as long as another failure. With as many repeats on both sides it is
  /// as likely above zero as below where nothing differs, however the times are distributed. Source: Hodges and
  /// Lehmann, as above.
  package static func logRatio(ofRepeats base: [Double?], head: [Double?]) -> Double? {
    let sides = [base, head].map { side in side.map { $0.map { log($0) } ?? .infinity }.sorted() }
    guard !base.isEmpty, !head.isEmpty, sides.contains(where: { $0[0].isFinite }) else {
      return nil
    }
    return PairwiseTable(differencesOf: sides[1], sides[0]).median
  }
}

extension PairwiseTable {
  /// The averages of each value with itself and every other: Walsh averages.
  init(walshAveragesOf sorted: [Double]) {
    self.init(rows: sorted.count, columns: sorted.count, isTriangular: true) { row, column in
      midpoint(sorted[row], sorted[column])
    }
  }
}

extension Bound {
  /// exp of a log ratio: unbounded at plus infinity.
  init(exponential logarithm: Double) {
    self = logarithm == .infinity ? .unbounded : .value(exp(logarithm))
  }
}

extension Collection<Double> {
  /// √(Σ(x − mean)² / (n − 1)); nil with fewer than two values.
  package var standardDeviation: Double? {
    guard count > 1, let mean else { return nil }
    var squares = CompensatedSum()
    for value in self { squares.add((value - mean) * (value - mean)) }
    return (squares.value / Double(count - 1)).squareRoot()
  }
}

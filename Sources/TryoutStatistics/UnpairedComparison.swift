#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// How many times as much head takes as base, from samples that nothing pairs.
///
/// For what is positive and better when smaller. The estimate is exp of the median of the
/// differences of all couples of logarithms, the interval comes from Mann and Whitney's test turned
/// round. Failures rank above every success, two of them as equal. Holds for logarithms whose
/// distributions differ by a shift. Source: Hodges and Lehmann, "Estimates of Location Based on Rank
/// Tests", Annals of Mathematical Statistics 34, 1963.
package struct UnpairedComparison: Sendable, Equatable, Codable {
  /// How many were asked of base, failures included.
  package let baseCount: Int
  /// How many were asked of head, failures included.
  package let headCount: Int
  /// Head by base, so that 1.1 means a tenth more; unbounded, or 0, where failures decide it.
  package let ratio: Bound
  /// The interval's lower end; 0 where the rank falls among the failures of base.
  package let low: Bound
  /// The interval's upper end; unbounded where the rank falls among the failures of head.
  package let high: Bound
  /// The confidence that the interval reaches, not less than asked for; a missing end costs none.
  package let confidence: Double
  /// The two-sided p of Mann and Whitney's test; 1 where a side is empty.
  package let p: Double
  /// The chance that head takes more than base in a couple drawn at random; nil where a side is
  /// empty.
  package let superiority: Double?

  /// Compares in O(n log n); values must be positive.
  package init(base: CensoredSample, head: CensoredSample, confidence: Double = 0.95) {
    let (base, head) = (base.logarithms, head.logarithms)
    baseCount = base.count
    headCount = head.count
    let test = RankSum(head, base)
    p = test.p
    superiority = test.superiority
    let tail = Percentile.tail(confidence, .twoSided)
    let differences = PairwiseTable(differencesOf: head, base)
    ratio =
      differences.count > 0 ? Bound(exponential: differences.median) : .unavailable(needs: 1)
    if let (rank, missed) = RankSum.confidenceRank(head.count, base.count, tail: tail) {
      low = Bound(exponential: differences[rank: rank])
      high = Bound(exponential: differences[rank: differences.count + 1 - rank])
      self.confidence = 1 - missed
    } else {
      // As many on either side: what the smallest equal samples need.
      let needs = smallestCount { RankSum.confidenceRank($0, $0, tail: tail) != nil }
      low = .unavailable(needs: needs)
      high = .unavailable(needs: needs)
      self.confidence = 1
    }
  }
}

extension PairwiseTable {
  /// All x − y for two ascending samples; zero where both are infinite.
  init(differencesOf x: [Double], _ y: [Double]) {
    self.init(rows: x.count, columns: y.count, isTriangular: false) { row, column in
      let difference = x[row] - y[y.count - 1 - column]
      return difference.isNaN ? 0 : difference
    }
  }
}

extension CensoredSample {
  /// Ascending; a failure's is infinite.
  fileprivate var logarithms: [Double] {
    precondition((min ?? 1) > 0, "a ratio needs positive numbers")
    return successes.map { log($0) } + repeatElement(.infinity, count: failures)
  }
}

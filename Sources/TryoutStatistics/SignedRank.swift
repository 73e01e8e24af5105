/// Wilcoxon's signed-rank test, which asks whether differences lie as far above zero as below.
///
/// Differences of zero say nothing about a direction and are left out. Infinite ones rank above
/// every finite one. Source: Wilcoxon, "Individual Comparisons by Ranking Methods", Biometrics
/// Bulletin 1, 1945.
package struct SignedRank: Sendable, Equatable {
  /// How many differences are not zero.
  package let n: Int
  /// How many are zero.
  package let zeros: Int
  /// The sum of the ranks of those above zero, equal sizes sharing their mean rank.
  package let above: Double
  /// The sum of the ranks of those below zero.
  package let below: Double
  /// Twice the rank of each, which is a whole number also where sizes are equal.
  private let doubledRanks: [Int]

  /// The largest n for which the exact distribution is counted out, in some n³ steps.
  package static let exactLimit = 100

  /// Takes differences, which must not be NaN.
  package init(of differences: [Double]) {
    precondition(!differences.contains(where: \.isNaN), "a difference is a number")
    let others = differences.filter { $0 != 0 }.sorted { abs($0) < abs($1) }
    n = others.count
    zeros = differences.count - others.count
    doubledRanks = others.map { abs($0) }.doubledMeanRanks
    let positive = zip(others, doubledRanks).reduce(0) { $0 + ($1.0 > 0 ? $1.1 : 0) }
    above = Double(positive) / 2
    below = Double(n * (n + 1) - positive) / 2
  }

  /// The two-sided p: how often chance alone gives rank sums that lie as far apart.
  ///
  /// Exact up to `exactLimit`, ties included: given the ranks, each sign is a toss of a coin. The
  /// normal approximation, which many programs turn to where there are ties, claims p = 0.042 for
  /// five differences of one sign with a tie among them; the truth is 2/2⁵ = 0.0625.
  package var p: Double {
    guard n <= Self.exactLimit else { return normalP() }
    let chances = signedRankChances(of: doubledRanks)
    let smaller = Int(2 * min(above, below))
    return min(1, 2 * chances[...smaller].reduce(0, +))
  }

  /// The two-sided p by the normal approximation, its variance corrected for ties.
  ///
  /// The continuity correction counts half a step less of difference; scipy's default has none.
  /// Source: Hollander, Wolfe and Chicken, "Nonparametric Statistical Methods", 3rd ed. 2014, 3.1.
  package func normalP(continuity: Bool = true) -> Double {
    guard n > 0 else { return 1 }
    // Σ rank² / 4, which is n(n+1)(2n+1)/24 less the usual Σ(t³−t)/48 of ties.
    let variance = doubledRanks.reduce(0.0) { $0 + Double($1) * Double($1) } / 16
    let distance = abs(above - below) / 2 - (continuity ? 0.5 : 0)
    return min(1, 2 * normalCDF(-max(0, distance) / variance.squareRoot()))
  }

  /// The smallest n at which differences of one sign show anything: 2 · 2⁻ⁿ ≤ 1 − confidence.
  package static func fewest(confidence: Double) -> Int {
    let tail = Percentile.tail(confidence, .twoSided)
    return smallestCount { isWithin(binomialPMF(0, of: $0, probability: 0.5), tail) }
  }

  /// The rank, from either end, of the averages of pairs that enclose the middle of symmetrically
  /// distributed differences; the missed probability is that of both sides.
  ///
  /// The largest k with P(W < k) ≤ tail under Wilcoxon's null distribution of n values without
  /// ties; nil when n is too small, that is when 2⁻ⁿ > tail. Source: Hollander, Wolfe and
  /// Chicken, section 3.3.
  static func confidenceRank(of n: Int, tail: Double) -> (rank: Int, missed: Double)? {
    guard n <= exactLimit else {
      let size = Double(n)
      let mean = size * (size + 1) / 4
      let spread = (mean * (2 * size + 1) / 6).squareRoot()
      // P(W ≤ k−1) by the normal approximation with its continuity correction.
      func missed(_ rank: Int) -> Double { normalCDF((Double(rank) - 0.5 - mean) / spread) }
      let rank = partitionPoint(in: 1..<Int(mean)) { !isWithin(missed($0), tail) } - 1
      return rank > 0 ? (rank, 2 * missed(rank)) : nil
    }
    var (rank, below) = (0, 0.0)
    for chance in signedRankChances(of: 1..<n + 1) {
      guard isWithin(below + chance, tail) else { break }
      rank += 1
      below += chance
    }
    return rank > 0 ? (rank, 2 * below) : nil
  }
}

/// The probability of each sum of positive ranks, if every rank has either sign with chance ½.
private func signedRankChances(of ranks: some Sequence<Int>) -> [Double] {
  var chances = [1.0]
  for rank in ranks {
    var next = [Double](repeating: 0, count: chances.count + rank)
    for (sum, chance) in chances.enumerated() {
      next[sum] += chance / 2
      next[sum + rank] += chance / 2
    }
    chances = next
  }
  return chances
}

extension Array<Double> {
  /// Twice the 1-based rank of each in a sorted array, equal ones sharing their mean rank.
  var doubledMeanRanks: [Int] {
    var ranks: [Int] = []
    ranks.reserveCapacity(count)
    while ranks.count < count {
      let first = ranks.count
      let end = self[first...].firstIndex { $0 != self[first] } ?? count
      ranks += repeatElement(first + end + 1, count: end - first)
    }
    return ranks
  }
}

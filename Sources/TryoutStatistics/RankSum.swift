/// Mann and Whitney's test, which asks whether the values of one sample lie above those of another.
///
/// For samples that nothing pairs; where the same was asked of both, pairs see far more. Infinite
/// values rank above every finite one. Source: Mann and Whitney, "On a Test of Whether One of Two
/// Random Variables Is Stochastically Larger than the Other", Annals of Mathematical Statistics
/// 18, 1947.
package struct RankSum: Sendable, Equatable {
  /// How many values the first sample has.
  package let first: Int
  /// How many values the second has.
  package let second: Int
  /// U: in how many couples the first sample's value is the larger one; equal ones count half.
  package let u: Double
  /// Twice the rank of each among all, ascending.
  private let doubledRanks: [Int]

  /// The largest number of values, both samples together, whose distribution is counted out.
  package static let exactLimit = 50

  /// Values must not be NaN.
  package init(_ first: [Double], _ second: [Double]) {
    precondition(!(first + second).contains(where: \.isNaN), "a value is a number")
    self.first = first.count
    self.second = second.count
    let all = (first.map { ($0, true) } + second.map { ($0, false) }).sorted { $0.0 < $1.0 }
    doubledRanks = all.map(\.0).doubledMeanRanks
    let sum = zip(all, doubledRanks).reduce(0) { $0 + ($1.0.1 ? $1.1 : 0) }
    u = Double(sum - first.count * (first.count + 1)) / 2
  }

  /// The chance that a value of the first sample is the larger one of a couple; nil without any.
  ///
  /// Source: Vargha and Delaney, "A Critique and Improvement of the CL Common Language Effect Size
  /// Statistics", Journal of Educational and Behavioral Statistics 25, 2000 (their A₁₂).
  package var superiority: Double? {
    first > 0 && second > 0 ? u / Double(first * second) : nil
  }

  /// The two-sided p, exact up to `exactLimit` with ties included, else by the normal distribution.
  package var p: Double {
    guard first + second <= Self.exactLimit else { return normalP() }
    let chances = rankSumChances(choosing: first, of: doubledRanks)
    // Ties make the distribution lopsided: what counts is the distance from its mean.
    let mean = first * (first + second + 1)
    let distance = abs(Int(2 * u) + first * (first + 1) - mean)
    let farther = chances.indices.filter { abs($0 - mean) >= distance }
    return min(1, farther.reduce(0) { $0 + chances[$1] })
  }

  /// The two-sided p by the normal approximation, corrected for ties and for continuity.
  ///
  /// Source: Hollander, Wolfe and Chicken, "Nonparametric Statistical Methods", 3rd ed. 2014, 4.1.
  package func normalP() -> Double {
    let (m, n) = (Double(first), Double(second))
    let mean = (m + n + 1) / 2
    // The variance of the ranks, in which ties show by themselves.
    let squares = doubledRanks.reduce(0.0) {
      $0 + (Double($1) / 2 - mean) * (Double($1) / 2 - mean)
    }
    let variance = m * n / ((m + n) * (m + n - 1)) * squares
    guard variance > 0 else { return 1 }
    let distance = max(0, abs(u - m * n / 2) - 0.5)
    return min(1, 2 * normalCDF(-distance / variance.squareRoot()))
  }

  /// The rank, from either end, of the differences of all couples that enclose the shift between
  /// two distributions of one shape; the missed probability is that of both sides.
  ///
  /// The largest k with P(U < k) ≤ tail for samples without ties; nil when they are too small.
  /// Source: Moses, in Walker and Lev, "Statistical Inference", 1953; Hollander, Wolfe and
  /// Chicken, section 4.3.
  static func confidenceRank(
    _ first: Int,
    _ second: Int,
    tail: Double
  ) -> (rank: Int, missed: Double)? {
    guard first + second <= exactLimit else {
      let (m, n) = (Double(first), Double(second))
      let spread = (m * n * (m + n + 1) / 12).squareRoot()
      func missed(_ rank: Int) -> Double {
        normalCDF((Double(rank) - 0.5 - m * n / 2) / spread)
      }
      let rank = partitionPoint(in: 1..<first * second / 2 + 1) { !isWithin(missed($0), tail) } - 1
      return rank > 0 ? (rank, 2 * missed(rank)) : nil
    }
    var (rank, below) = (0, 0.0)
    let chances = rankSumChances(choosing: first, of: Array(1..<first + second + 1))
    for chance in chances.dropFirst(first * (first + 1) / 2) {
      guard isWithin(below + chance, tail) else { break }
      rank += 1
      below += chance
    }
    return rank > 0 ? (rank, 2 * below) : nil
  }
}

/// The probability of each sum of so many ranks, if every choice of them is equally likely.
private func rankSumChances(choosing size: Int, of ranks: [Int]) -> [Double] {
  let largest = ranks.suffix(size).reduce(0, +)
  // chances[k][s]: that of the ranks so far k were chosen, with sum s.
  var chances = [[Double]](repeating: [Double](repeating: 0, count: largest + 1), count: size + 1)
  chances[0][0] = 1
  for (seen, rank) in ranks.enumerated() {
    let left = Double(ranks.count - seen)
    for chosen in stride(from: min(seen, size), through: 0, by: -1) {
      let share = Double(size - chosen) / left
      for sum in 0...largest where chances[chosen][sum] > 0 {
        if share > 0, sum + rank <= largest {
          chances[chosen + 1][sum + rank] += chances[chosen][sum] * share
        }
        chances[chosen][sum] *= 1 - share
      }
    }
  }
  return chances[size]
}

/// The permutation test of paired differences: each may as well have had the other sign.
///
/// Its statistic is the mean, so that it weighs sizes where Wilcoxon's test weighs ranks: a
/// cross-check for few pairs. Source: Fisher, "The Design of Experiments", 1935, section 21.
package struct SignFlip: Sendable, Equatable {
  /// How many differences there are.
  package let n: Int
  /// The two-sided p: how often signs tossed by a coin give a mean as far from zero.
  package let p: Double
  /// Whether all 2ⁿ choices of signs were tried; else some were drawn.
  package let isExact: Bool

  /// The largest n at which all choices are tried.
  package static let exactLimit = 14

  /// Draws `permutations` choices where n is above the limit; the same seed gives the same p.
  ///
  /// The differences themselves count as one draw: p = (r + 1) / (draws + 1) is never 0. Source:
  /// Phipson and Smyth, "Permutation P-values Should Never Be Zero", Statistical Applications in
  /// Genetics and Molecular Biology 9, 2010.
  package init(of differences: [Double], permutations: Int = 9999, seed: UInt64) {
    precondition(differences.allSatisfy(\.isFinite), "a difference is finite")
    precondition(permutations > 0, "nothing to draw")
    n = differences.count
    isExact = n <= Self.exactLimit
    // Sums that differ by rounding alone are equal.
    let size = abs(differences.reduce(0, +)) * (1 - 1e-12)
    func isAsFar(_ isFlipped: (Int) -> Bool) -> Bool {
      abs(differences.indices.reduce(0) { $0 + (isFlipped($1) ? -1 : 1) * differences[$1] }) >= size
    }
    if isExact {
      let choices = 1 << n
      let extreme = (0..<choices).count { choice in isAsFar { choice >> $0 & 1 == 1 } }
      p = Double(extreme) / Double(choices)
    } else {
      var generator = SplitMix64(seed: seed)
      let extreme = (0..<permutations).count { _ in
        let signs = differences.map { _ in generator.index(below: 2) == 1 }
        return isAsFar { signs[$0] }
      }
      p = Double(extreme + 1) / Double(permutations + 1)
    }
  }
}

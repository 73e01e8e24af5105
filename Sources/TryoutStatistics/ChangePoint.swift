/// Where a series changed its distribution, found without knowing how it is distributed.
///
/// Source: Matteson and James, "A Nonparametric Approach for Multiple Change Point Analysis of
/// Multivariate Data", JASA 109, 2014 (E-divisive, exponent 1).
package struct ChangePoint: Sendable, Equatable {
  /// The 0-based position of the first value after the change.
  package let index: Int
  /// The energy distance between before and after, scaled by their sizes, in the values' unit.
  package let distance: Double
  /// How often a shuffled series shows a distance as large, itself included: never 0.
  package let p: Double

  /// The most likely change of a series; nil where it is too short to have one.
  ///
  /// Values must be finite and in order of time; `shortest` is how many must lie on either side.
  /// Takes time in n² for each arrangement looked at.
  ///
  /// All arrangements are looked at where these are few, and p is exact. Else so many are drawn, at least 10 000 unless the
  /// series is very long, and p = (r + 1) / (draws + 1). Drawing ends early once so many are as extreme that this p
  /// must exceed `significance`: the verdict is that of all draws, and p is what r of fewer draws is worth, r / draws,
  /// which keeps the error rate too. Source: Besag and Clifford, "Sequential Monte Carlo p-values", Biometrika 78, 1991.
  package static func strongest(
    in series: [Double],
    significance: Double = 1,
    shortest: Int = 3,
    permutations: Int? = nil,
    seed: UInt64
  ) -> ChangePoint? {
    precondition(series.allSatisfy(\.isFinite), "a measured value is finite")
    precondition(shortest > 0, "a side has values")
    var search = DivisionSearch(of: series.count, shortest: shortest)
    guard let change = search.strongest(in: series) else { return nil }
    // Sums that differ by rounding alone are equal.
    let bar = change.distance - abs(change.distance) * 1e-9
    func isExtreme(_ series: [Double]) -> Bool {
      search.strongest(in: series, enough: bar).map { $0.distance >= bar } ?? false
    }
    let p: Double
    if let all = Arrangements(of: series, atMost: work / (series.count * series.count)) {
      p = all.share(sortedFirst: shortest, where: isExtreme)
    } else {
      let most = permutations ?? draws(of: series.count, significance)
      precondition(most > 0, "a test has draws")
      let enough = Int(min(1, significance) * Double(most + 1)) + 1
      var generator = SplitMix64(seed: seed)
      var (drawn, extreme) = (0, 0)
      while drawn < most, extreme < enough {
        var shuffled = series
        generator.shuffle(&shuffled)
        drawn += 1
        if isExtreme(shuffled) { extreme += 1 }
      }
      p =
        extreme < enough
        ? Double(extreme + 1) / Double(drawn + 1) : Double(extreme) / Double(drawn)
    }
    return ChangePoint(index: change.index, distance: change.distance, p: p)
  }

  /// All changes, in order of time: divides at the strongest one for as long as its p allows.
  ///
  /// A part is tested with its share of the significance, by its length, so that a series without any change shows one no
  /// more often than that, and likewise what lies between true changes; `p` is adjusted for it and never below that of
  /// the change which made the part. What happened in the last `shortest` − 1 values cannot be seen yet. Source:
  /// Meinshausen, "Hierarchical Testing of Variable Importance", Biometrika 95, 2008.
  package static func all(
    in series: [Double],
    significance: Double = 0.05,
    shortest: Int = 3,
    seed: UInt64
  ) -> [ChangePoint] {
    var found: [ChangePoint] = []
    var parts = [(range: series.indices, p: 0.0)]
    while let (part, parent) = parts.popLast() {
      let share = Double(part.count) / Double(max(series.count, 1))
      // Quotients that differ by rounding alone are equal.
      let level = significance * share * (1 + 1e-9)
      guard leastP(of: part.count) <= level,
        let change = strongest(
          in: Array(series[part]), significance: level, shortest: shortest, seed: seed),
        change.p <= level
      else { continue }
      let index = part.lowerBound + change.index
      let p = max(parent, change.p / share)
      found.append(ChangePoint(index: index, distance: change.distance, p: p))
      parts += [(part.lowerBound..<index, p), (index..<part.upperBound, p)]
    }
    return found.sorted { $0.index < $1.index }
  }

  /// The smallest p that a lasting change can have in so many values: however clear it is, 2 of all choices of those after
  /// it are as clear, itself and its mirror image.
  ///
  /// That of a change in the middle, where it is smallest.
  package static func leastP(of count: Int) -> Double {
    guard count > 1 else { return 1 }
    let after = count / 2
    let choices = (1...after).reduce(1.0) { product, taken in
      product * Double(count - after + taken) / Double(taken)
    }
    return 2 / choices
  }

  /// Pairs of values that a test may look at before it is made coarser.
  private static let work = 100_000_000

  private static func draws(of count: Int, _ significance: Double) -> Int {
    // The p of a change at the border is known to a third or better.
    let fine = Int((10 / max(significance, 1e-6)).rounded(.up))
    return max(fine, min(9_999, max(999, work / (count * count))))
  }
}

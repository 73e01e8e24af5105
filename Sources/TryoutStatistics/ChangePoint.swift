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
  /// Takes time and memory in n², once for each of `permutations` and once more.
  package static func strongest(
    in series: [Double],
    shortest: Int = 3,
    permutations: Int = 199,
    seed: UInt64
  ) -> ChangePoint? {
    precondition(series.allSatisfy(\.isFinite), "a measured value is finite")
    precondition(shortest > 0 && permutations > 0, "a side has values, and a test has draws")
    guard let change = Division(of: series, shortest: shortest) else { return nil }
    var generator = SplitMix64(seed: seed)
    let extreme = (0..<permutations).count { _ in
      var shuffled = series
      generator.shuffle(&shuffled)
      let distance = Division(of: shuffled, shortest: shortest)?.distance ?? 0
      // Sums that differ by rounding alone are equal.
      return distance >= change.distance * (1 - 1e-9)
    }
    return ChangePoint(
      index: change.index,
      distance: change.distance,
      p: Double(extreme + 1) / Double(permutations + 1)
    )
  }

  /// All changes, in order of time: divides at the strongest one for as long as its p allows.
  ///
  /// Each part is tested anew with the same seed. What happened in the last `shortest` − 1 values
  /// cannot be seen yet.
  package static func all(
    in series: [Double],
    significance: Double = 0.05,
    shortest: Int = 3,
    permutations: Int = 199,
    seed: UInt64
  ) -> [ChangePoint] {
    var found: [ChangePoint] = []
    var parts = [series.indices]
    while let part = parts.popLast() {
      guard
        let change = strongest(
          in: Array(series[part]), shortest: shortest, permutations: permutations, seed: seed),
        change.p <= significance
      else { continue }
      let index = part.lowerBound + change.index
      found.append(ChangePoint(index: index, distance: change.distance, p: change.p))
      parts += [part.lowerBound..<index, index..<part.upperBound]
    }
    return found.sorted { $0.index < $1.index }
  }
}

/// The division of a series into X, Y and a rest that sets X and Y furthest apart.
///
/// The rest lets a change be seen that is undone later. With m and n values in X and Y:
/// Q = 2/(m+n) Σ|x−y| − 2n/((m+n)(m−1)) Σ|xᵢ−xₖ| − 2m/((m+n)(n−1)) Σ|yⱼ−yₖ|.
private struct Division {
  let index: Int
  let distance: Double

  init?(of series: [Double], shortest: Int) {
    let count = series.count
    guard count >= 2 * shortest else { return nil }
    // sums[k][i]: from value k to each of the first i.
    let sums = series.map { value in
      series.reduce(into: [0.0]) { $0.append(($0.last ?? 0) + abs($1 - value)) }
    }
    var best = (index: 0, distance: -Double.infinity)
    var withinX = 0.0
    for split in 1..<count {
      withinX += sums[split - 1][split - 1]
      guard split >= shortest else { continue }
      var (between, withinY) = (0.0, 0.0)
      for end in split + 1..<count + 1 {
        let toX = sums[end - 1][split]
        between += toX
        withinY += sums[end - 1][end - 1] - toX
        guard end - split >= shortest else { continue }
        let (m, n) = (Double(split), Double(end - split))
        var distance = between
        if split > 1 { distance -= n / (m - 1) * withinX }
        if end - split > 1 { distance -= m / (n - 1) * withinY }
        distance *= 2 / (m + n)
        if distance > best.distance { best = (split, distance) }
      }
    }
    (index, distance) = best
  }
}

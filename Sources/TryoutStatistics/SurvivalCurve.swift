/// The share of durations that exceed each time, when some were only seen to be longer than theirs.
///
/// For durations that were cut off at different times, by a user or a spent quota. Where all were
/// cut off at one limit, `CensoredSample` says the same and gives an interval too. What cut them off
/// must have nothing to do with how long they would have been. Source: Kaplan and Meier,
/// "Nonparametric Estimation from Incomplete Observations", JASA 53, 1958.
package struct SurvivalCurve: Sendable, Equatable {
  /// How many durations there are, cut off or not.
  package let n: Int
  /// The ends, ascending, and what share of all durations is longer than each.
  package let steps: [Step]

  /// A duration at which at least one ended.
  package struct Step: Sendable, Equatable {
    /// In the unit of the durations.
    package let time: Double
    /// The estimated share of durations that are longer.
    package let share: Double
  }

  /// Takes finite durations: those seen to their end, and those cut off after so long.
  package init(ended: [Double], cutOff: [Double]) {
    precondition((ended + cutOff).allSatisfy(\.isFinite), "a duration is finite")
    n = ended.count + cutOff.count
    let (ends, cuts) = (ended.sorted(), cutOff.sorted())
    var steps: [Step] = []
    var (share, seen, gone) = (1.0, 0, 0)
    while seen < ends.count {
      let time = ends[seen]
      // One that was cut off at this very time was still there.
      while gone < cuts.count, cuts[gone] < time { gone += 1 }
      let remaining = n - seen - gone
      let next = ends[seen...].firstIndex { $0 > time } ?? ends.count
      share *= Double(remaining - (next - seen)) / Double(remaining)
      steps.append(Step(time: time, share: share))
      seen = next
    }
    self.steps = steps
  }

  /// The shortest time that no more than 1 − p of the durations exceed; unbounded where the curve
  /// ends above that.
  package func quantile(_ percentile: Percentile) -> Bound {
    guard n > 0 else { return .unavailable(needs: 1) }
    let left = Double(percentile.denominator - percentile.numerator)
    // The product of many quotients is not exact; without any cut off the rank decides.
    let allowed = left / Double(percentile.denominator) + 1e-12
    return steps.first { $0.share <= allowed }.map { .value($0.time) } ?? .unbounded
  }
}

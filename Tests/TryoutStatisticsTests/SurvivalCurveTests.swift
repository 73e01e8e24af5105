import Testing
import TryoutStatistics

struct SurvivalCurveTests {
  static let curve = SurvivalCurve(ended: [1, 2, 3, 4, 6, 7, 8], cutOff: [2, 5, 9])

  /// By hand: the curve falls to 0.9, 0.8, 0.69, 0.57, 0.43, 0.29 and 0.14.
  @Test(arguments: [
    ("p25", 3.0), ("p50", 6), ("p75", 8), ("p90", nil), ("p95", nil),
  ])
  func quantilesMatch(label: String, expected: Double?) throws {
    let percentile = try #require(Percentile(label: label))
    #expect(Self.curve.quantile(percentile) == expected.map { .value($0) } ?? .unbounded)
  }

  @Test func sharesMatch() {
    let expected = [0.9, 0.8, 0.8 * 6 / 7, 0.8 * 5 / 7, 0.6 * 5 / 7, 0.4 * 5 / 7, 0.2 * 5 / 7]
    #expect(Self.curve.steps.map(\.time) == [1, 2, 3, 4, 6, 7, 8])
    for (step, share) in zip(Self.curve.steps, expected) { #expect(isClose(step.share, share)) }
  }

  /// With one limit for all it must say what the ranks say.
  @Test func oneLimitGivesTheNearestRank() {
    var generator = SplitMix64(seed: 8)
    for n in [1, 10, 20, 59, 100, 1000] {
      let times = (0..<n).map { _ in (generator.unit() * 50).rounded() }
      let (ended, cutOff) = (times.filter { $0 < 47 }, times.filter { $0 >= 47 })
      let curve = SurvivalCurve(
        ended: ended, cutOff: [Double](repeating: 47, count: cutOff.count))
      let sample = CensoredSample(successes: ended, failures: cutOff.count)
      for percentile in [Percentile.p50, .p90, .p95, .p99] {
        #expect(curve.quantile(percentile) == sample.quantile(percentile).value)
      }
    }
  }

  @Test func nothingHasNoCurve() {
    #expect(SurvivalCurve(ended: [], cutOff: []).quantile(.p50) == .unavailable(needs: 1))
    #expect(SurvivalCurve(ended: [], cutOff: [3]).quantile(.p50) == .unbounded)
  }
}

import Testing
import TryoutStatistics

struct HolmTests {
  /// By hand, and as `p.adjust` of R gives them.
  // swift-format-ignore
  static let references: [(p: [Double], adjusted: [Double])] = [
    ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),
    ([0.0125, 0.02, 0.5, 0.9, 0.0001], [0.05, 0.06, 1, 1, 0.0005]),
    ([0.2], [0.2]),
    ([0.05, 0.05, 0.05], [0.15, 0.15, 0.15]),
    ([], []),
  ]

  @Test(arguments: references)
  func matches(reference: (p: [Double], adjusted: [Double])) {
    let adjusted = holmAdjusted(reference.p)
    #expect(adjusted.count == reference.adjusted.count)
    for (value, expected) in zip(adjusted, reference.adjusted) { #expect(isClose(value, expected)) }
  }
}

import Testing
import TryoutStatistics

/// What a p is worth after several looks.
struct RepeatedPTests {
  @Test(arguments: SequentialDesign.Shape.allCases, [1, 3, 6])
  func theLimitIsWorthTheLevel(shape: SequentialDesign.Shape, looks: Int) throws {
    let design = SequentialDesign(looks: looks, shape: shape)
    for look in 1...looks {
      let earlier = [Double?](repeating: nil, count: look - 1)
      let p = try #require(design.repeatedP(of: earlier + [design.level(at: look)]))
      #expect(abs(p - 0.05) < 0.0005)
    }
  }

  @Test func theBestLookCounts() {
    let design = SequentialDesign(looks: 4, shape: .pocock)
    #expect(design.repeatedP(of: [0.5, 0.001, 0.9]) == design.repeatedP(of: [0.001]))
    #expect(design.repeatedP(of: [nil, nil]) == nil)
    #expect(design.repeatedP(of: [1]) == 1)
  }

  @Test func itNeverFallsBelowTheSinglePAndNeverExceedsAllLooksTogether() throws {
    let design = SequentialDesign(looks: 6, shape: .pocock)
    for single in [1e-12, 1e-6, 1e-4, 0.001, 0.01, 0.1, 0.5] {
      let p = try #require(design.repeatedP(of: [single]))
      #expect(p >= single && p <= 6 * single * 1.000001)
    }
  }

  /// Lan and Wittes: with a trend that would end exactly at the limit the chance is one half.
  @Test func theConditionalPowerOfATrendTowardsTheLimitIsOneHalf() {
    let design = SequentialDesign(looks: 4, shape: .pocock)
    let z = design.finalCriticalValue * (0.5).squareRoot()
    #expect(abs(design.conditionalPower(of: 2 * normalCDF(-z), at: 2) - 0.5) < 1e-9)
    #expect(design.conditionalPower(of: 1, at: 3) < 1e-5)
    #expect(design.conditionalPower(of: 1e-9, at: 1) > 0.99)
  }
}

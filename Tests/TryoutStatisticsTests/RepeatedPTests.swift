import Foundation
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

  /// Spiegelhalter, Freedman and Blackburn: conditional power, averaged over the trends that the score leaves possible.
  @Test(arguments: [(0.5, 1), (1.0, 2), (-0.5, 3), (2.2, 5)])
  func thePredictivePowerIsTheMeanOfConditionalPowers(z: Double, look: Int) {
    let design = SequentialDesign(looks: 6, shape: .pocock)
    let share = Double(look) / 6
    let (rest, root) = ((1 - share).squareRoot(), share.squareRoot())
    let step = 0.001
    let mean = stride(from: -8, through: 8, by: step).reduce(0.0) { sum, deviate in
      let trend = (z + deviate) / root
      let power = normalCDF(
        (root * z + trend * (1 - share) - design.finalCriticalValue) / rest)
      return sum + power * exp(-deviate * deviate / 2) / (2 * .pi).squareRoot() * step
    }
    #expect(abs(design.predictivePower(of: z, at: look) - mean) < 1e-5)
  }

  @Test func littleIsForetoldEarlyAndAllAtTheEnd() {
    let design = SequentialDesign(looks: 6, shape: .pocock)
    #expect(design.predictivePower(of: 0, at: 1) > 0.1)
    #expect(design.predictivePower(of: 0, at: 5) < 1e-5)
    #expect(design.predictivePower(of: design.finalCriticalValue - 1e-9, at: 6) == 0)
    #expect(design.predictivePower(of: design.finalCriticalValue, at: 6) == 1)
  }
}

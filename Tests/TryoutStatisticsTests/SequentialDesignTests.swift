import Testing
import TryoutStatistics

struct SequentialDesignTests {
  /// At a two-sided 5 %: tables 2.1 and 2.3 of Jennison and Turnbull, to the decimals printed.
  // swift-format-ignore
  static let references: [(looks: Int, pocock: Double, obrienFleming: Double)] = [
    (1, 1.960, 1.960),
    (2, 2.178, 1.977),
    (3, 2.289, 2.004),
    (4, 2.361, 2.024),
    (5, 2.413, 2.040),
  ]

  @Test(arguments: references)
  func limitsMatch(reference: (looks: Int, pocock: Double, obrienFleming: Double)) {
    let pocock = SequentialDesign(looks: reference.looks, shape: .pocock)
    let strict = SequentialDesign(looks: reference.looks, shape: .obrienFleming)
    #expect(abs(pocock.finalCriticalValue - reference.pocock) <= 0.0005)
    #expect(abs(strict.finalCriticalValue - reference.obrienFleming) <= 0.0005)
  }

  @Test func pocockIsTheSameAtEveryLookAndOBrienFlemingLoosens() {
    let pocock = SequentialDesign(looks: 4, shape: .pocock)
    #expect(pocock.criticalValue(at: 1) == pocock.criticalValue(at: 4))
    let strict = SequentialDesign(looks: 4, shape: .obrienFleming)
    #expect(isClose(strict.criticalValue(at: 1), 2 * strict.finalCriticalValue))
    #expect(strict.level(at: 1) < 0.0001 && strict.level(at: 4) > 0.04)
  }

  @Test func oneLookIsTheUsualTest() {
    for shape in SequentialDesign.Shape.allCases {
      #expect(abs(SequentialDesign(looks: 1, shape: shape).level(at: 1) - 0.05) < 1e-8)
    }
  }
}

import Testing
import TryoutStatistics

struct SignFlipTests {
  /// From `scipy.stats.permutation_test` 1.17.1, type "samples", of all choices.
  @Test(arguments: [
    (ReferencePairs.tenPairs, 0.00390625), (.sixOneWay, 0.03125), (.fiveOneWay, 0.0625),
  ])
  func exactPMatches(pairs: ReferencePairs, p: Double) {
    let test = SignFlip(of: pairs.differences, seed: 1)
    #expect(test.isExact)
    #expect(isClose(test.p, p))
  }

  @Test func drawnPAgreesWithWilcoxonAndIsRepeatable() {
    let differences = ReferencePairs.zerosAndTies.differences
    let test = SignFlip(of: differences, seed: 9)
    #expect(!test.isExact)
    // The mean is hardly further out than the ranks: 0.014 by the one, 0.009 by the t test.
    #expect(test.p > 0.002 && test.p < 0.03)
    #expect(test == SignFlip(of: differences, seed: 9))
    #expect(test != SignFlip(of: differences, seed: 10))
  }

  @Test func aDrawnPIsNeverZero() {
    let test = SignFlip(of: [Double](repeating: 1, count: 40), permutations: 99, seed: 2)
    #expect(test.p == 0.01)
  }

  @Test func differencesOfNothingDifferInNothing() {
    #expect(SignFlip(of: [], seed: 1).p == 1)
    #expect(SignFlip(of: [0, 0, 0], seed: 1).p == 1)
  }
}

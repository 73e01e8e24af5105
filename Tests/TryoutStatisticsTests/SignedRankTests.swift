import Testing

@testable import TryoutStatistics

struct SignedRankTests {
  @Test(arguments: ReferencePairs.allCases)
  func matches(pairs: ReferencePairs) {
    let test = SignedRank(of: pairs.differences)
    let expected = pairs.rankTest
    #expect(test.zeros == expected.zeros)
    #expect(test.n == pairs.head.count - expected.zeros)
    #expect(test.above == expected.above)
    #expect(test.below == expected.below)
    #expect(isClose(test.normalP(continuity: false), expected.normal, within: 1e-10))
    #expect(isClose(test.normalP(), expected.normalContinuity, within: 1e-10))
    if let exact = expected.exact { #expect(isClose(test.p, exact, within: 1e-10)) }
  }

  @Test(arguments: 1...12)
  func smallestPHalvesWithEachDifference(n: Int) {
    let test = SignedRank(of: (1...n).map(Double.init))
    #expect(isClose(test.p, n == 1 ? 1 : 2 / Double(1 << n)))
  }

  @Test func tiesAreCountedOut() {
    // All 2ⁿ choices of signs of these sizes, by hand of a loop that knows no recurrence.
    let differences = [1.0, 1, -2, 2, 2, 5, -5, 7, 7]
    let ranks = [1.5, 1.5, 4, 4, 4, 6.5, 6.5, 8.5, 8.5]
    let total = ranks.reduce(0, +)
    let below = 4 + 6.5
    let extreme = (0..<(1 << ranks.count)).count { signs in
      let sum = ranks.indices.reduce(0.0) { signs >> $1 & 1 == 1 ? $0 + ranks[$1] : $0 }
      return min(sum, total - sum) <= below
    }
    #expect(SignedRank(of: differences).p == Double(extreme) / Double(1 << ranks.count))
  }

  @Test func fiveOfOneSignProveNothingWithOrWithoutTies() {
    #expect(SignedRank(of: [1, 2, 3, 4, 5]).p == 0.0625)
    #expect(SignedRank(of: [1, 2, 3, 3, 5]).p == 0.0625)
  }

  @Test func infiniteDifferencesRankHighest() {
    let test = SignedRank(of: [.infinity, 1, -2, -.infinity, .infinity])
    #expect(test.above == 4 + 1 + 4)
    #expect(test.below == 2 + 4)
  }

  @Test func zerosAloneDifferInNothing() {
    #expect(SignedRank(of: [0, 0]).p == 1)
    #expect(SignedRank(of: []).p == 1)
    #expect(SignedRank(of: []).normalP() == 1)
  }

  @Test func approximationTakesOverSmoothly() throws {
    let exact = try #require(SignedRank.confidenceRank(of: 100, tail: 0.025))
    let approximate = try #require(SignedRank.confidenceRank(of: 101, tail: 0.025))
    // From 100 to 101 the mean grows by 50.5 and the spread by 4.4.
    #expect((40...44).contains(approximate.rank - exact.rank))
    var differences = (1...100).map { Double($0) * ($0 % 5 < 2 ? -1 : 1) }
    let before = SignedRank(of: differences)
    #expect(abs(before.p - before.normalP()) < 0.02 * before.p)
    differences.append(0.5)
    #expect(abs(SignedRank(of: differences).p - before.p) < 0.05 * before.p)
  }
}

import Testing

@testable import TryoutStatistics

struct RankSumTests {
  @Test(arguments: ReferenceUnpaired.allCases)
  func matches(samples: ReferenceUnpaired) throws {
    let test = RankSum(samples.x, samples.y)
    let expected = samples.expected
    #expect(test.u == expected.u)
    #expect(isClose(test.normalP(), expected.normal, within: 1e-10))
    #expect(isClose(try #require(test.superiority), expected.superiority))
    if let exact = expected.exact { #expect(isClose(test.p, exact, within: 1e-10)) }
    let shift = PairwiseTable(differencesOf: samples.x.sorted(), samples.y.sorted()).median
    #expect(isClose(shift, expected.shift))
  }

  @Test func tiesAreCountedOut() {
    let (x, y) = ([1.0, 2, 2, 5], [2.0, 5, 5, 7, 7])
    let ranks = [1.0, 3, 3, 3, 6, 6, 6, 8.5, 8.5]
    let observed = 1.0 + 3 + 3 + 6
    let middle = 4.0 * 10 / 2
    var (choices, extreme) = (0, 0)
    for choice in 0..<(1 << 9) where choice.nonzeroBitCount == 4 {
      let sum = ranks.indices.reduce(0.0) { choice >> $1 & 1 == 1 ? $0 + ranks[$1] : $0 }
      choices += 1
      extreme += abs(sum - middle) >= abs(observed - middle) ? 1 : 0
    }
    let test = RankSum(x, y)
    #expect(isClose(test.p, Double(extreme) / Double(choices)))
    #expect(test.u == observed - 10)
  }

  @Test func approximationTakesOverSmoothly() throws {
    var generator = SplitMix64(seed: 3)
    let x = (0..<25).map { _ in generator.normal() + 0.5 }
    let y = (0..<25).map { _ in generator.normal() }
    let test = RankSum(x, y)
    #expect(abs(test.p - test.normalP()) < 0.03 * test.p)
    let exact = try #require(RankSum.confidenceRank(25, 25, tail: 0.025))
    let approximate = try #require(RankSum.confidenceRank(25, 26, tail: 0.025))
    // From 25 to 26 the mean grows by 12.5 and the spread by 1.7.
    #expect((8...11).contains(approximate.rank - exact.rank))
  }

  @Test func nothingIsAsLargeAsAnything() {
    #expect(RankSum([], [1]).p == 1)
    #expect(RankSum([], [1]).superiority == nil)
    #expect(RankSum([2, 2], [2, 2]).p == 1)
    #expect(RankSum([2, 2], [2, 2]).superiority == 0.5)
  }
}

struct UnpairedComparisonTests {
  private func sample(_ values: [Double], failures: Int = 0) -> CensoredSample {
    CensoredSample(successes: values, failures: failures)
  }

  @Test func fourAndFourAreTheFewestThatShowADifference() {
    let (x, y) = (ReferenceUnpaired.fourAndFour.x, ReferenceUnpaired.fourAndFour.y)
    let comparison = UnpairedComparison(base: sample(x), head: sample(y))
    #expect(isClose(comparison.low, 5.0 / 4))
    #expect(isClose(comparison.high, 8))
    #expect(isClose(comparison.confidence, 1 - 2.0 / 70))
    #expect(comparison.superiority == 1)
    let fewer = UnpairedComparison(base: sample([1, 2, 3]), head: sample([5, 6, 7]))
    #expect(fewer.low == .unavailable(needs: 4))
    #expect(fewer.confidence == 1)
  }

  @Test func swappingSidesGivesTheReciprocal() throws {
    let (x, y) = (sample(ReferenceUnpaired.noTies.x), sample(ReferenceUnpaired.noTies.y))
    let there = UnpairedComparison(base: x, head: y)
    let back = UnpairedComparison(base: y, head: x)
    #expect(isClose(there.p, back.p))
    #expect(isClose(try #require(there.ratio.number), 1 / (try #require(back.ratio.number))))
    #expect(isClose(try #require(there.low.number), 1 / (try #require(back.high.number))))
  }

  @Test func failuresRankAboveEverySuccess() {
    let values = (1...20).map { 100 + Double($0) }
    let some = UnpairedComparison(base: sample(values), head: sample(values, failures: 5))
    #expect((some.superiority ?? 0) > 0.5)
    let most = UnpairedComparison(base: sample(values), head: sample([101], failures: 9))
    #expect(most.ratio == .unbounded)
    #expect(most.low == .unbounded)
    #expect(most.p < 0.001)
    let all = UnpairedComparison(base: sample([], failures: 9), head: sample([], failures: 9))
    #expect(all.ratio == .value(1))
    #expect(all.p == 1)
  }

  @Test func nothingIsNotCompared() {
    let comparison = UnpairedComparison(base: sample([1, 2]), head: sample([]))
    #expect(comparison.ratio == .unavailable(needs: 1))
    #expect(comparison.superiority == nil)
  }
}

import Testing

@testable import TryoutStatistics

struct PairedComparisonTests {
  typealias Pair = PairedComparison.Pair

  @Test(arguments: ReferencePairs.allCases)
  func ratiosMatch(pairs: ReferencePairs) {
    let comparison = PairedComparison(of: zip(pairs.base, pairs.head).map(Pair.init))
    let expected = pairs.ratio
    #expect(comparison.n == pairs.head.count)
    #expect(isClose(comparison.ratio, expected.estimate))
    #expect(isClose(comparison.low, expected.low, orNeeds: 6))
    #expect(isClose(comparison.high, expected.high, orNeeds: 6))
    #expect(isClose(comparison.confidence, expected.confidence))
  }

  @Test(arguments: ReferencePairs.allCases)
  func differencesMatch(pairs: ReferencePairs) {
    let differences = pairs.differences.sorted()
    let averages = PairwiseTable(walshAveragesOf: differences)
    let expected = pairs.difference
    #expect(isClose(averages.median, expected.estimate))
    let ends = SignedRank.confidenceRank(of: differences.count, tail: 0.025)
    #expect((ends == nil) == (expected.low == nil))
    if let (rank, missed) = ends, let low = expected.low, let high = expected.high {
      #expect(isClose(averages[rank: rank], low))
      #expect(isClose(averages[rank: averages.count + 1 - rank], high))
      #expect(isClose(1 - missed, expected.confidence))
    }
  }

  @Test func swappingSidesGivesTheReciprocal() throws {
    let there = PairedComparison(
      of: zip(ReferencePairs.noDifference.base, ReferencePairs.noDifference.head).map(Pair.init))
    let back = PairedComparison(
      of: zip(ReferencePairs.noDifference.head, ReferencePairs.noDifference.base).map(Pair.init))
    #expect(there.p == back.p)
    #expect(there.detectable == back.detectable)
    #expect(isClose(try #require(there.low.number), 1 / (try #require(back.high.number))))
    #expect(isClose(try #require(there.ratio.number), 1 / (try #require(back.ratio.number))))
  }

  @Test func intervalLeavesOutZeroExactlyWhereTheTestFindsADifference() throws {
    var generator = SplitMix64(seed: 5)
    var seen = [true: 0, false: 0]
    for n in [6, 7, 10, 23, 60, 100, 101, 140] {
      for _ in 0..<40 {
        let shift = 4 * generator.unit() / Double(n).squareRoot()
        let differences = (0..<n).map { _ in generator.normal() + shift }
        let differs = SignedRank(of: differences).p <= 0.05
        let ends = try #require(SignedRank.confidenceRank(of: n, tail: 0.025))
        let averages = PairwiseTable(walshAveragesOf: differences.sorted())
        let excluded =
          averages[rank: ends.rank] > 0 || averages[rank: averages.count + 1 - ends.rank] < 0
        #expect(differs == excluded)
        seen[differs, default: 0] += 1
      }
    }
    #expect(seen[true, default: 0] > 30 && seen[false, default: 0] > 30)
  }

  @Test func failuresOfHeadPushTheRatioUp() {
    let steady = (1...20).map { Pair(base: 100, head: 100 + Double($0) - 10.5) }
    let without = PairedComparison(of: steady)
    let failing = [Pair](repeating: Pair(base: 100, head: nil), count: 4)
    let with = PairedComparison(of: steady + failing)
    #expect(with.n == 24)
    #expect(with.onlyHeadFailed == 4)
    #expect(isAbove(with.ratio, without.ratio))
    #expect(isAbove(with.high, without.high))
    #expect(with.p < without.p)
    #expect(with.detectable == without.detectable)
  }

  @Test func failuresAloneDecideWhereTheyAreMany() {
    let pairs =
      [Pair](repeating: Pair(base: 100, head: nil), count: 8) + [Pair(base: 100, head: 99)]
    let comparison = PairedComparison(of: pairs)
    #expect(comparison.ratio == .unbounded)
    #expect(comparison.high == .unbounded)
    #expect(comparison.p < 0.05)
    let mirrored = PairedComparison(of: pairs.map { Pair(base: $0.head, head: $0.base) })
    #expect(mirrored.ratio == .value(0))
    #expect(mirrored.low == .value(0))
    #expect(mirrored.p == comparison.p)
  }

  @Test func failuresOnBothSidesCancel() {
    let failures = [Pair(base: nil, head: 1), Pair(base: 1, head: nil)]
    let comparison = PairedComparison(
      of: failures + failures + failures + [Pair(base: 100, head: 100)])
    #expect(comparison.ratio == .value(1))
    #expect(comparison.low == .value(0))
    #expect(comparison.high == .unbounded)
    #expect(comparison.p == 1)
  }

  @Test func pairsWithoutAnyAnswerTakeNoPart() {
    let pairs = zip(ReferencePairs.tenPairs.base, ReferencePairs.tenPairs.head).map(Pair.init)
    let silent = [Pair](repeating: Pair(base: nil, head: nil), count: 3)
    let comparison = PairedComparison(of: pairs + silent)
    #expect(comparison.bothFailed == 3)
    #expect(comparison.n == 10)
    #expect(comparison.ratio == PairedComparison(of: pairs).ratio)
    let nothing = PairedComparison(of: silent)
    #expect(nothing.n == 0)
    #expect(nothing.ratio == .unavailable(needs: 1))
    #expect(nothing.low == .unavailable(needs: 6))
    #expect(nothing.p == 1)
    #expect(nothing.detectable == nil)
  }

  @Test func whatCouldHaveBeenSeenShrinksWithTheRootOfN() throws {
    let pairs = zip(ReferencePairs.noDifference.base, ReferencePairs.noDifference.head)
      .map(Pair.init)
    let once = try #require(PairedComparison(of: pairs).detectable)
    #expect(once > 1.05 && once < 1.1)
    let fourTimes = try #require(PairedComparison(of: pairs + pairs + pairs + pairs).detectable)
    #expect(fourTimes < 1 + (once - 1) * 0.51)
    #expect(PairedComparison(of: Array(pairs[..<9])).detectable == nil)
    let equal = [Pair](repeating: Pair(base: 2, head: 3), count: 10)
    #expect(PairedComparison(of: equal).detectable == nil)
  }

  @Test func manyPairsAgreeWithASortedListOfAllAverages() {
    var generator = SplitMix64(seed: 11)
    for n in [1, 2, 3, 50, 257] {
      // Coarse values, so that ties abound.
      let values = (0..<n).map { _ in (generator.normal() * 8).rounded() / 8 }.sorted()
      var all: [Double] = []
      for (i, first) in values.enumerated() { all += values[i...].map { (first + $0) / 2 } }
      all.sort()
      let table = PairwiseTable(walshAveragesOf: values)
      #expect(table.count == all.count)
      for rank in stride(from: 1, through: all.count, by: max(1, all.count / 50)) {
        #expect(table[rank: rank] == all[rank - 1])
      }
    }
  }
}

/// Whether one bound lies above another, infinity above all.
private func isAbove(_ bound: Bound, _ other: Bound) -> Bool {
  switch (bound, other) {
  case (.value(let value), .value(let otherValue)): value > otherValue
  case (.unbounded, .value): true
  default: false
  }
}

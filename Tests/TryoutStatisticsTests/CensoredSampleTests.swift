import Foundation
import Testing
import TryoutStatistics

struct CensoredSampleTests {
  @Test(arguments: ReferenceQuantile.all)
  func quantilesMatch(reference: ReferenceQuantile) {
    let sample = CensoredSample(successes: reference.sample.values, failures: 0)
    let percentile = reference.percentile
    func needs(_ sides: Sidedness, confidence: Double) -> Bound {
      .unavailable(needs: percentile.minimumCount(confidence: confidence, sides: sides))
    }

    let estimate = sample.quantile(percentile)
    #expect(percentile.rank(of: sample.count) == reference.rank)
    #expect(estimate.percentile == percentile)
    #expect(estimate.n == sample.count)
    #expect(estimate.value == .value(reference.value))
    #expect(estimate.successOnly == reference.value)
    let (low, high, confidence) = reference.twoSided
    #expect(estimate.low == low.map(Bound.value) ?? needs(.lower, confidence: 0.975))
    #expect(estimate.high == high.map(Bound.value) ?? needs(.upper, confidence: 0.975))
    #expect(isClose(estimate.confidence, confidence))

    let upper = sample.upperBound(of: percentile)
    #expect(upper == reference.upper.high.map(Bound.value) ?? needs(.upper, confidence: 0.95))
    let lower = sample.lowerBound(of: percentile)
    #expect(lower == reference.lower.low.map(Bound.value) ?? needs(.lower, confidence: 0.95))
    for (sides, expected) in [
      (Sidedness.upper, reference.upper.confidence), (.lower, reference.lower.confidence),
    ] {
      let ranks = percentile.confidenceRanks(of: sample.count, confidence: 0.95, sides: sides)
      #expect(isClose(ranks.confidence, expected))
    }
  }

  @Test(arguments: [
    (ReferenceSample.tiny, 185.1, 120, 410), (.logNormal, 463.47615, 159.241, 975.352),
    (.ties, 243.333333333333, 160, 370), (.atTheLimit, 681.499152542373, 104.744, 1999.882),
    (.heavyTail, 700.01335, 302.329, 9223.668), (.bimodal, 805.310876, 157.171, 3189.304),
    (.single, 77, 77, 77), (.constant, 250, 250, 250),
  ])
  func summaryMatches(reference: ReferenceSample, mean: Double, min: Double, max: Double) throws {
    let sample = CensoredSample(successes: reference.values, failures: 3)
    #expect(isClose(try #require(sample.mean), mean))
    #expect(sample.min == min)
    #expect(sample.max == max)
    #expect(sample.count == reference.values.count + 3)
  }

  /// Successes 1, 2, 3, …: a value is its own rank.
  @Test(arguments: [
    (97, 3, Percentile.p95, Bound.value(95), Double?(93)),
    (94, 6, .p95, .unbounded, 90),
    (95, 5, .p95, .value(95), 91),
    (18, 1, .p95, .unbounded, 18),
    (19, 1, .p95, .value(19), 19),
    (70, 30, .p50, .value(50), 35),
    (0, 4, .p50, .unbounded, nil),
    (0, 0, .p50, .unavailable(needs: 1), nil),
  ])
  func failuresRankAboveEverySuccess(
    successes: Int,
    failures: Int,
    percentile: Percentile,
    value: Bound,
    successOnly: Double?
  ) {
    let sample = CensoredSample(successes: ranks(successes), failures: failures)
    let estimate = sample.quantile(percentile)
    #expect(estimate.value == value)
    #expect(estimate.successOnly == successOnly)
    #expect(estimate.n == successes + failures)
  }

  /// At n = 100 the interval of p95 is the ranks 90 and 100, its one-sided bounds 91 and 99.
  @Test(arguments: [
    (0, Bound.value(90), Bound.value(100), Bound.value(99)),
    (1, .value(90), .unbounded, .value(99)),
    (2, .value(90), .unbounded, .unbounded),
    (10, .value(90), .unbounded, .unbounded),
    (11, .unbounded, .unbounded, .unbounded),
  ])
  func failuresReachTheIntervalFirst(failures: Int, low: Bound, high: Bound, upper: Bound) {
    let sample = CensoredSample(successes: ranks(100 - failures), failures: failures)
    let estimate = sample.quantile(.p95)
    #expect(estimate.low == low)
    #expect(estimate.high == high)
    #expect(sample.upperBound(of: .p95) == upper)
  }

  @Test func tooFewSayHowManyAreNeeded() {
    let sample = CensoredSample(successes: ranks(50), failures: 0)
    let estimate = sample.quantile(.p95)
    #expect(estimate.high == .unavailable(needs: 72))
    #expect(sample.upperBound(of: .p95) == .unavailable(needs: 59))
    #expect(sample.upperBound(of: .p95, confidence: 0.99) == .unavailable(needs: 90))
    let single = CensoredSample(successes: [7], failures: 0)
    #expect(single.quantile(.p95).low == .unavailable(needs: 2))
    #expect(single.quantile(.p50, confidence: 0.8).low == .unavailable(needs: 4))
  }

  @Test func aMillionValuesAreNoTrouble() {
    let sample = CensoredSample(successes: ranks(999_000), failures: 1000)
    let estimate = sample.quantile(.p99)
    #expect(estimate.value == .value(990_000))
    #expect(estimate.low == .value(989_805))
    #expect(estimate.high == .value(990_196))
    #expect(estimate.successOnly == 989_010)
  }

  @Test func orderDoesNotMatter() {
    let values = ReferenceSample.heavyTail.values
    let sample = CensoredSample(successes: values, failures: 2)
    #expect(sample == CensoredSample(successes: values.reversed(), failures: 2))
    #expect(sample.successes == values.sorted())
  }

  @Test func notANumberIsRefused() async {
    await #expect(processExitsWith: .failure) {
      _ = CensoredSample(successes: [1, .nan], failures: 0)
    }
  }

  @Test func infinityIsRefused() async {
    await #expect(processExitsWith: .failure) {
      _ = CensoredSample(successes: [.infinity], failures: 0)
    }
  }

  @Test func estimatesSurviveJSON() throws {
    let estimate = CensoredSample(successes: ranks(20), failures: 5).quantile(.p95)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let encoded = try encoder.encode(estimate)
    let text = String(decoding: encoded, as: UTF8.self)
    #expect(text.contains(#""high":{"needs":72},"low":"unbounded","n":25,"percentile":"p95""#))
    #expect(text.contains(#""successOnly":19,"value":"unbounded""#))
    #expect(try JSONDecoder().decode(QuantileEstimate.self, from: encoded) == estimate)
  }

  @Test(arguments: [Bound.value(1.5), .unbounded, .unavailable(needs: 72)])
  func boundsSurviveJSON(bound: Bound) throws {
    let encoded = try JSONEncoder().encode([bound])
    #expect(try JSONDecoder().decode([Bound].self, from: encoded) == [bound])
  }

  @Test(arguments: [#"["infinite"]"#, "[null]", #"[{"want":3}]"#, "[true]"])
  func otherBoundsAreRefused(text: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([Bound].self, from: Data(text.utf8))
    }
  }

  private func ranks(_ count: Int) -> [Double] { (0..<count).map { Double($0 + 1) } }
}

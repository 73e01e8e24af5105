import Testing
import TryoutStatistics

/// From scipy 1.17.1: `binom` for the ranks, asserted equal to `quantile_test`.
struct ConfidenceRanksTests {
  @Test(arguments: [
    (10, 8, nil, 0.988496442620703, nil, 1), (20, 17, nil, 0.984098473980236, nil, 1),
    (30, 26, nil, 0.984364489871467, nil, 1), (50, 44, nil, 0.988213552202736, nil, 1),
    (58, 51, nil, 0.991994795771022, nil, 1),
    (59, 52, nil, 0.991136257011095, 59, 0.951505474750577),
    (60, 53, nil, 0.990210851290058, 60, 0.953930201013048),
    (71, 63, nil, 0.991205101618846, 71, 0.973795494085064),
    (72, 64, 72, 0.965490047908374, 72, 0.975105719380811),
    (73, 65, 73, 0.965857560698025, 73, 0.97635043341177),
    (93, 84, 93, 0.973578335171866, 92, 0.950024204757384),
    (100, 90, 100, 0.982607060712181, 99, 0.962918790672645),
    (124, 113, 123, 0.965166706113231, 122, 0.950470222321313),
    (150, 137, 148, 0.96315780577952, 148, 0.981845944978056),
    (200, 184, 197, 0.967152163856726, 196, 0.97355319999088),
    (250, 230, 245, 0.972057854355113, 244, 0.968615068392827),
    (300, 277, 293, 0.967187924785906, 292, 0.965934186478494),
    (500, 465, 485, 0.960498735515962, 484, 0.965709813401605),
    (1000, 936, 964, 0.958095268222654, 962, 0.956651809393091),
    (1_000_000, 949_572, 950_428, 0.9504468120487168, 950_359, 0.9501273351176428),
  ])
  func ranksOfP95(
    count: Int,
    low: Int,
    high: Int?,
    confidence: Double,
    upper: Int?,
    upperConfidence: Double
  ) {
    let both = Percentile.p95.confidenceRanks(of: count, confidence: 0.95)
    #expect(both.low == low)
    #expect(both.high == high)
    #expect(isClose(both.confidence, confidence))
    let above = Percentile.p95.confidenceRanks(of: count, confidence: 0.95, sides: .upper)
    #expect(above.low == nil)
    #expect(above.high == upper)
    #expect(isClose(above.confidence, upperConfidence))
  }

  @Test(arguments: [
    (5, nil, nil, 1), (6, 1, 6, 0.96875), (7, 1, 7, 0.984375), (8, 1, 8, 0.9921875),
    (9, 2, 8, 0.9609375), (10, 2, 9, 0.978515625), (15, 4, 12, 0.96484375),
    (20, 6, 15, 0.958610534667969), (25, 8, 18, 0.956714749336243),
    (30, 10, 21, 0.957226054742932), (50, 18, 33, 0.967160862435732),
    (59, 22, 38, 0.963656820042946), (100, 40, 61, 0.964799799782295),
    (200, 86, 115, 0.959962808386601), (250, 110, 141, 0.950293212209793),
    (1_000_000, 499_020, 500_981, 0.9501210313476314),
  ])
  func ranksOfP50(count: Int, low: Int?, high: Int?, confidence: Double) {
    let ranks = Percentile.p50.confidenceRanks(of: count, confidence: 0.95)
    #expect(ranks.low == low)
    #expect(ranks.high == high)
    #expect(isClose(ranks.confidence, confidence))
  }

  @Test(arguments: [
    (Percentile.p50, 499_178, 0.9500151185751611), (.p95, 949_641, 0.9503564383906846),
    (.p99, 989_836, 0.950576352283824),
  ])
  func lowerRanksOfAMillion(percentile: Percentile, low: Int, confidence: Double) {
    let ranks = percentile.confidenceRanks(of: 1_000_000, confidence: 0.95, sides: .lower)
    #expect(ranks.low == low)
    #expect(ranks.high == nil)
    #expect(isClose(ranks.confidence, confidence))
  }

  @Test func nothingHasNoRanks() {
    let ranks = Percentile.p95.confidenceRanks(of: 0, confidence: 0.95)
    #expect(ranks.low == nil)
    #expect(ranks.high == nil)
    #expect(ranks.confidence == 1)
  }

  @Test(arguments: [
    ("p50", 0.8, 3, 4), ("p50", 0.9, 4, 5), ("p50", 0.95, 5, 6), ("p50", 0.99, 7, 8),
    ("p75", 0.8, 6, 9), ("p75", 0.9, 9, 11), ("p75", 0.95, 11, 13), ("p75", 0.99, 17, 19),
    ("p90", 0.8, 16, 22), ("p90", 0.9, 22, 29), ("p90", 0.95, 29, 36), ("p90", 0.99, 44, 51),
    ("p95", 0.8, 32, 45), ("p95", 0.9, 45, 59), ("p95", 0.95, 59, 72), ("p95", 0.99, 90, 104),
    ("p99", 0.8, 161, 230), ("p99", 0.9, 230, 299), ("p99", 0.95, 299, 368),
    ("p99", 0.99, 459, 528), ("p99.9", 0.8, 1609, 2302), ("p99.9", 0.9, 2302, 2995),
    ("p99.9", 0.95, 2995, 3688), ("p99.9", 0.99, 4603, 5296),
  ])
  func minimumCountMatches(label: String, confidence: Double, upper: Int, twoSided: Int) throws {
    let percentile = try #require(Percentile(label: label))
    #expect(percentile.minimumCount(confidence: confidence, sides: .upper) == upper)
    #expect(percentile.minimumCount(confidence: confidence) == twoSided)
  }

  /// (1 − p)ⁿ = a exactly, though not in doubles.
  @Test(arguments: [(Percentile.p90, 0.9, 1), (.p90, 0.99, 2), (.p99, 0.9999, 2), (.p95, 0.95, 1)])
  func minimumCountSurvivesATie(percentile: Percentile, confidence: Double, lower: Int) {
    #expect(percentile.minimumCount(confidence: confidence, sides: .lower) == lower)
    let ranks = percentile.confidenceRanks(of: lower, confidence: confidence, sides: .lower)
    #expect(ranks.low == 1)
  }

  @Test func lowPercentilesAreMirrored() throws {
    let p5 = try #require(Percentile(label: "p5"))
    #expect(p5.minimumCount(confidence: 0.95, sides: .lower) == 59)
    #expect(p5.minimumCount(confidence: 0.95) == 72)
    let ranks = p5.confidenceRanks(of: 100, confidence: 0.95)
    #expect(ranks.low == 101 - 100)
    #expect(ranks.high == 101 - 90)
  }

  @Test(arguments: [Percentile.p50, .p90, .p95, .p99])
  func theMinimumIsWhereTheEndsAppear(percentile: Percentile) {
    let needs = percentile.minimumCount(confidence: 0.95)
    #expect(percentile.confidenceRanks(of: needs, confidence: 0.95).high == needs)
    #expect(percentile.confidenceRanks(of: needs - 1, confidence: 0.95).high == nil)
  }
}

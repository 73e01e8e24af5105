import Testing
import TryoutStatistics

struct SortedSampleTests {
  /// Types 1 to 9 and Harrell–Davis of numpy 2.4.6 and scipy 1.17.1.
  struct Reference: Sendable, CustomTestStringConvertible {
    let sample: ReferenceSample
    let percentile: Percentile
    let definitions: [Double]
    let harrellDavis: Double

    var testDescription: String { "\(percentile.label) of \(sample)" }
  }

  @Test(arguments: references)
  func definitionsMatch(reference: Reference) throws {
    let sample = SortedSample(reference.sample.values)
    for (definition, expected) in zip(SortedSample.Definition.allCases, reference.definitions) {
      let quantile = try #require(sample.quantile(reference.percentile, by: definition))
      #expect(isClose(quantile, expected), "type \(definition.rawValue)")
    }
  }

  @Test(arguments: references)
  func harrellDavisMatches(reference: Reference) throws {
    let sample = SortedSample(reference.sample.values)
    #expect(
      isClose(try #require(sample.harrellDavis(reference.percentile)), reference.harrellDavis))
  }

  @Test func ranksAreNotOneTooHighByRounding() throws {
    let sample = SortedSample((1...100).map(Double.init))
    for label in ["p7", "p14", "p28", "p55", "p56"] {
      let percentile = try #require(Percentile(label: label))
      let rank = Double(percentile.rank(of: 100))
      #expect(sample.quantile(percentile, by: .nearestRank) == rank)
      #expect(sample.quantile(percentile, by: .averagedRank) == rank + 0.5)
      #expect(sample.quantile(percentile, by: .nearestEven) == rank)
    }
  }

  @Test func nothingHasNoQuantile() {
    #expect(SortedSample([]).quantile(.p50, by: .linear) == nil)
    #expect(SortedSample([]).harrellDavis(.p50) == nil)
  }

  /// The weights left out of a large sample are too small to be missed: of 0, 1, 2 … the estimate
  /// is n times the mean of its beta distribution, less the half of each step.
  @Test func harrellDavisOfManyValues() throws {
    let sample = SortedSample((0..<200_000).map { Double($0) + 0.5 })
    #expect(isClose(try #require(sample.harrellDavis(.p50)), 100_000))
    #expect(isClose(try #require(sample.harrellDavis(.p99)), 198_000, within: 1e-9))
  }

  // swift-format-ignore
  static let references: [Reference] = [
    .init(
      sample: .tiny, percentile: .p50,
      definitions: [
        131.75, 131.75, 128.25, 130, 131.75, 131.75, 131.75, 131.75, 131.75,
      ], harrellDavis: 147.25056),
    .init(
      sample: .tiny, percentile: .p90,
      definitions: [
        410, 410, 135.5, 272.75, 410, 410, 300.2, 410, 410,
      ], harrellDavis: 365.596331430229),
    .init(
      sample: .tiny, percentile: .p95,
      definitions: [
        410, 410, 410, 341.375, 410, 410, 355.1, 410, 410,
      ], harrellDavis: 392.485383916062),
    .init(
      sample: .tiny, percentile: .p99,
      definitions: [
        410, 410, 410, 396.275, 410, 410, 399.02, 410, 410,
      ], harrellDavis: 407.308133957581),
    .init(
      sample: .logNormal, percentile: .p50,
      definitions: [
        433.014, 437.159, 433.014, 433.014, 437.159, 437.159, 437.159, 437.159, 437.159,
      ], harrellDavis: 439.041981764657),
    .init(
      sample: .logNormal, percentile: .p90,
      definitions: [
        653.064, 763.2265, 653.064, 653.064, 763.2265, 851.3565, 675.0965, 792.603166666667,
        785.259,
      ], harrellDavis: 787.996247437862),
    .init(
      sample: .logNormal, percentile: .p95,
      definitions: [
        873.389, 924.3705, 873.389, 873.389, 924.3705, 970.25385, 878.48715, 939.66495,
        935.8413375,
      ], harrellDavis: 904.214419006728),
    .init(
      sample: .logNormal, percentile: .p99,
      definitions: [
        975.352, 975.352, 975.352, 954.9594, 975.352, 975.352, 955.97903, 975.352, 975.352,
      ], harrellDavis: 967.387179471228),
    .init(
      sample: .ties, percentile: .p50,
      definitions: [
        240, 240, 240, 240, 240, 240, 240, 240, 240,
      ], harrellDavis: 240.705095383216),
    .init(
      sample: .ties, percentile: .p90,
      definitions: [
        310, 310, 310, 310, 310, 310, 310, 310, 310,
      ], harrellDavis: 309.17275177297),
    .init(
      sample: .ties, percentile: .p95,
      definitions: [
        310, 310, 310, 310, 310, 337, 310, 319, 316.75,
      ], harrellDavis: 334.045398264202),
    .init(
      sample: .ties, percentile: .p99,
      definitions: [
        370, 370, 370, 352, 370, 370, 352.6, 370, 370,
      ], harrellDavis: 364.930315171497),
    .init(
      sample: .atTheLimit, percentile: .p50,
      definitions: [
        557.138, 557.138, 557.138, 549.5875, 557.138, 557.138, 557.138, 557.138, 557.138,
      ], harrellDavis: 586.301420825151),
    .init(
      sample: .atTheLimit, percentile: .p90,
      definitions: [
        1166.389, 1166.389, 1151.591, 1153.0708, 1160.4698, 1166.389, 1154.5506, 1162.44286666667,
        1161.9496,
      ], harrellDavis: 1197.60273126073),
    .init(
      sample: .atTheLimit, percentile: .p95,
      definitions: [
        1503.229, 1503.229, 1348.476, 1356.21365, 1433.59015, 1503.229, 1363.9513, 1456.8031,
        1450.9998625,
      ], harrellDavis: 1452.41342876102),
    .init(
      sample: .atTheLimit, percentile: .p99,
      definitions: [
        1999.882, 1999.882, 1563.807, 1742.59775, 1960.63525, 1999.882, 1746.9585, 1999.882,
        1999.882,
      ], harrellDavis: 1908.04125409439),
    .init(
      sample: .heavyTail, percentile: .p50,
      definitions: [
        472.747, 477.391, 472.747, 472.747, 477.391, 477.391, 477.391, 477.391, 477.391,
      ], harrellDavis: 475.526669486103),
    .init(
      sample: .heavyTail, percentile: .p90,
      definitions: [
        1026.953, 1182.134, 1026.953, 1026.953, 1182.134, 1306.2788, 1057.9892, 1223.5156,
        1213.1702,
      ], harrellDavis: 1200.31577982503),
    .init(
      sample: .heavyTail, percentile: .p95,
      definitions: [
        1478.749, 1494.917, 1478.749, 1478.749, 1494.917, 1509.4682, 1480.3658, 1499.7674,
        1498.5548,
      ], harrellDavis: 1684.79915443286),
    .init(
      sample: .heavyTail, percentile: .p99,
      definitions: [
        4515.632, 6869.65, 4515.632, 4515.632, 6869.65, 9176.58764, 4562.71236, 7638.62921333333,
        7446.38441,
      ], harrellDavis: 7116.80219697359),
    .init(
      sample: .bimodal, percentile: .p50,
      definitions: [
        223.457, 223.585, 223.457, 223.457, 223.585, 223.585, 223.585, 223.585, 223.585,
      ], harrellDavis: 224.664115090289),
    .init(
      sample: .bimodal, percentile: .p90,
      definitions: [
        2236.895, 2240.635, 2236.895, 2236.895, 2240.635, 2243.627, 2237.643, 2241.63233333333,
        2241.383,
      ], harrellDavis: 2250.04242957247),
    .init(
      sample: .bimodal, percentile: .p95,
      definitions: [
        2402.869, 2402.869, 2402.869, 2382.427, 2402.869, 2406.33175, 2384.4712, 2404.02325,
        2403.7346875,
      ], harrellDavis: 2415.31912785087),
    .init(
      sample: .bimodal, percentile: .p99,
      definitions: [
        2939.238, 2939.238, 2939.238, 2922.877, 2939.238, 2948.50243, 2923.20422, 2942.32614333333,
        2941.5541075,
      ], harrellDavis: 2953.51062027672),
    .init(
      sample: .single, percentile: .p50,
      definitions: [
        77, 77, 77, 77, 77, 77, 77, 77, 77,
      ], harrellDavis: 77),
    .init(
      sample: .single, percentile: .p90,
      definitions: [
        77, 77, 77, 77, 77, 77, 77, 77, 77,
      ], harrellDavis: 77),
    .init(
      sample: .single, percentile: .p95,
      definitions: [
        77, 77, 77, 77, 77, 77, 77, 77, 77,
      ], harrellDavis: 77),
    .init(
      sample: .single, percentile: .p99,
      definitions: [
        77, 77, 77, 77, 77, 77, 77, 77, 77,
      ], harrellDavis: 77),
    .init(
      sample: .constant, percentile: .p50,
      definitions: [
        250, 250, 250, 250, 250, 250, 250, 250, 250,
      ], harrellDavis: 250),
    .init(
      sample: .constant, percentile: .p90,
      definitions: [
        250, 250, 250, 250, 250, 250, 250, 250, 250,
      ], harrellDavis: 250),
    .init(
      sample: .constant, percentile: .p95,
      definitions: [
        250, 250, 250, 250, 250, 250, 250, 250, 250,
      ], harrellDavis: 250),
    .init(
      sample: .constant, percentile: .p99,
      definitions: [
        250, 250, 250, 250, 250, 250, 250, 250, 250,
      ], harrellDavis: 250),
  ]
}

import Testing
import TryoutStatistics

struct PairedDesignTests {
  /// Numbers of pairs at a power of 0.8 and a two-sided 5 %, plain and divided by 3/π.
  ///
  /// From the formula in Python with scipy 1.17.1's normal quantiles.
  // swift-format-ignore
  static let sizes: [(spread: Double, ratio: Double, pairs: Int, rankPairs: Int)] = [
    (0.1, 1.05, 33, 35),
    (0.1, 1.1, 9, 10),
    (0.1, 1.2, 3, 3),
    (0.1, 1.5, 1, 1),
    (0.2, 1.05, 132, 139),
    (0.2, 1.1, 35, 37),
    (0.2, 1.2, 10, 10),
    (0.2, 1.5, 2, 2),
    (0.4, 1.05, 528, 553),
    (0.4, 1.1, 139, 145),
    (0.4, 1.2, 38, 40),
    (0.4, 1.5, 8, 8),
    (0.8, 1.05, 2111, 2210),
    (0.8, 1.1, 553, 580),
    (0.8, 1.2, 152, 159),
    (0.8, 1.5, 31, 32),
  ]

  @Test(arguments: sizes)
  func pairsMatch(size: (spread: Double, ratio: Double, pairs: Int, rankPairs: Int)) {
    let plain = PairedDesign(spread: size.spread, method: .knownSpread)
    #expect(plain.pairs(toDetect: size.ratio) == size.pairs)
    // The reference for ranks leaves out the pairs that estimating the spread costs: 1.92 π/3.
    let ranks = PairedDesign(spread: size.spread).pairs(toDetect: size.ratio)
    #expect(ranks >= 10)
    #expect(ranks == 10 || (2...3).contains(ranks - size.rankPairs))
  }

  /// What is detected when the spread is known; same source.
  // swift-format-ignore
  static let ratios: [(pairs: Int, spread: Double, ratio: Double)] = [
    (10, 0.1, 1.09263685019912),
    (10, 0.3, 1.30445027973992),
    (10, 0.6, 1.70159053231357),
    (20, 0.1, 1.06464919435231),
    (20, 0.3, 1.20675634054098),
    (20, 0.6, 1.45626086543586),
    (50, 0.1, 1.04041575544128),
    (50, 0.3, 1.12621358262782),
    (50, 0.6, 1.26835703369538),
    (100, 0.1, 1.0284119868653),
    (100, 0.3, 1.08768061890943),
    (100, 0.6, 1.1830491287512),
    (200, 0.1, 1.02000772322629),
    (200, 0.3, 1.06123210591643),
    (200, 0.6, 1.12621358262782),
  ]

  @Test(arguments: ratios)
  func ratiosMatch(reference: (pairs: Int, spread: Double, ratio: Double)) throws {
    let plain = PairedDesign(spread: reference.spread, method: .knownSpread)
    let ratio = try #require(plain.ratio(detectableWith: reference.pairs))
    #expect(isClose(ratio, reference.ratio))
    let ranks = PairedDesign(spread: reference.spread).ratio(detectableWith: reference.pairs)
    #expect(try #require(ranks) > ratio)
  }

  @Test func aRatioAndItsReciprocalNeedTheSamePairs() throws {
    let design = PairedDesign(spread: 0.3)
    #expect(design.pairs(toDetect: 1.25) == design.pairs(toDetect: 1 / 1.25))
    let pairs = design.pairs(toDetect: 1.25)
    #expect(try #require(design.ratio(detectableWith: pairs)) <= 1.25)
    #expect(try #require(design.ratio(detectableWith: pairs - 1)) > 1.25)
  }

  @Test func ofNinePairsNothingIsPromised() {
    #expect(PairedDesign(spread: 0.001).ratio(detectableWith: 9) == nil)
    #expect(PairedDesign(spread: 0.001).ratio(detectableWith: 10) != nil)
    #expect(PairedDesign(spread: 0.001, confidence: 0.9999).ratio(detectableWith: 10) == nil)
  }
}

import Testing
import TryoutStatistics

struct MeanEstimateTests {
  /// 2000 resamples with seed 1234; BCa equal to `scipy.stats.bootstrap` 1.17.1 on the same ones.
  struct Reference: Sendable {
    let sample: ReferenceSample
    let mean: Double
    let percentile: ClosedRange<Double>
    let accelerated: ClosedRange<Double>
    let bias: Double
    let acceleration: Double
    let first: [Double]
  }

  // swift-format-ignore
  static let references: [Reference] = [
    .init(
      sample: .tiny, mean: 185.1, percentile: 124.75...298.7675,
      accelerated: 126.4...354.35, bias: 0.0652185397095437,
      acceleration: 0.111220488113605,
      first: [243.85, 188.2, 185.1, 184.35, 127.85]),
    .init(
      sample: .logNormal, mean: 463.47615, percentile: 381.2153775...554.60818125,
      accelerated: 390.298355512595...575.485054577961, bias: 0.0614510463899026,
      acceleration: 0.0377691858478303,
      first: [449.9692, 397.8203, 460.75985, 398.34555, 390.27105]),
    .init(
      sample: .ties, mean: 243.333333333333, percentile: 227...260.666666666667,
      accelerated: 227.666666666667...262.333333333333, bias: 0.043880072299401,
      acceleration: 0.0124643152046569,
      first: [248, 239.333333333333, 251.333333333333, 240, 240.666666666667]),
    .init(
      sample: .atTheLimit, mean: 681.499152542373, percentile: 583.675577118644...786.956292372881,
      accelerated: 590.055639716342...790.311316805991, bias: 0.0238152196094093,
      acceleration: 0.0210244331120872,
      first: [687.717305084746, 649.805745762712, 744.310118644068,
        548.44213559322, 648.028338983051]),
    .init(
      sample: .heavyTail, mean: 700.01335, percentile: 543.7714265...921.24577425,
      accelerated: 569.055362491233...1073.00687746942, bias: 0.0853287948856292,
      acceleration: 0.113609326791524,
      first: [769.78713, 696.27967, 660.75029, 548.73837, 654.74767]),
    .init(
      sample: .constant, mean: 250, percentile: 250...250,
      accelerated: 250...250, bias: 0,
      acceleration: 0,
      first: [250, 250, 250, 250, 250]),
  ]

  @Test(arguments: references)
  func intervalsMatch(reference: Reference) throws {
    let estimate = try #require(MeanEstimate(of: reference.sample.values, seed: 1234))
    #expect(estimate.n == reference.sample.values.count)
    #expect(isClose(estimate.value, reference.mean))
    #expect(isClose(estimate.percentileInterval, reference.percentile))
    #expect(isClose(estimate.interval, reference.accelerated))
    #expect(estimate.isConstant == (reference.sample == .constant))
  }

  @Test(arguments: references)
  func resamplesMatch(reference: Reference) throws {
    let values = reference.sample.values
    let mean = try #require(values.mean)
    let bootstrap = Bootstrap(meanOf: values, mean, resamples: 2000, seed: 1234)
    #expect(bootstrap.replicates.count == 2000)
    for (replicate, expected) in zip(bootstrap.replicates, reference.first) {
      #expect(isClose(replicate, expected))
    }
    #expect(isClose(bootstrap.bias, reference.bias))
    if reference.sample != .constant {
      let acceleration = MeanEstimate.acceleration(of: values, mean: mean)
      #expect(isClose(acceleration, reference.acceleration))
    }
  }

  @Test func nothingHasNoMean() {
    #expect(MeanEstimate(of: [], seed: 1) == nil)
  }

  @Test func oneValueHasNoInterval() throws {
    let estimate = try #require(MeanEstimate(of: ReferenceSample.single.values, seed: 1))
    #expect(estimate.value == 77)
    #expect(estimate.interval == nil)
    #expect(estimate.percentileInterval == nil)
  }

  /// A tenth has no exact double, so that rounding could pass for skewness.
  @Test func equalValuesGiveAPoint() throws {
    let values = [Double](repeating: 0.1, count: 11)
    let estimate = try #require(MeanEstimate(of: values, seed: 1))
    #expect(estimate.isConstant)
    #expect(estimate.interval == estimate.value...estimate.value)
  }

  @Test func seedsDecide() throws {
    let values = ReferenceSample.heavyTail.values
    let estimate = try #require(MeanEstimate(of: values, resamples: 200, seed: 7))
    #expect(estimate == MeanEstimate(of: values, resamples: 200, seed: 7))
    #expect(estimate != MeanEstimate(of: values, resamples: 200, seed: 8))
  }

  @Test func moreConfidenceIsWider() throws {
    let values = ReferenceSample.logNormal.values
    let usual = try #require(MeanEstimate(of: values, seed: 7)?.interval)
    let wide = try #require(MeanEstimate(of: values, confidence: 0.99, seed: 7)?.interval)
    #expect(wide.lowerBound < usual.lowerBound)
    #expect(wide.upperBound > usual.upperBound)
  }

  /// One outlier and a confidence beyond the pole of the correction.
  @Test func beyondThePoleTheEndIsTheLargestReplicate() {
    let values = [Double](repeating: 1, count: 60) + [1000]
    let bootstrap = Bootstrap(meanOf: values, 1060.0 / 61, resamples: 200, seed: 3)
    let interval = bootstrap.acceleratedInterval(confidence: 1 - 1e-12, acceleration: 0.16)
    #expect(interval.upperBound == bootstrap.replicates.max())
  }

  @Test func biasStaysFiniteWithAllReplicatesOnOneSide() {
    let bootstrap = Bootstrap(estimate: 5, count: 1, resamples: 10, seed: 1) { _ in 4 }
    #expect(isClose(bootstrap.bias, 1.64485362695147))
    #expect(bootstrap.acceleratedInterval(confidence: 0.95, acceleration: 0) == 4...4)
  }
}

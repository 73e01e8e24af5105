import Testing

@testable import TryoutStatistics

struct BootstrapTests {
  enum Statistic: Sendable {
    case median, p95, smoothP95

    var percentile: Percentile { self == .median ? .p50 : .p95 }

    func value(of values: [Double]) -> Double {
      let sample = SortedSample(values)
      let quantile =
        self == .smoothP95
        ? sample.harrellDavis(percentile) : sample.quantile(percentile, by: .linear)
      return quantile ?? .nan
    }
  }

  /// Seed 1234; BCa equal to `scipy.stats.bootstrap` 1.17.1 on the same resamples.
  struct Reference: Sendable, CustomTestStringConvertible {
    let sample: ReferenceSample
    let statistic: Statistic
    let resamples: Int
    let estimate: Double
    let percentile: ClosedRange<Double>
    let accelerated: ClosedRange<Double>
    let bias: Double
    /// nil where all values of the jackknife are equal.
    let acceleration: Double?
    let first: [Double]

    var testDescription: String { "\(statistic) of \(sample)" }
  }

  @Test(arguments: references)
  func intervalsMatch(reference: Reference) {
    let values = reference.sample.values
    func statistic(_ positions: [Int]) -> Double {
      reference.statistic.value(of: positions.map { values[$0] })
    }
    let bootstrap = Bootstrap(
      estimate: reference.statistic.value(of: values), count: values.count,
      resamples: reference.resamples, seed: 1234, statistic: statistic)
    let acceleration = Bootstrap.acceleration(count: values.count, statistic: statistic)
    #expect(isClose(bootstrap.estimate, reference.estimate))
    for (replicate, expected) in zip(bootstrap.replicates, reference.first) {
      #expect(isClose(replicate, expected))
    }
    #expect(isClose(bootstrap.bias, reference.bias, within: 1e-10))
    #expect((acceleration == nil) == (reference.acceleration == nil))
    #expect(isClose(acceleration ?? 0, reference.acceleration ?? 0, within: 1e-10))
    #expect(
      isClose(
        bootstrap.percentileInterval(confidence: 0.95), reference.percentile, within: 1e-10))
    let accelerated = bootstrap.acceleratedInterval(
      confidence: 0.95, acceleration: acceleration ?? 0)
    #expect(isClose(accelerated, reference.accelerated, within: 1e-10))
  }

  /// Positions drawn once for both sides, 2000 times; from numpy 2.4.6.
  struct PairedReference: Sendable {
    let pairs: ReferencePairs
    let statistic: Statistic
    let seed: UInt64
    let estimate: Double
    let percentile: ClosedRange<Double>
    let first: [Double]
  }

  @Test(arguments: pairedReferences)
  func pairedDifferencesMatch(reference: PairedReference) {
    let (head, base) = (reference.pairs.head, reference.pairs.base)
    func statistic(_ positions: [Int]) -> Double {
      reference.statistic.value(of: positions.map { head[$0] })
        - reference.statistic.value(of: positions.map { base[$0] })
    }
    let bootstrap = Bootstrap(
      estimate: statistic(Array(head.indices)), count: head.count, resamples: 2000,
      seed: reference.seed, statistic: statistic)
    #expect(isClose(bootstrap.estimate, reference.estimate, within: 1e-10))
    for (replicate, expected) in zip(bootstrap.replicates, reference.first) {
      #expect(isClose(replicate, expected, within: 1e-10))
    }
    let interval = bootstrap.percentileInterval(confidence: 0.95)
    #expect(isClose(interval, reference.percentile, within: 1e-10))
  }

  // swift-format-ignore
  static let references: [Reference] = [
    .init(
      sample: .tiny, statistic: .median, resamples: 2000, estimate: 131.75,
      percentile: 120...410, accelerated: 120...410,
      bias: -0.00501327754892666, acceleration: 0.00172311320775038,
      first: [
        135.5, 135.5, 131.75, 131.75, 128.25,
      ]),
    .init(
      sample: .tiny, statistic: .p95, resamples: 2000, estimate: 355.1,
      percentile: 131.05...410, accelerated: 134.75...410,
      bias: 0.248820025583407, acceleration: 0.111801882634721,
      first: [
        410, 355.1, 355.1, 354.35, 135.5,
      ]),
    .init(
      sample: .tiny, statistic: .smoothP95, resamples: 1000, estimate: 392.485383916062,
      percentile: 131.521340189151...409.807159678211, accelerated: 134.96563675235...409.996850389885,
      bias: 0.0991741487003373, acceleration: 0.111803291205774,
      first: [
        407.580537686974, 392.518314455403, 392.485383916062, 392.27965123278, 135.430305732801,
      ]),
    .init(
      sample: .logNormal, statistic: .median, resamples: 2000, estimate: 437.159,
      percentile: 349.9115...503.268, accelerated: 349.865...503.268,
      bias: -0.0137868922630843, acceleration: 7.43670144500527e-19,
      first: [
        436.211, 349.3875, 436.211, 384.898, 436.211,
      ]),
    .init(
      sample: .logNormal, statistic: .p95, resamples: 2000, estimate: 878.48715,
      percentile: 529.598...975.352, accelerated: 615.7167...975.352,
      bias: 0.315344633197712, acceleration: 0.0995107289427064,
      first: [
        878.48715, 669.1784, 878.48715, 604.70045, 504.5845,
      ]),
    .init(
      sample: .logNormal, statistic: .smoothP95, resamples: 1000, estimate: 904.214419006728,
      percentile: 574.444259598979...970.630656238365, accelerated: 645.295145874376...974.053945063975,
      bias: 0.181468316528477, acceleration: 0.12019642286074,
      first: [
        897.22458560852, 842.840682435716, 907.184564831138, 619.749681567584, 519.304977109073,
      ]),
    .init(
      sample: .ties, statistic: .median, resamples: 2000, estimate: 240,
      percentile: 220...260, accelerated: 220...260,
      bias: -0.0300840766201891, acceleration: nil,
      first: [
        250, 240, 245, 245, 230,
      ]),
    .init(
      sample: .ties, statistic: .p95, resamples: 2000, estimate: 310,
      percentile: 280...370, accelerated: 280...370,
      bias: -0.030711023285021, acceleration: nil,
      first: [
        310, 296.5, 310, 310, 310,
      ]),
    .init(
      sample: .atTheLimit, statistic: .median, resamples: 2000, estimate: 557.138,
      percentile: 496.408...736.974, accelerated: 496.408...736.974,
      bias: -0.00375995127114593, acceleration: 0.000520037904279051,
      first: [
        534.563, 542.037, 701.241, 489.907, 522.796,
      ]),
    .init(
      sample: .atTheLimit, statistic: .p95, resamples: 2000, estimate: 1363.9513,
      percentile: 1119.6196...1607.4145, accelerated: 1151.591...1999.882,
      bias: 0.125661346855074, acceleration: 0.075207690057575,
      first: [
        1607.4145, 1184.5977, 1225.4629, 1155.8919, 1363.9513,
      ]),
    .init(
      sample: .heavyTail, statistic: .median, resamples: 2000, estimate: 477.391,
      percentile: 423.92...525.526, accelerated: 422.95...524.2335,
      bias: -0.0401168101849681, acceleration: 9.18110240354507e-15,
      first: [
        484.19, 496.067, 451.659, 451.659, 457.324,
      ]),
    .init(
      sample: .heavyTail, statistic: .p95, resamples: 2000, estimate: 1480.3658,
      percentile: 1026.953...2124.56654999999, accelerated: 1042.77985...4515.632,
      bias: 0.0476439559544766, acceleration: 0.0619848455164728,
      first: [
        1513.71, 1480.49705, 1452.897, 1042.4711, 1455.8064,
      ]),
  ]

  // swift-format-ignore
  static let pairedReferences: [PairedReference] = [
    .init(
      pairs: .tenPairs, statistic: .p95, seed: 95, estimate: 138.81165, percentile: 71.54875...189.555,
      first: [
        156.70365, 138.81165, 189.555, 149.9883, 85.17385,
      ]),
    .init(
      pairs: .tenPairs, statistic: .median, seed: 50, estimate: 49.923, percentile: 19.967...116.552,
      first: [
        55.6655000000001, 34.784, 49.923, 83.3455, 65.062,
      ]),
    .init(
      pairs: .noDifference, statistic: .p95, seed: 95, estimate: 264.452949999999, percentile: 41.4623999999997...989.35,
      first: [
        264.452949999999, 302.5693, 264.452949999999, 80.8277499999999, 139.80445,
      ]),
    .init(
      pairs: .noDifference, statistic: .median, seed: 50, estimate: -26.2315000000001, percentile: -119.7313625...134.637337499999,
      first: [
        13.2549999999999, -82.3920000000001, 87.8309999999999, 24.1555, -12.624,
      ]),
    .init(
      pairs: .zerosAndTies, statistic: .p95, seed: 95, estimate: 18.5, percentile: 0...21.5,
      first: [
        8.5, 20, 14.5000000000001, 0, 10,
      ]),
    .init(
      pairs: .zerosAndTies, statistic: .median, seed: 50, estimate: 15, percentile: -20...35,
      first: [
        10, 5, 25, -20, -5,
      ]),
    .init(
      pairs: .sixOneWay, statistic: .p95, seed: 95, estimate: 33.75, percentile: 15...40,
      first: [
        40, 40, 16.25, 20, 40,
      ]),
    .init(
      pairs: .sixOneWay, statistic: .median, seed: 50, estimate: 25, percentile: 5...30.1249999999993,
      first: [
        15, 17.5, 17.5, 17.5, 15,
      ]),
    .init(
      pairs: .fiveOneWay, statistic: .p95, seed: 95, estimate: 16, percentile: 13...30,
      first: [
        15, 15, 22, 20, 30,
      ]),
    .init(
      pairs: .fiveOneWay, statistic: .median, seed: 50, estimate: 30, percentile: 5...30,
      first: [
        20, 5, 30, 5, 5,
      ]),
  ]
}

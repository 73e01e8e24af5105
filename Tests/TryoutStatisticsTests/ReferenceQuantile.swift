import Testing
import TryoutStatistics

/// The nearest rank and the order-statistic bounds of one percentile of one reference sample.
struct ReferenceQuantile: Sendable, CustomTestStringConvertible {
  let sample: ReferenceSample
  let percentile: Percentile
  let rank: Int
  let value: Double
  /// Ends at 95 % and the confidence which they reach; nil where no order statistic exists.
  let twoSided: (low: Double?, high: Double?, confidence: Double)
  let upper: (high: Double?, confidence: Double)
  let lower: (low: Double?, confidence: Double)

  init(
    _ sample: ReferenceSample,
    _ percentile: Percentile,
    _ rank: Int,
    _ value: Double,
    _ twoSided: (Double?, Double?, Double),
    upper: (Double?, Double),
    lower: (Double?, Double)
  ) {
    self.sample = sample
    self.percentile = percentile
    self.rank = rank
    self.value = value
    self.twoSided = twoSided
    self.upper = upper
    self.lower = lower
  }

  var testDescription: String { "\(percentile.label) of \(sample)" }
}

extension ReferenceQuantile {
  /// From scipy 1.17.1: `binom` for the ranks, asserted equal to `quantile_test`.
  // swift-format-ignore
  static let all: [ReferenceQuantile] = [
    .init(.tiny, .p50, 3, 131.75, (nil, nil, 1),
      upper: (410, 0.96875), lower: (120, 0.96875)),
    .init(.tiny, .p90, 5, 410, (131.75, nil, 0.99144),
      upper: (nil, 1), lower: (131.75, 0.99144)),
    .init(.tiny, .p95, 5, 410, (135.5, nil, 0.9774075),
      upper: (nil, 1), lower: (135.5, 0.9774075)),
    .init(.tiny, .p99, 5, 410, (135.5, nil, 0.9990198504),
      upper: (nil, 1), lower: (410, 0.9509900499)),
    .init(.logNormal, .p50, 10, 433.014, (349.434, 503.268, 0.958610534667969),
      upper: (503.268, 0.979305267333984), lower: (349.434, 0.979305267333984)),
    .init(.logNormal, .p90, 18, 653.064, (503.268, nil, 0.988746865835491),
      upper: (nil, 1), lower: (529.598, 0.956825504715537)),
    .init(.logNormal, .p95, 19, 873.389, (602.155, nil, 0.984098473980236),
      upper: (nil, 1), lower: (602.155, 0.984098473980236)),
    .init(.logNormal, .p99, 20, 975.352, (873.389, nil, 0.983140662364348),
      upper: (nil, 1), lower: (873.389, 0.983140662364348)),
    .init(.ties, .p50, 15, 240, (220, 260, 0.957226054742932),
      upper: (260, 0.950631426647305), lower: (220, 0.950631426647305)),
    .init(.ties, .p90, 27, 310, (270, nil, 0.992216380762079),
      upper: (370, 0.957608841724784), lower: (280, 0.97417321133809)),
    .init(.ties, .p95, 29, 310, (300, nil, 0.984364489871467),
      upper: (nil, 1), lower: (300, 0.984364489871467)),
    .init(.ties, .p99, 30, 370, (310, nil, 0.996682290681117),
      upper: (nil, 1), lower: (310, 0.963852001687759)),
    .init(.atTheLimit, .p50, 30, 557.138, (490.926, 736.974, 0.963656820042946),
      upper: (730.45, 0.966277694049606), lower: (496.408, 0.966277694049606)),
    .init(.atTheLimit, .p90, 54, 1166.389, (1002.908, 1563.807, 0.972110038438189),
      upper: (1563.807, 0.984913987605657), lower: (1008.72, 0.969388690532838)),
    .init(.atTheLimit, .p95, 57, 1503.229, (1121.23, nil, 0.991136257011095),
      upper: (1999.882, 0.951505474750577), lower: (1151.591, 0.97262814259036)),
    .init(.atTheLimit, .p99, 59, 1999.882, (1503.229, nil, 0.978544676992029),
      upper: (nil, 1), lower: (1503.229, 0.978544676992029)),
    .init(.heavyTail, .p50, 50, 472.747, (421.482, 529.062, 0.964799799782295),
      upper: (522.941, 0.955686959942966), lower: (424.418, 0.955686959942966)),
    .init(.heavyTail, .p90, 90, 1026.953, (797.695, 1511.085, 0.955690107191223),
      upper: (1511.085, 0.976288917336523), lower: (905.864, 0.960109472888917)),
    .init(.heavyTail, .p95, 95, 1478.749, (1026.953, 9223.668, 0.982607060712181),
      upper: (4515.632, 0.962918790672645), lower: (1337.315, 0.971811705836584)),
    .init(.heavyTail, .p99, 99, 4515.632, (1513.71, nil, 0.98162596355535),
      upper: (nil, 1), lower: (1513.71, 0.98162596355535)),
    .init(.bimodal, .p50, 125, 223.457, (220.971, 230.196, 0.950293212209793),
      upper: (229.685, 0.956248834817019), lower: (221.142, 0.956248834817019)),
    .init(.bimodal, .p90, 225, 2236.895, (2174.029, 2343.651, 0.965588481863821),
      upper: (2342.977, 0.969118503931904), lower: (2196.818, 0.959013546476371)),
    .init(.bimodal, .p95, 238, 2402.869, (2287.322, 2769.133, 0.972057854355113),
      upper: (2626.783, 0.968615068392827), lower: (2303.3, 0.952639341164207)),
    .init(.bimodal, .p99, 248, 2939.238, (2626.783, nil, 0.986298552144796),
      upper: (nil, 1), lower: (2769.133, 0.958816815930151)),
    .init(.single, .p50, 1, 77, (nil, nil, 1),
      upper: (nil, 1), lower: (nil, 1)),
    .init(.single, .p90, 1, 77, (nil, nil, 1),
      upper: (nil, 1), lower: (nil, 1)),
    .init(.single, .p95, 1, 77, (nil, nil, 1),
      upper: (nil, 1), lower: (77, 0.95)),
    .init(.single, .p99, 1, 77, (77, nil, 0.99),
      upper: (nil, 1), lower: (77, 0.99)),
    .init(.constant, .p50, 6, 250, (250, 250, 0.96142578125),
      upper: (250, 0.980712890625), lower: (250, 0.980712890625)),
    .init(.constant, .p90, 11, 250, (250, nil, 0.99567065673),
      upper: (nil, 1), lower: (250, 0.974362529835)),
    .init(.constant, .p95, 12, 250, (250, nil, 0.980431738002845),
      upper: (nil, 1), lower: (250, 0.980431738002845)),
    .init(.constant, .p99, 12, 250, (250, nil, 0.993825462227175),
      upper: (nil, 1), lower: (250, 0.993825462227175)),
  ]
}

import TryoutStatistics

/// How many times as much of a gate's metric head has as base, with its interval and the p against the gate's limit.
struct RelativeEstimate {
  private(set) var estimate: MetricEstimate
  /// Two-sided, or one-sided where the gate's bound is; nil for what chance does not touch or no test knows.
  private(set) var p: Double?
  /// Whether it leaves out what answers without a grade would change.
  private(set) var isOpen = false
  /// The smallest ratio above 1 that such pairs show in four of five cases; nil where nothing is paired.
  private(set) var detectable: Double?

  /// Nil where the metric was not measured on both sides.
  init?(_ gate: Gate, _ pairing: Pairing, _ gradedAlike: Set<String>) {
    let made: RelativeEstimate?
    switch gate.metric {
    case .paired, .tokens: made = RelativeEstimate.paired(gate, pairing)
    case .clock: made = RelativeEstimate.statistic(gate, pairing)
    case .answered, .errorRate, .passRate, .score, .truncatedRate, .emptyRate, .firstTryRate:
      made = RelativeEstimate.share(gate, pairing, gradedAlike)
    case .usd, .usdPerThousandOK, .usdPerPass:
      made = RelativeEstimate.dollars(gate, pairing, gradedAlike)
    }
    guard let made else { return nil }
    self = made
    if gate.bound == .estimate {
      (estimate.low, estimate.high, estimate.confidence) = (estimate.value, estimate.value, 0)
      p = nil
    } else if gate.bound.isOneSided {
      p = p.map { $0 / 2 }
    }
  }

  private init(
    _ estimate: MetricEstimate, p: Double?, isOpen: Bool = false, detectable: Double? = nil
  ) {
    self.estimate = estimate
    self.p = p
    self.isOpen = isOpen
    self.detectable = detectable
  }

  private static func paired(_ gate: Gate, _ pairing: Pairing) -> RelativeEstimate? {
    let confidence = gate.bound.twoSidedConfidence
    guard let ratio = pairing.ratio(of: gate.metric, confidence: confidence, against: gate.limit),
      ratio.n > 0
    else { return nil }
    let estimate = MetricEstimate(
      n: ratio.n, value: ratio.ratio, low: ratio.low, high: ratio.high, confidence: 0.95)
    return RelativeEstimate(estimate, p: ratio.p, detectable: ratio.detectable)
  }

  private static func share(
    _ gate: Gate, _ pairing: Pairing, _ gradedAlike: Set<String>
  ) -> RelativeEstimate? {
    let isGraded = gate.metric == .passRate || gate.metric == .score
    func isIncluded(_ sample: SampleIdentity) -> Bool {
      !isGraded || gradedAlike.contains(sample.caseID)
    }
    guard let rates = pairing.rates(of: gate.metric, where: isIncluded), rates.n > 0 else {
      return nil
    }
    let extremes = isGraded ? pairing.extremes(of: gate.metric, where: isIncluded) : nil
    // McNemar's test is about 1 and may say less than the interval does; both must agree on a failure.
    let ratio = RateRange(rates: rates, extremes: extremes)
      .ratio(against: gate.limit, confidence: gate.bound.twoSidedConfidence)
    let estimate = MetricEstimate(
      n: rates.n, value: rates.ratio, low: ratio.low, high: ratio.high, confidence: 0.95)
    let isOpen = extremes != nil && !(ratio.low > gate.limit || ratio.high < gate.limit)
    return RelativeEstimate(estimate, p: ratio.p, isOpen: isOpen)
  }

  /// A percentile or a mean of either side's own, from its own interval.
  private static func statistic(_ gate: Gate, _ pairing: Pairing) -> RelativeEstimate? {
    let tallies = pairing.tallies
    guard let base = tallies.base.estimate(of: gate.metric, bound: gate.bound),
      let head = tallies.head.estimate(of: gate.metric, bound: gate.bound)
    else { return nil }
    let ratio = RatioOfEstimates(base: .init(base), head: .init(head))
    let estimate = MetricEstimate(
      n: min(base.n, head.n), value: ratio.ratio, low: ratio.low, high: ratio.high,
      confidence: 0.95)
    return RelativeEstimate(
      estimate, p: ratio.p(against: gate.limit, confidence: gate.bound.twoSidedConfidence))
  }

  /// Dollars were spent and not estimated: their ratio is what it is, for as many samples on either side.
  private static func dollars(
    _ gate: Gate, _ pairing: Pairing, _ gradedAlike: Set<String>
  ) -> RelativeEstimate? {
    let tallies = pairing.tallies
    func each(_ tally: Tally) -> Double? {
      guard gate.metric == .usd else {
        guard case .value(let value) = tally.estimate(of: gate.metric)?.value else { return nil }
        return value
      }
      return tally.n > 0 ? tally.usd.map { $0 / Double(tally.n) } : nil
    }
    guard let base = each(tallies.base), let head = each(tallies.head) else { return nil }
    let value: Bound = base > 0 ? .value(head / base) : head > 0 ? .unbounded : .value(1)
    let estimate = MetricEstimate(
      n: tallies.head.answered, value: value, low: value, high: value, confidence: 1)
    let hasGaps =
      gate.metric == .usdPerPass
      && pairing.extremes(of: .passRate) { gradedAlike.contains($0.caseID) } != nil
    return RelativeEstimate(estimate, p: nil, isOpen: hasGaps)
  }
}

private extension Gate.Bound {
  var isOneSided: Bool { self == .lower95 || self == .upper95 }

  /// A one-sided 95 % bound is an end of the two-sided 90 % interval.
  var twoSidedConfidence: Double { isOneSided ? 0.90 : 0.95 }
}

private extension RatioOfEstimates.Side {
  init(_ estimate: MetricEstimate) {
    self.init(value: estimate.value, low: estimate.low, high: estimate.high)
  }
}

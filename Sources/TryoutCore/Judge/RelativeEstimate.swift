import TryoutStatistics

/// How many times as much of a gate's metric head has as base, with its interval and the p against the gate's limit.
struct RelativeEstimate {
  let estimate: MetricEstimate
  /// Two-sided, or one-sided where the gate's bound is; nil for what chance does not touch or no test knows.
  let p: Double?

  /// Nil where the metric was not measured on both sides.
  init?(_ gate: Gate, _ pairing: Pairing, _ gradedAlike: Set<String>) {
    let made: (estimate: MetricEstimate, p: Double?)?
    switch gate.metric {
    case .paired, .tokens: made = RelativeEstimate.paired(gate, pairing)
    case .clock: made = RelativeEstimate.statistic(gate, pairing)
    case .answered, .errorRate, .passRate, .score, .truncatedRate, .emptyRate, .firstTryRate:
      made = RelativeEstimate.share(gate, pairing, gradedAlike)
    case .usd, .usdPerThousandOK, .usdPerPass: made = RelativeEstimate.dollars(gate, pairing)
    }
    guard let made else { return nil }
    if gate.bound == .estimate {
      let value = made.estimate.value
      estimate = MetricEstimate(
        n: made.estimate.n, value: value, low: value, high: value, confidence: 0)
      p = nil
    } else {
      estimate = made.estimate
      p = made.p.map { gate.bound.isOneSided ? $0 / 2 : $0 }
    }
  }

  private static func paired(_ gate: Gate, _ pairing: Pairing) -> (MetricEstimate, Double?)? {
    let confidence = gate.bound.twoSidedConfidence
    guard let ratio = pairing.ratio(of: gate.metric, confidence: confidence, against: gate.limit),
      ratio.n > 0
    else { return nil }
    let estimate = MetricEstimate(
      n: ratio.n, value: ratio.ratio, low: ratio.low, high: ratio.high, confidence: 0.95)
    return (estimate, ratio.p)
  }

  private static func share(
    _ gate: Gate, _ pairing: Pairing, _ gradedAlike: Set<String>
  ) -> (MetricEstimate, Double?)? {
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
    return (estimate, ratio.p)
  }

  /// A percentile or a mean of either side's own, from its own interval.
  private static func statistic(_ gate: Gate, _ pairing: Pairing) -> (MetricEstimate, Double?)? {
    let tallies = pairing.tallies
    guard let base = tallies.base.estimate(of: gate.metric, bound: gate.bound),
      let head = tallies.head.estimate(of: gate.metric, bound: gate.bound)
    else { return nil }
    let ratio = RatioOfEstimates(base: .init(base), head: .init(head))
    let estimate = MetricEstimate(
      n: min(base.n, head.n), value: ratio.ratio, low: ratio.low, high: ratio.high,
      confidence: 0.95)
    return (
      estimate, ratio.p(against: gate.limit, confidence: gate.bound.twoSidedConfidence)
    )
  }

  /// Dollars were spent and not estimated: their ratio is what it is, for as many samples on either side.
  private static func dollars(_ gate: Gate, _ pairing: Pairing) -> (MetricEstimate, Double?)? {
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
    return (estimate, nil)
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

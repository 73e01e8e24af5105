package import TryoutStatistics

/// A metric's value with the interval that chance leaves it, in the metric's unit.
package struct MetricEstimate: Sendable, Equatable, Codable {
  /// Observations it rests on.
  package var n: Int
  package var value: Bound
  package var low: Bound
  package var high: Bound
  /// The probability with which the interval covers the truth; 1 for sums, which chance does not touch.
  package var confidence: Double
  /// The figure over successes alone, where failures are ranked above them.
  package var successOnly: Double?

  package init(
    n: Int, value: Bound, low: Bound, high: Bound, confidence: Double, successOnly: Double? = nil
  ) {
    self.n = n
    self.value = value
    self.low = low
    self.high = high
    self.confidence = confidence
    self.successOnly = successOnly
  }
}

extension Tally {
  /// The value of a metric with its interval; nil where there is no observation.
  ///
  /// The confidence is that of the whole interval, or of a bound that has only one side.
  package func estimate(
    of metric: Metric, bound: Gate.Bound = .interval, confidence: Double = 0.95
  ) -> MetricEstimate? {
    switch metric {
    case .answered: proportion(answered, of: n, bound, confidence)
    case .errorRate(nil): proportion(errors, of: n, bound, confidence)
    case .errorRate(let kind?): proportion(failures[kind] ?? 0, of: n, bound, confidence)
    case .passRate: passRate(bound, confidence)
    case .truncatedRate: proportion(truncated, of: answered, bound, confidence)
    case .emptyRate: proportion(failures[.empty] ?? 0, of: n, bound, confidence)
    case .firstTryRate: proportion(firstTry, of: n, bound, confidence)
    case .score: score(bound, confidence)
    case .tokens: mean(of: values(metric), failures: 0, bound, confidence)
    case .usd: usd.map { exact($0) }
    case .usdPerThousandOK:
      if answered > 0 { usd.map { exact($0 / Double(answered) * 1000) } } else { nil }
    case .usdPerPass: if passed > 0 { usd.map(perPass) } else { nil }
    case .clock(let clock, let statistic): time(clock, statistic, bound, confidence)
    case .paired: nil
    }
  }

  /// Its interval covers whatever the grades of undecided answers would be: that none passes, and that all do.
  private func passRate(_ bound: Gate.Bound, _ confidence: Double) -> MetricEstimate? {
    var estimate = proportion(passed, of: graded, bound, confidence)
    guard undecided > 0 else { return estimate }
    let all = graded + undecided
    if let none = proportion(passed, of: all, bound, confidence) { estimate?.low = none.low }
    if let every = proportion(passed + undecided, of: all, bound, confidence) {
      estimate?.high = every.high
    }
    return estimate
  }

  /// Its interval covers all scores that the answers without one may have, from 0 to 1.
  private func score(_ bound: Gate.Bound, _ confidence: Double) -> MetricEstimate? {
    let scores = values(.score)
    var estimate = mean(of: scores, failures: 0, bound, confidence)
    guard unscored > 0 else { return estimate }
    func filled(_ score: Double) -> MetricEstimate? {
      mean(of: scores + Array(repeating: score, count: unscored), failures: 0, bound, confidence)
    }
    if let worst = filled(0) { estimate?.low = worst.low }
    if let best = filled(1) { estimate?.high = best.high }
    return estimate
  }

  private func perPass(_ usd: Double) -> MetricEstimate {
    var estimate = exact(usd / Double(passed))
    estimate.low = .value(usd / Double(passed + undecided))
    return estimate
  }

  /// Whether answers without a grade or a score leave a metric more open than chance does.
  func isOpen(_ metric: Metric) -> Bool {
    switch metric {
    case .passRate, .usdPerPass: undecided > 0
    case .score: unscored > 0
    default: false
    }
  }

  private func proportion(
    _ count: Int, of trials: Int, _ bound: Gate.Bound, _ confidence: Double
  ) -> MetricEstimate? {
    let proportion = Proportion(successes: count, trials: trials)
    guard let rate = proportion.rate else { return nil }
    let range: ClosedRange<Double> =
      switch bound {
      case .interval: proportion.wilson(confidence: confidence)
      case .lower95, .upper95:
        proportion.wilsonLowerBound(
          confidence: confidence)...proportion.wilsonUpperBound(
            confidence: confidence)
      case .estimate: rate...rate
      }
    return MetricEstimate(
      n: trials, value: .value(rate), low: .value(range.lowerBound),
      high: .value(range.upperBound), confidence: bound == .estimate ? 0 : confidence)
  }

  private func time(
    _ clock: Metric.Clock, _ statistic: Metric.Statistic, _ bound: Gate.Bound,
    _ confidence: Double
  ) -> MetricEstimate? {
    guard let sample = sample(of: clock) else { return nil }
    let percentile: Percentile
    switch statistic {
    case .mean: return mean(of: sample.successes, failures: sample.failures, bound, confidence)
    case .max:
      let value: Bound =
        sample.failures > 0 ? .unbounded : sample.max.map { .value($0) } ?? .unbounded
      return MetricEstimate(
        n: sample.count, value: value, low: value, high: value, confidence: 1,
        successOnly: sample.failures > 0 ? sample.max : nil)
    case .p50: percentile = .p50
    case .p90: percentile = .p90
    case .p95: percentile = .p95
    case .p99: percentile = .p99
    }
    let quantile = sample.quantile(percentile, confidence: confidence)
    var estimate = MetricEstimate(
      n: quantile.n, value: quantile.value, low: quantile.low, high: quantile.high,
      confidence: quantile.confidence,
      successOnly: sample.failures > 0 ? quantile.successOnly : nil)
    switch bound {
    case .interval: break
    case .lower95, .upper95:
      estimate.low = sample.lowerBound(of: percentile, confidence: confidence)
      estimate.high = sample.upperBound(of: percentile, confidence: confidence)
      estimate.confidence = confidence
    case .estimate:
      estimate.low = quantile.value
      estimate.high = quantile.value
      estimate.confidence = 0
    }
    return estimate
  }

  /// A mean with its bootstrap interval; one failure among times makes it unbounded.
  private func mean(
    of values: [Double], failures: Int, _ bound: Gate.Bound, _ confidence: Double
  ) -> MetricEstimate? {
    guard failures == 0 else {
      return MetricEstimate(
        n: values.count + failures, value: .unbounded, low: .unbounded, high: .unbounded,
        confidence: 1, successOnly: values.mean)
    }
    // A one-sided 95 % bound is an end of the two-sided 90 % interval.
    let twoSided = bound == .interval ? confidence : 2 * confidence - 1
    // Ten million draws at most: beyond a few thousand values more resamples change no printed digit.
    let resamples = max(200, min(2000, 10_000_000 / max(values.count, 1)))
    guard
      let mean = MeanEstimate(
        of: values, confidence: twoSided, resamples: resamples, seed: 1)
    else { return nil }
    let value = Bound.value(mean.value)
    if bound == .estimate {
      return MetricEstimate(n: mean.n, value: value, low: value, high: value, confidence: 0)
    }
    return MetricEstimate(
      n: mean.n, value: value,
      low: mean.interval.map { .value($0.lowerBound) } ?? .unavailable(needs: 2),
      high: mean.interval.map { .value($0.upperBound) } ?? .unavailable(needs: 2),
      confidence: confidence)
  }

  private func exact(_ value: Double) -> MetricEstimate {
    MetricEstimate(
      n: answered, value: .value(value), low: .value(value), high: .value(value), confidence: 1)
  }
}

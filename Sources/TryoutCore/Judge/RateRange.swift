import TryoutStatistics

/// Two sides' shares of the same trials, and what they would be should ungraded answers all be against head, and all for
/// it: whatever is said must hold either way.
struct RateRange {
  let rates: PairedRates
  /// Nil where no answer is ungraded.
  let extremes: (worst: PairedRates, best: PairedRates)?

  /// Of the difference, head less base.
  var interval: ClosedRange<Double> {
    let (worst, best) = extremes ?? (rates, rates)
    return worst.interval().lowerBound...best.interval().upperBound
  }

  /// Against no difference; 1 where ungraded answers could turn it round.
  var p: Double {
    guard let (worst, best) = extremes else { return rates.p() }
    let isSteady = worst.direction == rates.direction && best.direction == rates.direction
    return isSteady ? max(worst.p(), best.p()) : 1
  }

  /// The interval of the ratio, and p against one; 1 where ungraded answers could bring it there.
  func ratio(
    against limit: Double, confidence: Double = 0.95
  ) -> (low: Bound, high: Bound, p: Double) {
    guard let (worst, best) = extremes else {
      let ends = rates.ratioInterval(confidence: confidence)
      return (ends.low, ends.high, rates.p(against: limit))
    }
    let low = worst.ratioInterval(confidence: confidence).low
    let high = best.ratioInterval(confidence: confidence).high
    let isOpen = !(low > limit || high < limit)
    return (low, high, isOpen ? 1 : max(worst.p(against: limit), best.p(against: limit)))
  }
}

private extension PairedRates {
  /// -1, 0 or 1 as head has less, as much or more than base.
  var direction: Int {
    let difference = difference ?? 0
    return difference > 0 ? 1 : difference < 0 ? -1 : 0
  }
}

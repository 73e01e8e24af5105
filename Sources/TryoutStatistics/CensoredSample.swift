/// Measured successes and a count of failures, each of which ranks above every success.
///
/// Everything that was asked is a member, so a target cannot look fast by failing when it is slow.
package struct CensoredSample: Sendable, Equatable {
  /// The successes' values in ascending order.
  package let successes: [Double]
  /// How many failed: known to be worse than every success, not by how much.
  package let failures: Int

  /// Sorts once.
  ///
  /// Values must be finite and the count not negative. Both are preconditions rather than errors:
  /// durations come from integer nanoseconds, so that NaN can only be a mistake in our own code.
  package init(successes: [Double], failures: Int) {
    precondition(successes.allSatisfy(\.isFinite), "a measured value is finite")
    precondition(failures >= 0, "a count is not negative")
    var successes = successes
    successes.sortAscending()
    self.successes = successes
    self.failures = failures
  }

  /// All that was asked, failures included.
  package var count: Int { successes.count + failures }

  /// The smallest success.
  package var min: Double? { successes.first }

  /// The largest success; failures lie above it.
  package var max: Double? { successes.last }

  /// The mean of the successes alone, since a failure has no value to average.
  package var mean: Double? { successes.mean }

  /// The percentile by nearest rank over all, with its distribution-free interval.
  package func quantile(_ percentile: Percentile, confidence: Double = 0.95) -> QuantileEstimate {
    let ranks = percentile.confidenceRanks(of: count, confidence: confidence)
    let tail = Percentile.tail(confidence, .twoSided)
    let successRank = percentile.rank(of: successes.count)
    return QuantileEstimate(
      percentile: percentile,
      n: count,
      value: bound(at: count > 0 ? percentile.rank(of: count) : nil, orNeeds: 1),
      low: bound(at: ranks.low, orNeeds: percentile.minimumCountBelow(tail: tail)),
      high: bound(at: ranks.high, orNeeds: percentile.minimumCountAbove(tail: tail)),
      confidence: ranks.confidence,
      successOnly: successRank > 0 ? successes[successRank - 1] : nil
    )
  }

  /// The one-sided bound which the percentile exceeds with at least this confidence.
  package func lowerBound(of percentile: Percentile, confidence: Double = 0.95) -> Bound {
    let ranks = percentile.confidenceRanks(of: count, confidence: confidence, sides: .lower)
    return bound(
      at: ranks.low,
      orNeeds: percentile.minimumCount(confidence: confidence, sides: .lower)
    )
  }

  /// The one-sided bound which the percentile stays below with at least this confidence.
  package func upperBound(of percentile: Percentile, confidence: Double = 0.95) -> Bound {
    let ranks = percentile.confidenceRanks(of: count, confidence: confidence, sides: .upper)
    return bound(
      at: ranks.high,
      orNeeds: percentile.minimumCount(confidence: confidence, sides: .upper)
    )
  }

  private func bound(at rank: Int?, orNeeds needs: @autoclosure () -> Int) -> Bound {
    guard let rank else { return .unavailable(needs: needs()) }
    return rank <= successes.count ? .value(successes[rank - 1]) : .unbounded
  }
}

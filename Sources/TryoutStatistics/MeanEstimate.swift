/// A mean with its bootstrap intervals.
package struct MeanEstimate: Sendable, Equatable {
  /// How many values were averaged.
  package let n: Int
  /// The mean, in the unit of the values.
  package let value: Double
  /// The confidence that the intervals were made for; they reach it only roughly at small n.
  package let confidence: Double
  /// The middle of the bootstrap means; nil with one value, which says nothing about spread.
  package let percentileInterval: ClosedRange<Double>?
  /// The one to print: corrected for bias and skewness (BCa); nil with one value.
  package let interval: ClosedRange<Double>?
  /// All values are equal: the intervals are a point and prove nothing.
  package let isConstant: Bool

  /// Resamples the values, whose order matters to the seed; nil when there are none.
  ///
  /// Values must be finite. Costs `resamples` × n draws.
  package init?(
    of values: [Double],
    confidence: Double = 0.95,
    resamples: Int = 2000,
    seed: UInt64
  ) {
    precondition(values.allSatisfy(\.isFinite), "a measured value is finite")
    guard let mean = values.mean else { return nil }
    n = values.count
    value = mean
    self.confidence = confidence
    isConstant = values.allSatisfy { $0 == values[0] }
    guard values.count > 1 else {
      percentileInterval = nil
      interval = nil
      return
    }
    let bootstrap = Bootstrap(meanOf: values, mean, resamples: resamples, seed: seed)
    percentileInterval = bootstrap.percentileInterval(confidence: confidence)
    interval = bootstrap.acceleratedInterval(
      confidence: confidence,
      acceleration: isConstant ? 0 : Self.acceleration(of: values, mean: mean)
    )
  }

  /// Efron's acceleration Σd³ / 6(Σd²)^1.5 of a mean, whose jackknife deviations are those of the
  /// values themselves up to a factor that cancels.
  package static func acceleration(of values: [Double], mean: Double) -> Double {
    Bootstrap.acceleration(ofDeviations: values.map { $0 - mean })
  }
}

extension Bootstrap {
  /// The bootstrap of a mean that is already known.
  package init(meanOf values: [Double], _ mean: Double, resamples: Int, seed: UInt64) {
    self.init(estimate: mean, count: values.count, resamples: resamples, seed: seed) { positions in
      var sum = CompensatedSum()
      for position in positions { sum.add(values[position]) }
      return sum.value / Double(positions.count)
    }
  }
}

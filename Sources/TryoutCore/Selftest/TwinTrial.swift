package import TryoutStatistics

/// Whether one model that was entered twice came out as the same.
package struct TwinTrial: Sendable, Equatable {
  /// One of the clocks that were compared.
  package struct Verdict: Sendable, Equatable {
    package let clock: Metric.Clock
    /// The second of the twins by the first.
    package let comparison: PairedComparison

    /// Whether the interval leaves out 1.
    package var isDifferent: Bool {
      if case .value(let low) = comparison.low, low > 1 { return true }
      if case .value(let high) = comparison.high, high < 1 { return true }
      return comparison.low == .unbounded
    }
  }

  /// Of each interval: with two clocks an alarm is false in at most two of a hundred trials, and
  /// two alarms in a row in four of ten thousand.
  package static let confidence = 0.99

  package let verdicts: [Verdict]

  /// Compares the two by samples of the same prompt, case and repeat.
  package init(of samples: [SampleRecord], twins: (String, String)) {
    var pairs: [Place: (base: SampleRecord?, head: SampleRecord?)] = [:]
    for sample in samples where !sample.identity.warmup {
      let place = Place(sample.identity)
      if sample.identity.target == twins.0 { pairs[place, default: (nil, nil)].base = sample }
      if sample.identity.target == twins.1 { pairs[place, default: (nil, nil)].head = sample }
    }
    let clocks: [(Metric.Clock, @Sendable (SampleRecord) -> Int64?)] = [
      (.ttft, \.ttft), (.latency, \.latency),
    ]
    verdicts = clocks.map { clock, time in
      let compared = pairs.values.map { pair in
        PairedComparison.Pair(
          base: pair.base.flatMap(time).flatMap(Self.positive),
          head: pair.head.flatMap(time).flatMap(Self.positive))
      }
      return Verdict(
        clock: clock, comparison: PairedComparison(of: compared, confidence: Self.confidence))
    }
  }

  /// Whether any clock is said to differ.
  package var isAlarm: Bool { verdicts.contains(where: \.isDifferent) }

  /// What does not hold, in words.
  package var reasons: [String] {
    verdicts.compactMap { verdict in
      if verdict.isDifferent {
        return "one model entered twice differs from itself in \(verdict.clock.rawValue)"
      }
      guard case .value = verdict.comparison.low, case .value = verdict.comparison.high else {
        return "too few answers came to compare \(verdict.clock.rawValue)"
      }
      return nil
    }
  }

  /// What is asked of both twins.
  private struct Place: Hashable {
    var prompt: String
    var caseID: String
    var repetition: Int

    init(_ identity: SampleIdentity) {
      (prompt, caseID, repetition) = (identity.prompt, identity.caseID, identity.repetition)
    }
  }

  private static func positive(_ nanoseconds: Int64) -> Double? {
    nanoseconds > 0 ? Double(nanoseconds) : nil
  }
}

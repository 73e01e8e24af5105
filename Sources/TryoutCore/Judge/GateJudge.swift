import TryoutStatistics

/// What came of holding one gate against one target.
package struct GateResult: Sendable, Equatable, Codable {
  package enum Verdict: String, Sendable, Codable, CaseIterable {
    case pass, fail, inconclusive
    /// There was nothing to hold against the limit.
    case notEvaluable = "not_evaluable"
  }

  package var gate: String
  package var target: String
  package var severity: Gate.Severity
  package var verdict: Verdict
  package var estimate: MetricEstimate?
  /// Why, in half a sentence without the numbers: `too few samples: needs 72`.
  package var reason: String?
  /// Of gates against a baseline: the p against the limit, adjusted for being one of a family.
  package var p: Double?
}

extension Gate {
  /// Judges a tally: it fails only where the interval lies wholly beyond the limit and never passes without data.
  ///
  /// Gates against a baseline are judged by a `BaselineJudge`; without one there is nothing to compare with.
  ///
  /// With more confidence than the usual it takes more samples to pass or to fail.
  package func judge(_ tally: Tally, target: String, confidence: Double = 0.95) -> GateResult {
    var result = GateResult(
      gate: id, target: target, severity: severity, verdict: .notEvaluable)
    if against != nil || metric.isPaired {
      result.reason = "there is no baseline"
      return result
    }
    guard let estimate = tally.estimate(of: metric, bound: bound, confidence: confidence) else {
      result.reason = reasonForNothing(tally)
      return result
    }
    result.estimate = estimate
    result.verdict = verdict(on: estimate)
    if result.verdict == .inconclusive {
      result.reason =
        tally.isOpen(metric)
        ? "answers are ungraded, and the interval covers whatever they would get"
        : reasonForDoubt(estimate)
    }
    return result
  }

  /// The verdict that an interval allows.
  func verdict(on estimate: MetricEstimate) -> GateResult.Verdict {
    let beyond: Bool
    let within: Bool
    switch comparison {
    case .atMost:
      beyond = estimate.low > limit
      within = estimate.high <= limit
    case .atLeast:
      beyond = estimate.high < limit
      within = estimate.low >= limit
    case .equal:
      beyond = estimate.low > limit || estimate.high < limit
      within = estimate.low >= limit && estimate.high <= limit
    }
    return within ? .pass : beyond ? .fail : .inconclusive
  }

  private func reasonForNothing(_ tally: Tally) -> String {
    if tally.n == 0 { return "no sample ended" }
    switch metric {
    case .usd, .usdPerThousandOK, .usdPerPass:
      if tally.answered == 0 { return "nothing was answered" }
      return tally.usd == nil ? "the cost of some answers is unknown" : "nothing passed"
    case .passRate, .score:
      return tally.answered == 0 ? "nothing was answered" : "nothing was graded"
    default:
      return "no \(metric.name) was measured"
    }
  }

  func reasonForDoubt(_ estimate: MetricEstimate) -> String {
    for end in [estimate.high, estimate.low] {
      if case .unavailable(let needed) = end {
        return "too few samples: an interval needs \(needed)"
      }
    }
    return "the limit lies within the interval"
  }
}

extension Metric {
  /// Whether it compares sample by sample and has no value of its own.
  package var isPaired: Bool {
    if case .paired = self { true } else { false }
  }
}

extension Bound {
  /// Whether the bound certainly exceeds a limit; an end that does not exist never does.
  static func > (bound: Bound, limit: Double) -> Bool {
    switch bound {
    case .value(let value): value > limit
    case .unbounded: true
    case .unavailable: false
    }
  }

  static func < (bound: Bound, limit: Double) -> Bool {
    if case .value(let value) = bound { value < limit } else { false }
  }

  static func <= (bound: Bound, limit: Double) -> Bool {
    if case .value(let value) = bound { value <= limit } else { false }
  }

  static func >= (bound: Bound, limit: Double) -> Bool {
    switch bound {
    case .value(let value): value >= limit
    case .unbounded: true
    case .unavailable: false
    }
  }
}

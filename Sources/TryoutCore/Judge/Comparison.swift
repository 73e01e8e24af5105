package import TryoutStatistics

/// How head's answers differ from base's: one target in two runs, or two targets in one.
package struct Comparison: Sendable, Equatable {
  /// What was compared in one respect.
  package struct Finding: Sendable, Equatable {
    package enum Evidence: Sendable, Equatable {
      case ratio(PairedComparison)
      case rates(PairedRates)
    }

    /// `.paired` of a clock, a kind of tokens, or a share.
    package let metric: Metric
    package let evidence: Evidence
    /// The sides' own figures over what was compared: the median, the share, or the mean tokens.
    package let base: MetricEstimate?
    package let head: MetricEstimate?
    /// Samples of either side that take part.
    package let requests: (base: Int, head: Int)
    /// As the only test; nil for what is shown and not tested.
    package let p: Double?
    /// For being one of a family of tests; equal to `p` until a family adjusted it.
    package fileprivate(set) var adjustedP: Double?

    package static func == (one: Finding, other: Finding) -> Bool {
      (one.metric, one.base, one.head, one.p, one.adjustedP)
        == (other.metric, other.base, other.head, other.p, other.adjustedP)
        && one.evidence == other.evidence && one.requests == other.requests
    }
  }

  package enum Verdict: String, Sendable {
    case better, worse
    /// No difference was shown, which does not mean that there is none.
    case undecided
    /// Too few pairs for any difference to show, or the respect is not tested.
    case unknown
  }

  package let unit: Pairing.Unit
  /// Questions that both sides were asked, and those of one side alone.
  package let questions: Int
  package let onlyBase: Int
  package let onlyHead: Int
  package private(set) var findings: [Finding]
  /// US dollars for each answer; nil where any is unknown.
  package let usdPerAnswer: (base: Double?, head: Double?)

  /// Compares in every respect that was measured on both sides.
  ///
  /// Pass rates and scores only of cases that `isGradedAlike` lets through: different checks are no difference of answers.
  package init(
    _ pairing: Pairing, isGradedAlike: (SampleIdentity) -> Bool = { _ in true },
    timesAreComparable: Bool = true
  ) {
    unit = pairing.unit
    questions = pairing.questions
    onlyBase = pairing.onlyBase.count
    onlyHead = pairing.onlyHead.count
    let tallies = pairing.tallies
    func perAnswer(_ tally: Tally) -> Double? { tally.usd.map { $0 / Double(tally.answered) } }
    usdPerAnswer = (perAnswer(tallies.base), perAnswer(tallies.head))
    let requests = pairing.requests
    var findings: [Finding] = []
    for metric in Comparison.tested + Comparison.shown {
      let isTested = Comparison.tested.contains(metric)
      if metric.isPaired, !timesAreComparable { continue }
      if metric.unit == .share {
        let isGraded = metric == .passRate
        let isIncluded = isGraded ? isGradedAlike : { _ in true }
        guard let rates = pairing.rates(of: metric, where: isIncluded) else { continue }
        var p = rates.p()
        if isGraded, let (worst, best) = pairing.extremes(of: metric, where: isIncluded) {
          // A difference is one only where ungraded answers could not turn it round.
          let isOpen = worst.direction != rates.direction || best.direction != rates.direction
          p = isOpen ? 1 : max(worst.p(), best.p())
        }
        findings.append(
          Finding(
            metric: metric, evidence: .rates(rates), base: tallies.base.estimate(of: metric),
            head: tallies.head.estimate(of: metric), requests: requests, p: p,
            adjustedP: p))
      } else if let ratio = pairing.ratio(of: metric) {
        findings.append(
          Finding(
            metric: metric, evidence: .ratio(ratio), base: tallies.base.headline(of: metric),
            head: tallies.head.headline(of: metric), requests: requests,
            p: isTested ? ratio.p : nil, adjustedP: isTested ? ratio.p : nil))
      }
    }
    self.findings = findings
  }

  package static func == (one: Comparison, other: Comparison) -> Bool {
    one.unit == other.unit && one.questions == other.questions && one.onlyBase == other.onlyBase
      && one.onlyHead == other.onlyHead && one.findings == other.findings
      && one.usdPerAnswer == other.usdPerAnswer
  }

  /// The respects in which a difference decides something; each is a test of its family.
  package static let tested: [Metric] = [.paired(.latency), .paired(.ttft), .answered, .passRate]
  /// Shown beside them: samples that waited in one queue are no independent evidence on their total times, and a longer
  /// answer is neither better nor worse.
  package static let shown: [Metric] = [.paired(.total), .tokens(.output), .tokens(.input)]

  package subscript(metric: Metric) -> Finding? { findings.first { $0.metric == metric } }

  /// Makes one family of all tests of several comparisons, so that the chance of any false alarm is 5 %.
  package static func adjust(_ comparisons: inout [Comparison]) {
    let places = comparisons.indices.flatMap { comparison in
      comparisons[comparison].findings.indices.compactMap { finding in
        comparisons[comparison].findings[finding].p.map { (comparison, finding, $0) }
      }
    }
    for (place, adjusted) in zip(places, holmAdjusted(places.map(\.2))) {
      comparisons[place.0].findings[place.1].adjustedP = adjusted
    }
  }
}

extension Comparison.Finding {
  /// Fewest pairs of which a difference could show at 5 %.
  static let fewest = 6

  /// Pairs that take part: questions, or requests where these are the unit.
  package var n: Int {
    switch evidence {
    case .ratio(let ratio): ratio.n
    case .rates(let rates): rates.n
    }
  }

  /// Whether head is better or worse, the family of tests considered.
  package var verdict: Comparison.Verdict {
    guard let adjustedP, n >= Self.fewest else { return .unknown }
    guard adjustedP <= 0.05 else { return .undecided }
    switch evidence {
    case .ratio(let ratio):
      // Where many ratios are exactly 1 the test leaves them out and the interval does not: both must agree.
      if ratio.low > 1 { return .worse }
      return ratio.high < 1 ? .better : .undecided
    case .rates(let rates):
      guard let difference = rates.difference, difference != 0 else { return .undecided }
      return difference > 0 ? .better : .worse
    }
  }

  /// Whether the interval alone would say that there is a difference, which the family takes back.
  package var isTakenBack: Bool {
    guard let p, let adjustedP else { return false }
    return p <= 0.05 && adjustedP > 0.05 && n >= Self.fewest
  }
}

private extension Tally {
  /// The figure that stands for a clock, or a kind of tokens, on one side.
  func headline(of metric: Metric) -> MetricEstimate? {
    if case .paired = metric { return estimate(of: metric.headline) }
    // Without its interval, which a bootstrap of many nights would take seconds for: the ratio has one.
    let counts = values(metric)
    return counts.mean.map {
      MetricEstimate(
        n: counts.count, value: .value($0), low: .value($0), high: .value($0), confidence: 0)
    }
  }
}

extension Metric {
  /// The figure that stands for a clock on each side.
  package var headline: Metric {
    if case .paired(let clock) = self { .clock(clock, .p50) } else { self }
  }
}

private extension PairedRates {
  /// -1, 0 or 1 as head has less, as much or more than base.
  var direction: Int {
    let difference = difference ?? 0
    return difference > 0 ? 1 : difference < 0 ? -1 : 0
  }
}

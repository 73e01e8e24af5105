package import TryoutStatistics

/// How head's answers differ from base's: one target in two runs, or two targets in one.
package struct Comparison: Sendable, Equatable {
  /// What was compared in one respect.
  package struct Finding: Sendable, Equatable {
    package enum Evidence: Sendable, Equatable {
      case ratio(PairedComparison)
      /// The interval is of the difference; where answers are ungraded, it covers whatever they would have got.
      case rates(PairedRates, interval: ClosedRange<Double>)
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
    /// Held against the smallest change that counts; nil where every change does.
    package fileprivate(set) var effect: Effect?
    /// Whether answers without a grade leave more open than chance does.
    package let isOpen: Bool

    package static func == (one: Finding, other: Finding) -> Bool {
      (one.metric, one.base, one.head, one.p, one.adjustedP)
        == (other.metric, other.base, other.head, other.p, other.adjustedP)
        && one.evidence == other.evidence && one.requests == other.requests
        && one.effect == other.effect && one.isOpen == other.isOpen
    }
  }

  /// How a ratio compares with the smallest one that counts.
  package struct Effect: Sendable, Equatable {
    package let minimum: MinimumEffect
    /// The ratio of the two, head by base, that it must lie beyond.
    package let limit: Double
    /// The interval of the ratio, of shares too.
    package let low: Bound
    package let high: Bound
    /// Against the limit, as the only test.
    package let p: Double
    /// For being one of the family; equal to `p` until a family adjusted it.
    package fileprivate(set) var adjustedP: Double

    /// Nil where every difference counts.
    fileprivate init?(
      _ minimum: MinimumEffect, _ ratio: Bound,
      against: (Double) -> (low: Bound, high: Bound, p: Double)
    ) {
      guard minimum != .none else { return nil }
      self.minimum = minimum
      limit = ratio > 1 ? minimum.increase : minimum.decrease
      (low, high, p) = against(limit)
      adjustedP = p
    }

    /// Whether the whole interval lies beyond the limit, the family of tests considered.
    var isBeyond: Bool { adjustedP <= Comparison.level && (limit > 1 ? low > limit : high < limit) }

    /// Whether the whole interval lies short of it.
    package var isShort: Bool { limit > 1 ? high < limit : low > limit }
  }

  package enum Verdict: String, Sendable {
    case better, worse
    /// A difference that is not shown to be as large as those that count.
    case slight
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
  /// What is smaller than a `minimum` effect is no verdict.
  package init(
    _ pairing: Pairing, isGradedAlike: (SampleIdentity) -> Bool = { _ in true },
    timesAreComparable: Bool = true, minimum: (Metric) -> MinimumEffect = { _ in .none }
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
        let open = isGraded ? pairing.extremes(of: metric, where: isIncluded) : nil
        let range = RateRange(rates: rates, extremes: open)
        findings.append(
          Finding(
            metric: metric, evidence: .rates(rates, interval: range.interval),
            base: tallies.base.estimate(of: metric), head: tallies.head.estimate(of: metric),
            requests: requests, p: range.p, adjustedP: range.p,
            effect: Effect(minimum(metric), rates.ratio) { range.ratio(against: $0) },
            isOpen: open != nil))
      } else if let ratio = pairing.ratio(of: metric) {
        let minimum = isTested ? minimum(metric) : .none
        findings.append(
          Finding(
            metric: metric, evidence: .ratio(ratio), base: tallies.base.headline(of: metric),
            head: tallies.head.headline(of: metric), requests: requests,
            p: isTested ? ratio.p : nil, adjustedP: isTested ? ratio.p : nil,
            effect: Effect(minimum, ratio.ratio) {
              (ratio.low, ratio.high, pairing.ratio(of: metric, against: $0)?.p ?? 1)
            }, isOpen: false))
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

  /// The chance of any false alarm that a family of tests may have, in comparisons, gates, contests and trends alike.
  static let level = 0.05

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
    // Against the limits they are a family of their own, of as many tests.
    let limits = places.map { comparisons[$0.0].findings[$0.1].effect?.p ?? $0.2 }
    for (place, adjusted) in zip(places, holmAdjusted(limits)) {
      comparisons[place.0].findings[place.1].effect?.adjustedP = adjusted
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
    case .rates(let rates, _): rates.n
    }
  }

  /// Whether head is better or worse, the family of tests considered.
  package var verdict: Comparison.Verdict {
    guard let adjustedP, n >= Self.fewest else { return .unknown }
    guard adjustedP <= Comparison.level, let isMore else { return .undecided }
    guard effect?.isBeyond ?? true else { return .slight }
    return isMore == metric.isBetterWhenLarger ? .better : .worse
  }

  /// Whether head has more than base, or less; nil where neither is shown whatever p says.
  package var isMore: Bool? {
    switch evidence {
    case .ratio(let ratio):
      // Where many ratios are exactly 1 the test leaves them out and the interval does not: both must agree.
      if ratio.low > 1 { return true }
      return ratio.high < 1 ? false : nil
    case .rates(let rates, _):
      guard let difference = rates.difference, difference != 0 else { return nil }
      return difference > 0
    }
  }

  /// Whether the interval alone would say that there is a difference, which the family takes back.
  package var isTakenBack: Bool {
    guard let p, let adjustedP else { return false }
    return p <= Comparison.level && adjustedP > Comparison.level && n >= Self.fewest
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

import TryoutStatistics

/// Which of several targets is better by each ranking key: every pair by every key, question by question.
///
/// The pairs with the current default are one family of tests (Holm), since they decide whether it is replaced; all
/// others, which only put challengers and fallbacks in order, are another. In each, the chance of any difference that
/// is not there is at most 5 %.
package struct Contest: Sendable, Equatable {
  /// Two targets by one key.
  package struct Bout: Sendable, Equatable {
    /// What tells bouts of one contest apart.
    struct Name: Sendable, Hashable {
      let key: Metric
      let base: String
      let head: String
    }

    package let key: Metric
    package let base: String
    package let head: String
    /// How many times as much head has as base; nil where it was not measured on both sides.
    package let ratio: MetricEstimate?
    /// As the only test; nil for sums of money, which chance does not touch, and where nothing could be tested.
    package fileprivate(set) var p: Double?
    /// At the last look, as if it were the only one.
    let latestP: Double?
    /// Whether answers without a grade could still tip it.
    let isOpen: Bool
    /// For being one of its family.
    package fileprivate(set) var adjustedP: Double?
    /// The ratio that would be shown in four of five such runs, were it the only test; nil where pairs do not tell.
    package let detectable: Double?

    var name: Name { Name(key: key, base: base, head: head) }

    /// By how many standard deviations the last look, as if it were the only one, speaks for a target of the two; nil
    /// where it is not tested, or not known.
    func evidence(for target: String) -> Double? {
      guard let latestP, !isOpen, let ratio else { return nil }
      guard latestP < 1, let direction = ratio.value.direction else { return 0 }
      let z = -normalQuantile(max(latestP, 1e-300) / 2)
      return ((direction > 0) == key.isBetterWhenLarger) == (target == head) ? z : -z
    }

    /// Which of the two is shown to be better; nil inside a tie.
    package var winner: String? {
      guard let ratio, let direction = ratio.value.direction, !isOpen else { return nil }
      switch key {
      case .usd, .usdPerThousandOK, .usdPerPass:
        // What was spent is known, but not what ungraded answers are worth; below a tenth it is no reason to change anything.
        if case .value(let value) = ratio.value, value < 1.1, value > 1 / 1.1 { return nil }
      default:
        guard let adjustedP, adjustedP <= Comparison.level, ratio.n >= Comparison.Finding.fewest
        else {
          return nil
        }
        // Where many ratios are exactly 1 the test leaves them out and the interval does not: both must agree.
        if key.isPaired, !(ratio.low > 1 || ratio.high < 1) { return nil }
      }
      return (direction > 0) == key.isBetterWhenLarger ? head : base
    }

    var loser: String? { winner.map { $0 == head ? base : head } }
  }

  package let bouts: [Bout]
  private let current: String?

  /// Lets targets compete, by what they answered to the same questions.
  ///
  /// Of a run that looked at its samples several times a test counts as the design says that it may after so many.
  init(
    of targets: [String], by keys: [Metric], current: String?, in suite: Suite,
    looks: Looks
  ) {
    var bouts: [Bout] = []
    let cases = Set(suite.cases.map(\.id))
    for (index, base) in targets.enumerated() {
      for head in targets[(index + 1)...] {
        guard looks.count > 0 else { continue }
        let empty = Answers(by: .names)
        let pairing = Pairing(
          base: looks.answers[base] ?? empty, head: looks.answers[head] ?? empty)
        for key in keys {
          var bout = Bout(of: key, base: base, head: head, pairing, cases)
          bout.p = looks.repeatedP(of: bout.name, latest: bout.latestP)
          bouts.append(bout)
        }
      }
    }
    for isAboutCurrent in [true, false] {
      let family = bouts.indices.filter {
        bouts[$0].isAbout(current) == isAboutCurrent && bouts[$0].p != nil
      }
      let adjusted = holmAdjusted(family.compactMap { bouts[$0].p })
      for (place, p) in zip(family, adjusted) { bouts[place].adjustedP = p }
    }
    self.bouts = bouts
    self.current = current
  }

  /// The level that the next of a bout's family must reach to be shown: what Holm leaves each of those that are not.
  func levelLeft(for bout: Bout) -> Double {
    let family = bouts.filter {
      $0.isAbout(current) == bout.isAbout(current) && ($0.adjustedP ?? 0) > Comparison.level
    }
    return Comparison.level / Double(max(1, family.count))
  }

  /// The bouts of two targets, by the keys in their order.
  package func bouts(_ one: String, _ other: String) -> [Bout] {
    bouts.filter { Set([$0.base, $0.head]) == [one, other] }
  }

  /// The first key by which one of two targets is shown to be better; nil where they are tied by all.
  package func decision(_ one: String, _ other: String) -> Bout? {
    bouts(one, other).first { $0.winner != nil }
  }

  /// Whether one target is shown to be better than another by the first key that tells them apart.
  package func isBetter(_ one: String, than other: String) -> Bool {
    decision(one, other)?.winner == one
  }

  /// Those among targets that none of them is shown to be better than, key by key, in the order given; never empty
  /// where there are any.
  func best(of targets: [String], by keys: [Metric]) -> [String] {
    var left = targets
    for key in keys {
      let beaten = Set(
        bouts.filter { $0.key == key && left.contains($0.base) && left.contains($0.head) }
          .compactMap(\.loser))
      let unbeaten = left.filter { !beaten.contains($0) }
      // Pairs are tested on different questions where some were left out, so that each may beat the next in a circle.
      if !unbeaten.isEmpty { left = unbeaten }
    }
    return left
  }
}

private extension Contest.Bout {
  init(of key: Metric, base: String, head: String, _ pairing: Pairing, _ cases: Set<String>) {
    let relation = pairing.questions > 0 ? RelativeEstimate(of: key, pairing, cases) : nil
    self.init(
      key: key, base: base, head: head, ratio: relation?.estimate, p: relation?.p,
      latestP: relation?.p, isOpen: relation?.isOpen ?? false, adjustedP: relation?.p,
      detectable: relation?.detectable)
  }

  func isAbout(_ target: String?) -> Bool { base == target || head == target }
}

extension RelativeEstimate {
  /// Against 1, with a two-sided interval and p.
  init?(of metric: Metric, _ pairing: Pairing, _ gradedAlike: Set<String>) {
    self.init(Gate(id: "", metric: metric, .atMost, 1, text: ""), pairing, gradedAlike)
  }
}

private extension Bound {
  /// On which side of 1 it lies; nil where it is 1 or nothing is known.
  var direction: Int? {
    switch self {
    case .value(let value): value > 1 ? 1 : value < 1 ? -1 : nil
    case .unbounded: 1
    case .unavailable: nil
    }
  }
}

import TryoutStatistics

/// Which of several targets is better by each ranking key: every pair by every key, question by question.
///
/// The pairs with the current default are one family of tests (Holm), since they decide whether it is replaced; all
/// others, which only put challengers and fallbacks in order, are another. In each, the chance of any difference that
/// is not there is at most 5 %.
package struct Contest: Sendable, Equatable {
  /// Two targets by one key.
  package struct Bout: Sendable, Equatable {
    package let key: Metric
    package let base: String
    package let head: String
    /// How many times as much head has as base; nil where it was not measured on both sides.
    package let ratio: MetricEstimate?
    /// As the only test; nil for sums of money, which chance does not touch, and where nothing could be tested.
    package fileprivate(set) var p: Double?
    /// At the last look, as if it were the only one.
    let latestP: Double?
    /// For being one of its family.
    package fileprivate(set) var adjustedP: Double?
    /// The spread of ln(head / base) from pair to pair, as far as pairs were compared.
    package let detectable: Double?

    /// Which of the two is shown to be better; nil inside a tie.
    package var winner: String? {
      guard let ratio, let direction = ratio.value.direction else { return nil }
      switch key {
      case .usd, .usdPerThousandOK, .usdPerPass:
        // What was spent is known; below a tenth it is no reason to change anything.
        if case .value(let value) = ratio.value, value < 1.1, value > 1 / 1.1 { return nil }
      default:
        guard let adjustedP, adjustedP <= 0.05, ratio.n >= Comparison.Finding.fewest else {
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
        var stages = looks.answers.map { look in
          keys.map { Bout(of: $0, base: base, head: head, answers: look, cases) }
        }
        guard var last = stages.popLast() else { continue }
        if let design = looks.design {
          for key in keys.indices {
            last[key].p = design.repeatedP(of: (stages + [last]).map { $0[key].p })
          }
        }
        bouts += last
      }
    }
    for isAboutCurrent in [true, false] {
      let family = bouts.indices.filter {
        (bouts[$0].base == current || bouts[$0].head == current) == isAboutCurrent
          && bouts[$0].p != nil
      }
      let adjusted = holmAdjusted(family.compactMap { bouts[$0].p })
      for (place, p) in zip(family, adjusted) { bouts[place].adjustedP = p }
    }
    self.bouts = bouts
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
  init(
    of key: Metric, base: String, head: String, answers: [String: Answers], _ cases: Set<String>
  ) {
    let empty = Answers(by: .names)
    let pairing = Pairing(base: answers[base] ?? empty, head: answers[head] ?? empty)
    let relation = pairing.questions > 0 ? RelativeEstimate(of: key, pairing, cases) : nil
    self.init(
      key: key, base: base, head: head, ratio: relation?.estimate, p: relation?.p,
      latestP: relation?.p,
      adjustedP: relation?.p, detectable: key.isPaired ? pairing.ratio(of: key)?.detectable : nil)
  }
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

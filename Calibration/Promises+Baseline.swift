import TryoutStatistics

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A baseline of several nights: what a question is held against, and how change points cut it.
extension Promise {
  /// How one night of one question is to be compared with seven others.
  private enum Partner {
    /// One of the nights, drawn: what `Pairing` does.
    case drawn
    /// The middle of all nights, failures ranked above every time.
    case median
  }

  /// Forty questions that some nights do not answer, with times that are skew even as logarithms: mostly near the
  /// fastest, now and then far above.
  private static func pairs(
    _ partner: Partner, ratio: Double = 1, failing: Double, _ generator: inout SplitMix64
  ) -> [PairedComparison.Pair] {
    (0..<40).map { _ in
      let question = exp(World.questions * generator.normal())
      func answer(_ ratio: Double) -> Double? {
        let time = ratio * question * exp(-World.repeats * log(1 - generator.unit()))
        return generator.unit() < failing ? nil : time
      }
      let nights = (0..<7).map { _ in answer(1) }
      let head = answer(ratio)
      switch partner {
      case .drawn:
        return PairedComparison.Pair(base: nights[generator.index(below: 7)], head: head)
      case .median:
        let middle = nights.map { $0 ?? .infinity }.sorted()[3]
        return PairedComparison.Pair(base: middle.isFinite ? middle : nil, head: head)
      }
    }
  }

  static var baselines: [Promise] {
    func differs(_ partner: Partner, _ world: String, failing: Double, _ claim: Claim) -> Promise {
      let what =
        partner == .drawn ? "a night drawn for each question" : "medians over 7 nights, not used"
      return Promise("\(what), p ≤ 0.05", world, n: 40, claim, worlds: 4000) {
        PairedComparison(of: pairs(partner, failing: failing, &$0)).p <= 0.05
      }
    }
    func finds(_ partner: Partner) -> Promise {
      let what =
        partner == .drawn ? "a night drawn for each question" : "medians over 7 nights, not used"
      return Promise(
        "\(what), p ≤ 0.05", "1.3 times as slow, skew times", n: 40, .atLeast(0.8), worlds: 4000
      ) {
        PairedComparison(of: pairs(partner, ratio: 1.3, failing: 0, &$0)).p <= 0.05
      }
    }
    return [
      differs(.drawn, "unchanged, skew times", failing: 0, .atMost(0.05)),
      differs(.drawn, "unchanged, skew times, one in seven fails", failing: 1.0 / 7, .atMost(0.05)),
      differs(.median, "unchanged, skew times", failing: 0, .atLeast(0.08)),
      differs(
        .median, "unchanged, skew times, one in seven fails", failing: 1.0 / 7, .atLeast(0.08)),
      finds(.drawn),
    ] + cuts
  }

  /// Whether a series of nights changed: counted out where they are few, drawn where they are many, one series or several.
  private static var cuts: [Promise] {
    func series(_ count: Int, from step: Int, by ratio: Double, _ generator: inout SplitMix64)
      -> [Double]
    {
      (0..<count).map { 0.1 * generator.normal() + ($0 < step ? 0 : log(ratio)) }
    }
    let unchanged = [8, 14, 30].map { count in
      Promise(
        "any change of a series, p ≤ 0.05", "unchanged nights", n: count, .atMost(0.05),
        worlds: 1000
      ) {
        !ChangePoint.all(in: series(count, from: count, by: 1, &$0), seed: $0.next()).isEmpty
      }
    }
    return unchanged + [
      Promise(
        "any change but the true one, p ≤ 0.05", "a step of 50 % in the middle", n: 30,
        .atMost(0.05), worlds: 500
      ) {
        let found = ChangePoint.all(in: series(30, from: 15, by: 1.5, &$0), seed: $0.next())
        return found.contains { abs($0.index - 15) > 1 }
      },
      Promise(
        "a step of 25 % is found", "nights differ by 10 %, three after it", n: 14, .atLeast(0.3),
        worlds: 500
      ) {
        let found = ChangePoint.all(in: series(14, from: 11, by: 1.25, &$0), seed: $0.next())
        return found.contains { abs($0.index - 11) <= 1 }
      },
      Promise(
        "a step of 25 % is found", "nights differ by 10 %, five after it", n: 14, .atLeast(0.6),
        worlds: 500
      ) {
        let found = ChangePoint.all(in: series(14, from: 9, by: 1.25, &$0), seed: $0.next())
        return found.contains { abs($0.index - 9) <= 1 }
      },
    ]
  }
}

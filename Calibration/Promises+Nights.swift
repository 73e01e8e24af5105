import TryoutCore
import TryoutStatistics

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

extension Promise {
  private static func differs(_ base: Answers, _ head: Answers) -> Bool {
    (Pairing(base: base, head: head).ratio(of: .paired(.latency))?.p ?? 1) <= 0.05
  }

  /// A run against another, or against several nights, where nothing has changed.
  static var unchangedNights: [Promise] {
    var all: [Promise] = []
    let kinds: [(world: String, questions: Int, repeats: Int, wobble: Double)] = [
      ("40 questions", 40, 1, 0), ("20 questions, 3 repeats", 20, 3, 0),
      ("12 questions, 5 repeats that wobble together", 12, 5, 0.1),
      ("3 questions, 20 repeats", 3, 20, 0),
    ]
    for kind in kinds {
      all.append(
        Promise(
          "compare two runs, p ≤ 0.05", kind.world, n: kind.questions * kind.repeats,
          .atMost(0.05), worlds: 4000
        ) {
          var world = NightWorld(questions: kind.questions, repeats: kind.repeats, &$0)
          world.wobble = kind.wobble
          return differs(world.night(&$0), world.night(&$0))
        })
    }
    all.append(
      Promise(
        "compare with 7 nights, p ≤ 0.05", "one in ten fails", n: 40, .atMost(0.05), worlds: 4000
      ) {
        var world = NightWorld(questions: 40, repeats: 1, &$0)
        world.failing = 0.1
        return differs(world.baseline(nights: 7, &$0), world.night(&$0))
      })
    all.append(
      Promise(
        "compare, any of 20 tests after Holm", "5 targets, one in twenty fails", n: 30,
        .atMost(0.05), worlds: 2000
      ) {
        var family: [Comparison] = []
        for _ in 0..<5 {
          var world = NightWorld(questions: 30, repeats: 1, passing: 0.9, &$0)
          world.failing = 0.05
          family.append(
            Comparison(Pairing(base: world.night(&$0), head: world.night(&$0))))
        }
        Comparison.adjust(&family)
        return family.flatMap(\.findings).contains { $0.verdict == .worse || $0.verdict == .better }
      })
    for (questions, repeats) in [(40, 1), (20, 3)] {
      all.append(
        Promise(
          "pass rate of two runs, p ≤ 0.05", "both pass 0.8, \(repeats) repeats",
          n: questions * repeats, .atMost(0.05), worlds: 4000
        ) {
          let world = NightWorld(questions: questions, repeats: repeats, passing: 0.8, &$0)
          let pairing = Pairing(base: world.night(&$0), head: world.night(&$0))
          return (pairing.rates(of: .passRate)?.p() ?? 1) <= 0.05
        })
    }
    return all + gates
  }

  /// Gates that compare with a baseline, on nights in which nothing has changed, and rules that do without intervals.
  private static var gates: [Promise] {
    let gate = GatedNight(limit: 1.1)
    var all: [Promise] = []
    for (world, drift, ratio) in [
      ("unchanged", 0.0, 1.0), ("nights differ by 5 %", 0.05, 1.0),
      ("exactly at the limit", 0.0, 1.1),
    ] {
      all.append(
        Promise(
          "gate at 1.10x against 7 nights fails", world, n: 40, .atMost(0.05), worlds: 4000
        ) {
          var nights = NightWorld(questions: 40, repeats: 1, &$0)
          nights.drift = drift
          return gate.fails(
            base: nights.baseline(nights: 7, &$0), tonight: nights.night(ratio: ratio, &$0))
        })
    }
    all.append(
      Promise(
        "the same with --confirm", "exactly at the limit", n: 40, .atMost(0.05), worlds: 4000
      ) {
        let nights = NightWorld(questions: 40, repeats: 1, &$0)
        return gate.fails(
          base: nights.baseline(nights: 7, &$0), tonight: nights.night(ratio: 1.1, &$0),
          fresh: nights.night(ratio: 1.1, &$0))
      })
    let passes = GatedNight(.passRate, .atLeast, limit: 0.95)
    all.append(
      Promise(
        "pass rate gate at 0.95x fails", "unchanged, passes 0.8", n: 40, .atMost(0.05),
        worlds: 4000
      ) {
        let nights = NightWorld(questions: 40, repeats: 1, passing: 0.8, &$0)
        return passes.fails(base: nights.baseline(nights: 7, &$0), tonight: nights.night(&$0))
      })
    return all
  }

  /// What is often done instead, and why it is not done here: each raises the alarm on far more unchanged nights than
  /// one in twenty.
  static var rulesNotTaken: [Promise] {
    func p95(_ answers: Answers) -> Double {
      let tallies = Pairing(base: answers, head: answers).tallies
      guard case .value(let value) = tallies.base.estimate(of: .clock(.latency, .p95))?.value
      else { return .infinity }
      return value
    }
    return [20, 50, 100].map { n in
      Promise(
        "p95 above 1.20 × last night's", "unchanged, other questions each night", n: n,
        .atLeast(0.08), worlds: 4000
      ) {
        let last = NightWorld(questions: n, repeats: 1, &$0).night(&$0)
        return p95(NightWorld(questions: n, repeats: 1, &$0).night(&$0)) > 1.2 * p95(last)
      }
    }
      + [20, 50].map { n in
        Promise(
          "p95 above 1.20 × last night's", "unchanged, the same questions", n: n, .atLeast(0.05),
          worlds: 4000
        ) {
          let world = NightWorld(questions: n, repeats: 1, &$0)
          return p95(world.night(&$0)) > 1.2 * p95(world.night(&$0))
        }
      } + [
        Promise(
          "each repeat as evidence of its own", "12 questions, 5 repeats that wobble together",
          n: 60, .atLeast(0.08), worlds: 4000
        ) {
          var world = NightWorld(questions: 12, repeats: 5, &$0)
          world.wobble = 0.1
          let (base, head) = (world.night(&$0), world.night(&$0))
          // Six questions at a time are fewer than those from which on questions count.
          let p = [0..<6, 6..<12].map { half in
            let pairing = Pairing(base: base, head: head) { half.contains(Int($0.caseID) ?? 0) }
            return pairing.ratio(of: .paired(.latency))?.p ?? 1
          }
          return holmAdjusted(p).contains { $0 <= 0.05 }
        }
      ]
  }

  /// What has changed is seen.
  static var changedNights: [Promise] {
    let gate = GatedNight(limit: 1.1)
    func slow(_ ratio: Double, isConfirmed: Bool) -> Promise {
      Promise(
        "gate at 1.10x fails" + (isConfirmed ? " with --confirm" : ""), "\(ratio) times as slow",
        n: 40, .atLeast(0.8), worlds: 4000
      ) {
        let nights = NightWorld(questions: 40, repeats: 1, &$0)
        return gate.fails(
          base: nights.baseline(nights: 7, &$0), tonight: nights.night(ratio: ratio, &$0),
          fresh: isConfirmed ? nights.night(ratio: ratio, &$0) : nil)
      }
    }
    return [slow(1.3, isConfirmed: false), slow(1.3, isConfirmed: true)]
  }

  /// Intervals of what gates compare.
  static var intervalsOfRelations: [Promise] {
    [
      Promise(
        "interval of a difference of pass rates", "0.9 against 0.8, 3 repeats", n: 90,
        .about(0.95, within: 0.03), worlds: 4000
      ) {
        var pairs: [PairedRates.Pair] = []
        for _ in 0..<30 {
          // How hard a question is, is common to both sides.
          let ease = ($0.unit() - 0.5) * 0.2
          var counts = (base: 0.0, head: 0.0)
          for _ in 0..<3 {
            if $0.unit() < 0.8 + ease { counts.base += 1 }
            if $0.unit() < 0.9 + ease { counts.head += 1 }
          }
          pairs.append(.init(base: counts.base / 3, head: counts.head / 3))
        }
        return PairedRates(of: pairs).interval().contains(0.1)
      },
      Promise(
        "interval of the ratio of two medians", "true ratio 1.1", n: 40, .atLeast(0.95),
        worlds: 4000
      ) {
        func side(_ ratio: Double, _ generator: inout SplitMix64) -> RatioOfEstimates.Side {
          let times = World.latencies(40, spread: 0.4, &generator).map { ratio * $0 }
          let estimate = CensoredSample(successes: times, failures: 0).quantile(.p50)
          return .init(value: estimate.value, low: estimate.low, high: estimate.high)
        }
        let ratio = RatioOfEstimates(base: side(1, &$0), head: side(1.1, &$0))
        return covers(ratio.low, ratio.high, 1.1)
      },
    ]
  }
}

import TryoutStatistics

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

extension Promise {
  /// Intervals cover the truth as often as they say.
  static var intervals: [Promise] {
    var all: [Promise] = []
    for (percentile, n) in [(Percentile.p50, 20), (.p95, 20), (.p95, 100), (.p99, 500)] {
      all.append(
        Promise("interval of \(percentile.label)", "log-normal", n: n, .atLeast(0.95)) {
          let sample = CensoredSample(
            successes: World.latencies(n, spread: 0.6, &$0), failures: 0)
          let estimate = sample.quantile(percentile)
          let truth = exp(0.6 * normalQuantile(percentile.fraction))
          return covers(estimate.low, estimate.high, truth)
        })
    }
    for n in [20, 100] {
      all.append(
        Promise("BCa interval of a mean", "log-normal", n: n, .about(0.95, within: 0.05)) {
          let values = World.latencies(n, spread: 0.6, &$0)
          let estimate = MeanEstimate(of: values, resamples: 1000, seed: $0.next())
          return estimate?.interval?.contains(exp(0.18)) ?? false
        })
    }
    for (rate, n) in [(0.03, 50), (0.5, 20), (0.9, 100)] {
      all.append(
        Promise("Wilson", "true rate \(rate)", n: n, .about(0.95, within: 0.03)) {
          proportion(rate, n, &$0).wilson().contains(rate)
        })
      all.append(
        Promise("Clopper–Pearson", "true rate \(rate)", n: n, .atLeast(0.95)) {
          proportion(rate, n, &$0).clopperPearson().contains(rate)
        })
    }
    all.append(
      Promise("Newcombe, unpaired", "0.9 against 0.8", n: 60, .about(0.95, within: 0.02)) {
        let (head, base) = (proportion(0.9, 60, &$0), proportion(0.8, 60, &$0))
        return head.newcombe(minus: base).contains(0.1)
      })
    all.append(
      Promise("Newcombe, paired", "0.9 against 0.8", n: 60, .about(0.95, within: 0.03)) {
        pairedProportions(60, base: 0.8, head: 0.9, &$0).newcombe().contains(0.1)
      })
    for n in [10, 30, 200] {
      all.append(
        Promise("interval of a paired ratio", "true ratio 1.1", n: n, .atLeast(0.95)) {
          let comparison = PairedComparison(of: World.pairs(n, ratio: 1.1, &$0))
          return covers(comparison.low, comparison.high, 1.1)
        })
    }
    all.append(
      Promise("interval of a paired ratio", "1.1, heavy tails", n: 30, .atLeast(0.95)) {
        let pairs = World.pairs(30, ratio: 1.1, noise: World.heavy, &$0)
        let comparison = PairedComparison(of: pairs)
        return covers(comparison.low, comparison.high, 1.1)
      })
    all.append(
      Promise("interval of an unpaired ratio", "true ratio 1.1", n: 40, .atLeast(0.95)) {
        let base = CensoredSample(successes: World.latencies(40, spread: 0.8, &$0), failures: 0)
        let head = World.latencies(40, spread: 0.8, &$0).map { 1.1 * $0 }
        let comparison = UnpairedComparison(
          base: base, head: CensoredSample(successes: head, failures: 0))
        return covers(comparison.low, comparison.high, 1.1)
      })
    return all
  }

  /// Where nothing differs, at most one comparison in twenty says "different".
  static var nothingDiffers: [Promise] {
    let kinds: [(world: String, n: Int, failing: Double, grain: Double)] = [
      ("A/A", 6, 0, 0), ("A/A", 20, 0, 0), ("A/A", 100, 0, 0), ("A/A", 200, 0, 0),
      ("A/A in coarse units, many ties", 20, 0, 0.25), ("A/A, one in ten fails", 40, 0.1, 0),
    ]
    var all = kinds.map { kind in
      Promise("paired comparison, p ≤ 0.05", kind.world, n: kind.n, .atMost(0.05)) {
        let pairs = World.pairs(kind.n, failing: kind.failing, grain: kind.grain, &$0)
        return PairedComparison(of: pairs).p <= 0.05
      }
    }
    all.append(
      Promise("sign-flip test, p ≤ 0.05", "A/A", n: 12, .atMost(0.05), worlds: 4000) {
        var differences: [Double] = []
        for _ in 0..<12 { differences.append(World.heavy(&$0)) }
        return SignFlip(of: differences, seed: 1).p <= 0.05
      })
    for n in [10, 40] {
      all.append(
        Promise("unpaired comparison, p ≤ 0.05", "A/A", n: n, .atMost(0.05)) {
          RankSum(
            World.latencies(n, spread: 0.8, &$0), World.latencies(n, spread: 0.8, &$0)
          ).p <= 0.05
        })
    }
    for n in [30, 200] {
      all.append(
        Promise("McNemar mid-p ≤ 0.05", "both pass 0.8", n: n, .atMost(0.05)) {
          pairedProportions(n, base: 0.8, head: 0.8, &$0).midP <= 0.05
        })
    }
    all.append(
      Promise("any of 20 after Holm", "20 × A/A", n: 30, .atMost(0.05), worlds: 4000) {
        var values: [Double] = []
        for _ in 0..<20 { values.append(PairedComparison(of: World.pairs(30, &$0)).p) }
        return holmAdjusted(values).contains { $0 <= 0.05 }
      })
    for shape in SequentialDesign.Shape.allCases {
      let design = SequentialDesign(looks: 5, shape: shape)
      all.append(
        Promise("any of 5 looks, \(shape)", "A/A", n: 100, .atMost(0.05)) {
          let pairs = World.pairs(100, &$0)
          return (1...5).contains {
            PairedComparison(of: Array(pairs[..<(20 * $0)])).p <= design.level(at: $0)
          }
        })
    }
    all.append(
      Promise("a change point, p ≤ 0.05", "no change", n: 30, .atMost(0.05), worlds: 4000) {
        let series = World.latencies(30, spread: 0.1, &$0)
        let change = ChangePoint.strongest(in: series, permutations: 99, seed: $0.next())
        return (change?.p ?? 1) <= 0.05
      })
    return all
  }

  /// What is said to be detectable is detected.
  static var whatDiffersIsSeen: [Promise] {
    var all: [Promise] = []
    let design = PairedDesign(spread: World.spreadOfLogRatios)
    for n in [10, 20, 50, 100, 200] {
      guard let ratio = design.ratio(detectableWith: n) else { continue }
      all.append(
        Promise("the detectable ratio is seen", "that ratio", n: n, .about(0.8, within: 0.05)) {
          PairedComparison(of: World.pairs(n, ratio: ratio, &$0)).p <= 0.05
        })
    }
    all.append(
      Promise("a step of 25 % is found", "spread 0.1", n: 30, .atLeast(0.8), worlds: 4000) {
        let series = World.latencies(30, spread: 0.1, &$0).enumerated().map {
          $0.offset < 18 ? $0.element : 1.25 * $0.element
        }
        let change = ChangePoint.strongest(in: series, permutations: 99, seed: $0.next())
        return change.map { $0.p <= 0.05 && abs($0.index - 18) <= 1 } ?? false
      })
    return all
  }
}

private func proportion(
  _ rate: Double,
  _ trials: Int,
  _ generator: inout SplitMix64
) -> Proportion {
  Proportion(successes: (0..<trials).count { _ in generator.unit() < rate }, trials: trials)
}

/// The harder a question is for base, the harder it is for head.
private func pairedProportions(
  _ trials: Int,
  base: Double,
  head: Double,
  _ generator: inout SplitMix64
) -> PairedProportions {
  var counts = (both: 0, head: 0, base: 0, neither: 0)
  for _ in 0..<trials {
    // Half of the questions are decided by one draw for both sides, which ties them together.
    let shared = generator.unit()
    let isShared = generator.unit() < 0.5
    let basePasses = (isShared ? shared : generator.unit()) < base
    let headPasses = (isShared ? shared : generator.unit()) < head
    switch (basePasses, headPasses) {
    case (true, true): counts.both += 1
    case (false, true): counts.head += 1
    case (true, false): counts.base += 1
    case (false, false): counts.neither += 1
    }
  }
  return PairedProportions(
    both: counts.both, onlyHead: counts.head, onlyBase: counts.base, neither: counts.neither)
}

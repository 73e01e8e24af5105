import TryoutStatistics

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Latencies of made-up targets, about as uneven as those of language models.
enum World {
  /// Spread of ln(latency) from question to question.
  static let questions = 0.8
  /// Spread of ln(latency) when the same question is asked again.
  static let repeats = 0.2

  /// Log-normal with median 1.
  static func latencies(
    _ count: Int,
    spread: Double,
    _ generator: inout SplitMix64
  ) -> [Double] {
    (0..<count).map { _ in exp(spread * generator.normal()) }
  }

  /// The same questions asked of two targets, head taking `ratio` times as long as base.
  ///
  /// Times are whole multiples of `grain`, if it is above zero; failures are independent.
  static func pairs(
    _ count: Int,
    ratio: Double = 1,
    failing: Double = 0,
    grain: Double = 0,
    noise: (inout SplitMix64) -> Double = { $0.normal() },
    _ generator: inout SplitMix64
  ) -> [PairedComparison.Pair] {
    (0..<count).map { _ in
      let question = exp(questions * generator.normal())
      func answer(_ factor: Double) -> Double? {
        let time = question * factor * exp(repeats * noise(&generator))
        let seen = grain > 0 ? max(grain, (time / grain).rounded() * grain) : time
        return generator.unit() < failing ? nil : seen
      }
      return PairedComparison.Pair(base: answer(1), head: answer(ratio))
    }
  }

  /// Student's t with three degrees of freedom: now and then an answer takes ten times as long.
  static func heavy(_ generator: inout SplitMix64) -> Double {
    let squares = (0..<3).reduce(0.0) { sum, _ in
      let z = generator.normal()
      return sum + z * z
    }
    return generator.normal() / (squares / 3).squareRoot()
  }

  /// Spread of ln(head / base).
  static let spreadOfLogRatios = repeats * 2.squareRoot()
}

/// Whether an interval whose ends may be missing holds a number.
func covers(_ low: Bound, _ high: Bound, _ truth: Double) -> Bool {
  let isAboveLow =
    switch low {
    case .value(let value): value <= truth
    case .unbounded: false
    case .unavailable: true
    }
  let isBelowHigh =
    switch high {
    case .value(let value): truth <= value
    case .unbounded, .unavailable: true
    }
  return isAboveLow && isBelowHigh
}

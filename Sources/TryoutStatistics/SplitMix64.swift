/// A seeded generator whose numbers are the same on every machine and with every compiler.
///
/// The standard library leaves the algorithm of `shuffled(using:)` and `random(in:using:)` open, so
/// what has to be repeatable uses the methods below instead.
/// Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.
package struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Starts the sequence that belongs to `seed`; every seed is a good one.
  package init(seed: UInt64) {
    state = seed
  }

  /// The next 64 bits, uniformly distributed.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A position in `0..<count` by multiplication and shift; the bias is below `count` / 2³².
  package mutating func index(below count: Int) -> Int {
    precondition(count > 0 && count <= Int(UInt32.max), "needs between 1 and 2^32 - 1 positions")
    return Int(((next() >> 32) * UInt64(count)) >> 32)
  }

  /// A number in `0..<1` on a grid of 2⁻⁵³.
  package mutating func unit() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A standard normal deviate: the normal quantile of one `unit()`.
  package mutating func normal() -> Double {
    // A unit of exactly 0 would give minus infinity.
    normalQuantile(max(unit(), 0x1p-54))
  }

  /// An exponential deviate with mean 1: the exponential quantile of one `unit()`.
  package mutating func exponential() -> Double { exponentialQuantile(unit()) }

  /// Puts the values into a random order: Fisher–Yates from the end, one `index(below:)` a step.
  package mutating func shuffle<Element>(_ values: inout [Element]) {
    for last in values.indices.dropFirst().reversed() {
      values.swapAt(last, index(below: last + 1))
    }
  }
}

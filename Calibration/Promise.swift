import TryoutStatistics

/// Something that an estimate claims about itself, and how often it held in simulated worlds.
struct Promise {
  enum Claim {
    /// Holds in at least this share of all worlds, whatever they look like.
    case atLeast(Double)
    /// Happens in at most this share of all worlds.
    case atMost(Double)
    /// An approximation: near this share, and never further off than so much.
    case about(Double, within: Double)
  }

  let estimate: String
  let world: String
  let n: Int
  let claim: Claim
  let worlds: Int
  /// Simulates one world and says whether the thing happened.
  let happens: (inout SplitMix64) -> Bool

  init(
    _ estimate: String,
    _ world: String,
    n: Int,
    _ claim: Claim,
    worlds: Int = 20_000,
    happens: @escaping (inout SplitMix64) -> Bool
  ) {
    self.estimate = estimate
    self.world = world
    self.n = n
    self.claim = claim
    self.worlds = worlds
    self.happens = happens
  }

  /// In how many worlds it happened.
  func measured(seed: UInt64) -> Proportion {
    var generator = SplitMix64(seed: seed)
    return Proportion(
      successes: (0..<worlds).count { _ in happens(&generator) }, trials: worlds)
  }

  /// Whether the share contradicts the claim beyond what the number of worlds can explain.
  func isBroken(by measured: Proportion) -> Bool {
    let range = measured.clopperPearson(confidence: 0.9999)
    return switch claim {
    case .atLeast(let share): range.upperBound < share
    case .atMost(let share): range.lowerBound > share
    case .about(let share, let width):
      range.upperBound < share - width || range.lowerBound > share + width
    }
  }
}

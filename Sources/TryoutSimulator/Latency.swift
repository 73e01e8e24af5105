import Foundation

/// How long a wait takes: always the same, or log-normal around a median.
package struct Latency: Equatable, Sendable {
  /// Half of the waits are shorter.
  package var median: Duration
  /// The standard deviation of the logarithm; 0 makes the wait constant.
  package var sigma: Double

  /// A constant wait, unless `sigma` is given.
  package init(median: Duration, sigma: Double = 0) {
    self.median = median
    self.sigma = sigma
  }

  /// Draws one wait, in whole microseconds so that libm's last digits cannot show.
  func draw(from randomness: inout Randomness) -> Duration {
    let factor = exp(sigma * randomness.normal())
    let microseconds = median / .microseconds(1) * factor
    return .microseconds(Int64(min(microseconds, 86_400_000_000).rounded()))
  }
}

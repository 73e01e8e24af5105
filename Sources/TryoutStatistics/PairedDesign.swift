#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// What an experiment of so many pairs can find out, before or after it is made.
///
/// Normal approximation: n = ((z₁₋ₐ⸝₂ + z_power) · spread / ln ratio)², divided by the test's
/// efficiency. Source: Lachin, "Introduction to Sample Size Determination and Power Analysis for
/// Clinical Trials", Controlled Clinical Trials 2, 1981.
package struct PairedDesign: Sendable, Equatable {
  /// The standard deviation of ln(head / base) from pair to pair.
  package let spread: Double
  /// One minus the chance of seeing a difference where there is none, counted on both sides.
  package let confidence: Double
  /// The chance of seeing a difference that is there.
  package let power: Double
  /// How far one pair goes in the test, compared with the t test of normal values.
  package let efficiency: Double

  /// Wilcoxon's efficiency for normal values, 3/π; at worst, for any shape, it is 0.864.
  ///
  /// Source: Hodges and Lehmann, "The Efficiency of Some Nonparametric Competitors of the t-Test",
  /// Annals of Mathematical Statistics 27, 1956.
  package static let signedRankEfficiency = 3 / Double.pi

  /// The spread must be finite and not negative, the rest lie between 0 and 1.
  package init(
    spread: Double,
    confidence: Double = 0.95,
    power: Double = 0.8,
    efficiency: Double = PairedDesign.signedRankEfficiency
  ) {
    precondition(spread >= 0 && spread.isFinite, "a spread is finite and not negative")
    precondition(confidence > 0 && confidence < 1, "a confidence lies between 0 and 1")
    precondition(power > 0 && power < 1, "a power lies between 0 and 1")
    precondition(efficiency > 0 && efficiency <= 1, "an efficiency lies between 0 and 1")
    self.spread = spread
    self.confidence = confidence
    self.power = power
    self.efficiency = efficiency
  }

  /// The smallest ratio above 1 that so many pairs show; its reciprocal is the largest below 1.
  package func ratio(detectableWith pairs: Int) -> Double {
    precondition(pairs > 0, "a design has pairs")
    return exp(deviates * spread / (Double(pairs) * efficiency).squareRoot())
  }

  /// The pairs needed to see a ratio, which is positive and not 1.
  package func pairs(toDetect ratio: Double) -> Int {
    precondition(ratio > 0 && ratio != 1, "no number of pairs shows a difference of nothing")
    let root = deviates * spread / log(ratio)
    return max(1, Int((root * root / efficiency).rounded(.up)))
  }

  private var deviates: Double {
    normalQuantile((1 + confidence) / 2) + normalQuantile(power)
  }
}

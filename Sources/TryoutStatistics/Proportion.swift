/// So many successes out of so many trials, and what they say about the true rate.
///
/// Without any trials every rate is possible: the intervals are 0...1.
package struct Proportion: Sendable, Equatable {
  /// How many of the trials had the property that is counted.
  package let successes: Int
  /// How many there were at all.
  package let trials: Int

  /// Takes counts; a negative one, or more successes than trials, is a programmer's mistake.
  package init(successes: Int, trials: Int) {
    precondition(successes >= 0 && successes <= trials, "successes lie between 0 and the trials")
    self.successes = successes
    self.trials = trials
  }

  /// The observed rate; nil without any trials.
  package var rate: Double? {
    trials > 0 ? Double(successes) / Double(trials) : nil
  }

  /// The score interval: near the confidence asked for on average, usable down to a few trials.
  ///
  /// Source: Wilson, "Probable Inference, the Law of Succession, and Statistical Inference",
  /// JASA 22, 1927.
  package func wilson(confidence: Double = 0.95) -> ClosedRange<Double> {
    precondition(confidence > 0 && confidence < 1, "a confidence lies between 0 and 1")
    let z = normalQuantile((1 + confidence) / 2)
    return scoreLower(z)...scoreUpper(z)
  }

  /// The rate that the true one exceeds with this one-sided confidence, by Wilson's score.
  package func wilsonLowerBound(confidence: Double = 0.95) -> Double {
    precondition(confidence >= 0.5 && confidence < 1, "a one-sided confidence is at least 0.5")
    return scoreLower(normalQuantile(confidence))
  }

  /// The rate that the true one stays below with this one-sided confidence, by Wilson's score.
  package func wilsonUpperBound(confidence: Double = 0.95) -> Double {
    precondition(confidence >= 0.5 && confidence < 1, "a one-sided confidence is at least 0.5")
    return scoreUpper(normalQuantile(confidence))
  }

  /// The exact interval: never below the confidence asked for, and therefore wider.
  ///
  /// The one for 0 or n failures. Its ends at confidence 1 − 2a are the one-sided bounds at 1 − a.
  /// Source: Clopper and Pearson, "The Use of Confidence or Fiducial Limits Illustrated in the Case
  /// of the Binomial", Biometrika 26, 1934.
  package func clopperPearson(confidence: Double = 0.95) -> ClosedRange<Double> {
    precondition(confidence > 0 && confidence < 1, "a confidence lies between 0 and 1")
    let tail = (1 - confidence) / 2
    let (k, n) = (Double(successes), Double(trials))
    let low = successes == 0 ? 0 : betaQuantile(tail, k, n - k + 1)
    let high = successes == trials ? 1 : betaQuantile(1 - tail, k + 1, n - k)
    return low...high
  }

  /// The smaller root p of (k − np)² = z² n p (1 − p), in the form that does not subtract.
  private func scoreLower(_ z: Double) -> Double {
    guard successes > 0 else { return 0 }
    let (k, n) = (Double(successes), Double(trials))
    let spread = z * (k * (n - k) / n + z * z / 4).squareRoot()
    return k * k / n / (k + z * z / 2 + spread)
  }

  /// The larger root: what the failures leave at best.
  private func scoreUpper(_ z: Double) -> Double {
    1 - Proportion(successes: trials - successes, trials: trials).scoreLower(z)
  }
}

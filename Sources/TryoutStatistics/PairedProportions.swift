/// How often the same trials succeeded on both sides, on one, or on neither.
package struct PairedProportions: Sendable, Equatable {
  /// Trials that succeeded in base and in head.
  package let both: Int
  /// Trials that succeeded in head alone.
  package let onlyHead: Int
  /// Trials that succeeded in base alone.
  package let onlyBase: Int
  /// Trials that failed in both.
  package let neither: Int

  /// Takes counts, which are not negative.
  package init(both: Int, onlyHead: Int, onlyBase: Int, neither: Int) {
    precondition(min(both, onlyHead, onlyBase, neither) >= 0, "a count is not negative")
    self.both = both
    self.onlyHead = onlyHead
    self.onlyBase = onlyBase
    self.neither = neither
  }

  /// How many trials there are.
  package var trials: Int { both + onlyHead + onlyBase + neither }

  /// Head's successes.
  package var head: Proportion { Proportion(successes: both + onlyHead, trials: trials) }

  /// Base's successes.
  package var base: Proportion { Proportion(successes: both + onlyBase, trials: trials) }

  /// Head's rate less base's, above zero when head is better; nil without trials.
  package var difference: Double? {
    trials > 0 ? Double(onlyHead - onlyBase) / Double(trials) : nil
  }

  /// The interval of the difference; −1...1 without trials.
  ///
  /// Wilson's two intervals joined, with the correlation of the two sides, corrected for
  /// continuity. Source: Newcombe, "Improved Confidence Intervals for the Difference Between
  /// Binomial Proportions Based on Paired Data", Statistics in Medicine 17, 1998, method 10.
  package func newcombe(confidence: Double = 0.95) -> ClosedRange<Double> {
    head.difference(from: base, confidence: confidence, correlation: correlation)
  }

  /// McNemar's exact test: the discordant trials as tosses of a coin.
  ///
  /// Source: McNemar, "Note on the Sampling Error of the Difference Between Correlated Proportions
  /// or Percentages", Psychometrika 12, 1947.
  package var exactP: Double { min(1, 2 * binomialCDF(smaller, of: discordant, probability: 0.5)) }

  /// McNemar's test that counts what was observed half: the one to print.
  ///
  /// The exact test is needlessly careful; this one kept its level in all of 9595 scenarios.
  /// Source: Fagerland, Lydersen and Laake, "The McNemar Test for Binary Matched-Pairs Data: Mid-p
  /// and Asymptotic Are Better Than Exact Conditional", BMC Medical Research Methodology 13, 2013.
  package var midP: Double {
    guard discordant > 0 else { return 1 }
    let half = binomialPMF(smaller, of: discordant, probability: 0.5) / 2
    return min(1, 2 * (binomialCDF(smaller, of: discordant, probability: 0.5) - half))
  }

  private var discordant: Int { onlyHead + onlyBase }
  private var smaller: Int { min(onlyHead, onlyBase) }

  /// φ of the fourfold table, drawn towards zero by n/2 where it is positive.
  private var correlation: Double {
    let sides = [both + onlyHead, onlyBase + neither, both + onlyBase, onlyHead + neither]
    let scale = sides.reduce(1.0) { $0 * Double($1) }
    guard scale > 0 else { return 0 }
    let product = Double(both) * Double(neither) - Double(onlyHead) * Double(onlyBase)
    let corrected = product > 0 ? max(0, product - Double(trials) / 2) : product
    return corrected / scale.squareRoot()
  }
}

extension Proportion {
  /// The interval of this rate less another one of other trials; −1...1 where a side has none.
  ///
  /// Wilson's two intervals joined. Source: Newcombe, "Interval Estimation for the Difference
  /// Between Independent Proportions: Comparison of Eleven Methods", Statistics in Medicine 17,
  /// 1998, method 10.
  package func newcombe(
    minus other: Proportion,
    confidence: Double = 0.95
  ) -> ClosedRange<Double> {
    difference(from: other, confidence: confidence, correlation: 0)
  }

  fileprivate func difference(
    from other: Proportion,
    confidence: Double,
    correlation: Double
  ) -> ClosedRange<Double> {
    guard let rate, let otherRate = other.rate else { return -1...1 }
    let (own, others) = (wilson(confidence: confidence), other.wilson(confidence: confidence))
    func reach(_ mine: Double, _ theirs: Double) -> Double {
      let square = mine * mine - 2 * correlation * mine * theirs + theirs * theirs
      return max(0, square).squareRoot()
    }
    let difference = rate - otherRate
    let low = difference - reach(rate - own.lowerBound, others.upperBound - otherRate)
    let high = difference + reach(own.upperBound - rate, otherRate - others.lowerBound)
    return max(-1, low)...min(1, high)
  }
}

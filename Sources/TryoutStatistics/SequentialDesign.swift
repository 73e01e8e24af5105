#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// How far apart two sides must lie to stop early, when they are looked at several times.
///
/// Looking after every sample and stopping at p < 0.05 cries wolf in a quarter of all comparisons.
/// With these limits all looks together keep the confidence. The looks must be planned, and come
/// after equal numbers of samples. Source: Jennison and Turnbull, "Group Sequential Methods with
/// Applications to Clinical Trials", 2000, chapters 2 and 19.
package struct SequentialDesign: Sendable, Equatable {
  /// How the chance of a false alarm is spread over the looks.
  package enum Shape: Sendable, CaseIterable {
    /// The same limit at every look: stops early more often, and pays for it at the last one.
    ///
    /// Source: Pocock, "Group Sequential Methods in the Design and Analysis of Clinical Trials",
    /// Biometrika 64, 1977.
    case pocock
    /// Strict at first: the last look is hardly worse than a single one would be.
    ///
    /// Source: O'Brien and Fleming, "A Multiple Testing Procedure for Clinical Trials", Biometrics
    /// 35, 1979.
    case obrienFleming

    /// The limit for |Z| at a look, as a multiple of the one at the last.
    fileprivate func factor(at look: Int, of looks: Int) -> Double {
      self == .pocock ? 1 : (Double(looks) / Double(look)).squareRoot()
    }
  }

  /// How many looks are planned.
  package let looks: Int
  /// How the chance of a false alarm is spread over them.
  package let shape: Shape
  /// The limit for |Z| at the last look, good to five decimals.
  package let finalCriticalValue: Double

  /// Finds the limits by numerical integration; takes up to a hundred looks.
  package init(looks: Int, shape: Shape, confidence: Double = 0.95) {
    precondition((1...100).contains(looks), "between 1 and 100 looks can be planned")
    precondition(confidence > 0 && confidence < 1, "a confidence lies between 0 and 1")
    self.looks = looks
    self.shape = shape
    // A single look is the least strict, and looks that know nothing of each other the strictest.
    var low = normalQuantile((1 + confidence) / 2)
    var high = normalQuantile(1 - (1 - confidence) / Double(2 * looks))
    while high - low > 1e-7 {
      let middle = low + (high - low) / 2
      if chanceOfNoCrossing(middle, looks, shape) < confidence {
        low = middle
      } else {
        high = middle
      }
    }
    finalCriticalValue = high
  }

  /// The limit for |Z| at a look, 1-based: stop where it is reached.
  package func criticalValue(at look: Int) -> Double {
    precondition((1...looks).contains(look), "this look is not planned")
    return finalCriticalValue * shape.factor(at: look, of: looks)
  }

  /// The same limit as a two-sided p: stop where the test's p is at most this.
  package func level(at look: Int) -> Double { 2 * normalCDF(-criticalValue(at: look)) }

  /// What the two-sided p of all looks so far are worth: the smallest level at which limits of this shape would have been
  /// reached; nil where no look had one.
  ///
  /// It holds at whatever look one stops, and may be adjusted like any other p for being one of a family. Sources: Jennison and Turnbull, as above, 9.4; Maurer and Bretz, "Multiple
  /// Testing in Group Sequential Trials Using Graphical Approaches", Statistics in Biopharmaceutical Research 5, 2013.
  package func repeatedP(of p: [Double?]) -> Double? {
    precondition(p.count <= looks, "more looks than are planned")
    let reached = p.enumerated().compactMap { look, p in
      p.map {
        ($0 < 1 ? -normalQuantile(max($0, 1e-300) / 2) : 0) / shape.factor(at: look + 1, of: looks)
      }
    }
    guard let critical = reached.max() else { return nil }
    guard critical > 0 else { return 1 }
    // Far out the looks hardly overlap, and the integral is lost in its rounding.
    let bound = (1...looks).reduce(0) {
      $0 + 2 * normalCDF(-critical * shape.factor(at: $1, of: looks))
    }
    guard bound > 1e-4 else { return bound }
    return min(1, bound, max(0, 1 - chanceOfNoCrossing(critical, looks, shape)))
  }

  /// The chance that the last look finds a difference above zero, as far as the standard score of all that was seen
  /// until this look foretells it.
  ///
  /// Conditional power, averaged over the trends that the score leaves possible if none was more likely beforehand:
  /// Φ((z/√t − c) √(t/(1 − t))) at the share t of all samples. Early on a score near 0 does not bring it there, as it
  /// does the conditional power of the trend so far. Who stops where it is small loses power and raises no false alarm.
  /// Sources: Spiegelhalter, Freedman and Blackburn, "Monitoring Clinical Trials: Conditional or Predictive Power?",
  /// Controlled Clinical Trials 7, 1986; Jennison and Turnbull, as above, 10.3.
  package func predictivePower(of z: Double, at look: Int) -> Double {
    precondition((1...looks).contains(look), "this look is not planned")
    guard look < looks else { return z >= finalCriticalValue ? 1 : 0 }
    let share = Double(look) / Double(looks)
    let distance = z / share.squareRoot() - finalCriticalValue
    return normalCDF(distance * (share / (1 - share)).squareRoot())
  }
}

/// The probability that a sum of standard normal steps stays inside the limits at every look.
///
/// The density of the sum inside the limits, from look to look: Armitage, McPherson and Rowe,
/// "Repeated Significance Tests on Accumulating Data", JRSS A 132, 1969. By Simpson's rule on the
/// upper half, since it is symmetric, in steps that keep it right to some 10⁻⁶.
private func chanceOfNoCrossing(
  _ critical: Double,
  _ looks: Int,
  _ shape: SequentialDesign.Shape
) -> Double {
  // The sum spreads with the root of the looks.
  let intervals = max(40, 2 * Int((8 * Double(looks).squareRoot()).rounded(.up)))
  func limit(_ look: Int) -> Double {
    critical * shape.factor(at: look, of: looks) * Double(look).squareRoot()
  }
  func density(_ x: Double) -> Double { exp(-x * x / 2) / (2 * .pi).squareRoot() }
  func points(upTo limit: Double) -> [Double] {
    (0...intervals).map { limit * Double($0) / Double(intervals) }
  }
  let weights = (0...intervals).map { index in
    index == 0 || index == intervals ? 1.0 : index.isMultiple(of: 2) ? 2.0 : 4.0
  }
  guard looks > 1 else { return 1 - 2 * normalCDF(-limit(1)) }

  var places = points(upTo: limit(1))
  var densities = places.map(density)
  for look in 2..<looks {
    let next = points(upTo: limit(look))
    let step = places[1] / 3
    densities = next.map { sum in
      places.indices.reduce(0) {
        let reached = density(sum - places[$1]) + density(sum + places[$1])
        return $0 + step * weights[$1] * densities[$1] * reached
      }
    }
    places = next
  }
  let last = limit(looks)
  return places.indices.reduce(0) {
    let stays = normalCDF(last - places[$1]) - normalCDF(-last - places[$1])
    return $0 + 2 * places[1] / 3 * weights[$1] * densities[$1] * stays
  }
}

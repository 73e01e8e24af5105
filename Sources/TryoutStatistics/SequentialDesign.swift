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
    while high - low > 1e-8 {
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

  /// What a two-sided p at a look is worth: the smallest level at which limits of this shape would have been reached.
  ///
  /// The smallest of them over the looks so far is a p that holds at whatever look one stops, and may be adjusted like
  /// any other for being one of a family. Sources: Jennison and Turnbull, as above, 9.4; Maurer and Bretz, "Multiple
  /// Testing in Group Sequential Trials Using Graphical Approaches", Statistics in Biopharmaceutical Research 5, 2013.
  package func repeatedP(of p: Double, at look: Int) -> Double {
    precondition((1...looks).contains(look), "this look is not planned")
    guard p > 0, p < 1 else { return p }
    let critical = -normalQuantile(p / 2) / shape.factor(at: look, of: looks)
    return min(1, max(0, 1 - chanceOfNoCrossing(critical, looks, shape)))
  }
}

/// The probability that a sum of standard normal steps stays inside the limits at every look.
///
/// The density of the sum inside the limits, from look to look: Armitage, McPherson and Rowe,
/// "Repeated Significance Tests on Accumulating Data", JRSS A 132, 1969. By Simpson's rule on the
/// upper half, since it is symmetric.
private func chanceOfNoCrossing(
  _ critical: Double,
  _ looks: Int,
  _ shape: SequentialDesign.Shape
) -> Double {
  func limit(_ look: Int) -> Double {
    critical * shape.factor(at: look, of: looks) * Double(look).squareRoot()
  }
  func density(_ x: Double) -> Double { exp(-x * x / 2) / (2 * .pi).squareRoot() }
  let intervals = 160
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

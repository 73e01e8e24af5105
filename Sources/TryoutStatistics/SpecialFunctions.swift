#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

// MARK: Normal distribution

/// Φ(x), the standard normal distribution function, exact to rounding in both tails.
///
/// Source: DLMF 7.2.2 and 26.2.
package func normalCDF(_ x: Double) -> Double {
  0.5 * erfc(-x * 0.5.squareRoot())
}

/// Φ⁻¹(p), the z below which a standard normal value lies with probability p; infinite at 0 and 1.
///
/// About 16 digits. Source: Wichura, "Algorithm AS 241: The Percentage Points of the Normal
/// Distribution", Applied Statistics 37, 1988 (PPND16).
package func normalQuantile(_ p: Double) -> Double {
  precondition(p >= 0 && p <= 1, "a probability lies between 0 and 1")
  let distance = p - 0.5
  if abs(distance) <= 0.425 {
    let r = 0.180625 - distance * distance
    return distance * NormalQuantile.centre.value(at: r)
  }
  let tail = min(p, 1 - p)
  guard tail > 0 else { return distance < 0 ? -.infinity : .infinity }
  let r = (-log(tail)).squareRoot()
  let z = r <= 5 ? NormalQuantile.side.value(at: r - 1.6) : NormalQuantile.far.value(at: r - 5)
  return distance < 0 ? -z : z
}

/// The quantile of the exponential distribution with mean 1, by inversion; `p` is in `0..<1`.
func exponentialQuantile(_ p: Double) -> Double { -log1p(-p) }

private enum NormalQuantile {
  /// A quotient of two polynomials; coefficients from the constant term upwards.
  struct Quotient {
    let above: [Double]
    let below: [Double]

    func value(at x: Double) -> Double {
      above.reversed().reduce(0) { $0 * x + $1 } / below.reversed().reduce(0) { $0 * x + $1 }
    }
  }

  static let centre = Quotient(
    above: [
      3.3871328727963666080, 1.3314166789178437745e2, 1.9715909503065514427e3,
      1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
      3.3430575583588128105e4, 2.5090809287301226727e3,
    ],
    below: [
      1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
      2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
      5.2264952788528545610e3,
    ]
  )

  static let side = Quotient(
    above: [
      1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550,
      3.64784832476320460504, 1.27045825245236838258, 2.41780725177450611770e-1,
      2.27238449892691845833e-2, 7.74545014278341407640e-4,
    ],
    below: [
      1, 2.05319162663775882187, 1.67638483018380384940, 6.89767334985100004550e-1,
      1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
      1.05075007164441684324e-9,
    ]
  )

  static let far = Quotient(
    above: [
      6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580,
      2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
      2.71155556874348757815e-5, 2.01033439929228813265e-7,
    ],
    below: [
      1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
      7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
      2.04426310338993978564e-15,
    ]
  )
}

// MARK: Gamma and beta

/// ln Γ(x) for x > 0, by the C library in its reentrant form.
package func logGamma(_ x: Double) -> Double {
  let (value, _): (Double, Int) = lgamma(x)
  return value
}

/// I_x(a, b), the probability that a Beta(a, b) variable is at most x.
///
/// Continued fraction DLMF 8.17.22 by the modified Lentz method, with a factor in saddle-point form
/// that keeps its digits for parameters in the millions.
package func regularizedIncompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
  precondition(a > 0 && b > 0 && x >= 0 && x <= 1, "outside the domain of the incomplete beta")
  return incompleteBeta(x, 1 - x, a, b)
}

/// I_x(a, b) for y = 1 − x, given separately for the sake of its digits.
private func incompleteBeta(_ x: Double, _ y: Double, _ a: Double, _ b: Double) -> Double {
  guard x > 0 else { return 0 }
  guard y > 0 else { return 1 }
  // The fraction converges fast below the mean; above it the mirror image does.
  guard x <= (a + 1) / (a + b + 2) else { return 1 - incompleteBeta(y, x, b, a) }
  return b / (a + b) * binomialTerm(a, b, x, y) * betaFraction(x, a, b)
}

private func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
  let tiny = 1e-300
  func held(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
  var c = 1.0
  var d = 1 / held(1 - (a + b) * x / (a + 1))
  var fraction = d
  // Needs some √max(a, b) steps; the limit only makes sure that it ends.
  for m in 1...1_000_000 {
    let m = Double(m)
    let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / held(1 + even * d)
    c = held(1 + even / c)
    fraction *= c * d
    let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / held(1 + odd * d)
    c = held(1 + odd / c)
    fraction *= c * d
    if abs(c * d - 1) < 1e-15 { break }
  }
  return fraction
}

/// The x at which I_x(a, b) = p: Newton's method, kept inside a shrinking bracket.
package func betaQuantile(_ p: Double, _ a: Double, _ b: Double) -> Double {
  precondition(a > 0 && b > 0 && p >= 0 && p <= 1, "outside the domain of the beta quantile")
  guard p > 0 else { return 0 }
  guard p < 1 else { return 1 }
  var (low, high) = (0.0, 1.0)
  var x = a / (a + b)
  // Bisection alone would reach the smallest double in fewer steps; Newton's takes about five.
  for _ in 0..<1100 {
    let error = regularizedIncompleteBeta(x, a, b) - p
    if error > 0 { high = x } else { low = x }
    let density = a * b / (a + b) * binomialTerm(a, b, x, 1 - x) / (x * (1 - x))
    var next = x - error / density
    if !(next > low && next < high) { next = low + (high - low) / 2 }
    if abs(next - x) <= 2 * next.ulp { return next }
    x = next
  }
  return x
}

// MARK: Binomial distribution

/// P(X = k) for X ~ Bin(n, p).
package func binomialPMF(_ k: Int, of n: Int, probability p: Double) -> Double {
  precondition(n >= 0 && p >= 0 && p <= 1, "outside the domain of the binomial")
  guard k >= 0, k <= n else { return 0 }
  return binomialTerm(Double(k), Double(n - k), p, 1 - p)
}

/// P(X ≤ k) for X ~ Bin(n, p), in O(√n): DLMF 8.17.5.
package func binomialCDF(_ k: Int, of n: Int, probability p: Double) -> Double {
  precondition(n >= 0 && p >= 0 && p <= 1, "outside the domain of the binomial")
  guard k >= 0 else { return 0 }
  guard k < n else { return 1 }
  return incompleteBeta(1 - p, p, Double(n - k), Double(k + 1))
}

/// P(X ≥ k) for X ~ Bin(n, p), with the digits that 1 − P(X ≤ k−1) would lose.
package func binomialUpperTail(_ k: Int, of n: Int, probability p: Double) -> Double {
  precondition(n >= 0 && p >= 0 && p <= 1, "outside the domain of the binomial")
  guard k > 0 else { return 1 }
  guard k <= n else { return 0 }
  return incompleteBeta(p, 1 - p, Double(k), Double(n - k + 1))
}

/// Γ(a+b+1) / (Γ(a+1) Γ(b+1)) · p^a q^b without the cancellation of large logarithms.
///
/// Source: Loader, "Fast and Accurate Computation of Binomial Probabilities", 2000; for real a
/// and b as in R's `dbinom_raw`.
private func binomialTerm(_ a: Double, _ b: Double, _ p: Double, _ q: Double) -> Double {
  // log1p, since q carries fewer digits than p when p is small.
  if a == 0 { return b == 0 ? 1 : exp(b * (p < q ? log1p(-p) : log(q))) }
  if b == 0 { return exp(a * (q < p ? log1p(-q) : log(p))) }
  let n = a + b
  let correction = stirlingError(n) - stirlingError(a) - stirlingError(b)
  let exponent = correction - deviance(a, from: n * p) - deviance(b, from: n * q)
  return exp(exponent) * (n / (2 * .pi * a * b)).squareRoot()
}

/// ln Γ(x+1) − ln(√(2πx) (x/e)^x): what Stirling's formula misses (DLMF 5.11.1).
private func stirlingError(_ x: Double) -> Double {
  guard x > 15 else {
    return logGamma(x + 1) - (x + 0.5) * log(x) + x - 0.5 * log(2 * .pi)
  }
  let square = 1 / (x * x)
  let coefficients = [1.0 / 1188, -1.0 / 1680, 1.0 / 1260, -1.0 / 360, 1.0 / 12]
  return coefficients.reduce(0) { $0 * square + $1 } / x
}

/// x ln(x/m) + m − x, by a series where x and m are close.
private func deviance(_ x: Double, from m: Double) -> Double {
  guard abs(x - m) < 0.1 * (x + m) else { return x * log(x / m) + m - x }
  let ratio = (x - m) / (x + m)
  var sum = (x - m) * ratio
  var power = 2 * x * ratio
  var order = 1.0
  while true {
    power *= ratio * ratio
    order += 2
    let next = sum + power / order
    if next == sum { return sum }
    sum = next
  }
}

import Testing
import TryoutStatistics

/// References with 15 digits come from scipy 1.17.1, those with more from mpmath.
struct SpecialFunctionsTests {
  @Test(arguments: [
    (-8, 6.22096057427174e-16), (-3, 0.00134989803163009), (-1.96, 0.0249978951482204),
    (-0.5, 0.308537538725987), (0, 0.5), (0.1, 0.539827837277029), (1, 0.841344746068543),
    (1.64485362695147, 0.95), (2.5, 0.993790334674224), (6, 0.999999999013412),
  ])
  func normalCDFMatches(x: Double, expected: Double) {
    #expect(abs(normalCDF(x) / expected - 1) < 1e-13)
  }

  @Test(arguments: [
    (1e-12, -7.03448382530113), (1e-06, -4.7534243088229), (0.001, -3.09023230616781),
    (0.025, -1.95996398454005), (0.05, -1.64485362695147), (0.5, 0), (0.8, 0.841621233572914),
    (0.9, 1.2815515655446), (0.95, 1.64485362695147), (0.975, 1.95996398454005),
    (0.995, 2.5758293035489), (0.999999999, 5.99780701960164),
  ])
  func normalQuantileMatches(p: Double, expected: Double) {
    #expect(isClose(normalQuantile(p), expected, within: 1e-13))
  }

  @Test func normalQuantileIsInfiniteAtTheEnds() {
    #expect(normalQuantile(0) == -.infinity)
    #expect(normalQuantile(1) == .infinity)
  }

  @Test(arguments: [1e-300, 1e-20, 3e-7, 0.01, 0.0749, 0.0751, 0.3, 0.6, 0.93, 0.999])
  func normalQuantileInvertsTheCDF(p: Double) {
    #expect(abs(normalCDF(normalQuantile(p)) / p - 1) < 1e-12)
  }

  @Test(arguments: [
    (0.1, 2.25271265173421), (0.5, 0.5723649429247), (1, 0), (1.5, -0.120782237635245),
    (5, 3.17805383034795), (10.5, 13.9406252194038), (60, 184.533828861449),
    (1000.25, 5906.94726827112),
  ])
  func logGammaMatches(x: Double, expected: Double) {
    #expect(isClose(logGamma(x), expected))
  }

  @Test(arguments: [
    (0.5, 0.5, 0.3, 0.369010119565545), (2, 3, 0.4, 0.5248),
    (19.95, 1.05, 0.9, 0.132257083005565), (57, 3, 0.95, 0.428928030807225),
    (57, 3, 0.99, 0.978544676992029), (95.95, 5.05, 0.97, 0.824493635899739), (1, 1, 0.25, 0.25),
    (0.2, 20, 0.01, 0.762487923643077), (300, 12, 0.96, 0.409075177662165),
    (2, 3, 0, 0), (2, 3, 1, 1),
  ])
  func incompleteBetaMatches(a: Double, b: Double, x: Double, expected: Double) {
    #expect(isClose(regularizedIncompleteBeta(x, a, b), expected))
  }

  @Test(arguments: [
    (0.025, 1, 20, 0.0012650894979498), (0.975, 3, 98, 0.0703839324710701),
    (0.5, 2.5, 7.5, 0.232878677758855), (0.95, 1, 59, 0.0495076098882269),
    (0.025, 1, 1e6, 2.5317807663794178e-08), (0.3, 0.01, 0.02, 2.0289416312649547e-35),
    (1e-9, 0.12506297757793763, 447.0358558626539, 1.5059749200853944e-75),
    (0.975, 949_573, 50_428, 0.9500000894133346),
  ])
  func betaQuantileMatches(p: Double, a: Double, b: Double, expected: Double) {
    #expect(abs(betaQuantile(p, a, b) / expected - 1) < 1e-11)
  }

  @Test func betaQuantileReachesTheEnds() {
    #expect(betaQuantile(0, 2, 3) == 0)
    #expect(betaQuantile(1, 2, 3) == 1)
  }

  @Test(arguments: [
    (0, 10, 0.5, 0.0009765625), (58, 59, 0.95, 0.951505474750577),
    (57, 58, 0.95, 0.948953131316397), (18, 20, 0.95, 0.26416047505615),
    (95, 100, 0.95, 0.564018699314289), (98, 100, 0.95, 0.962918790672645), (3, 7, 0.5, 0.5),
    (240, 250, 0.95, 0.805417541966544),
    (499_019, 1_000_000, 0.5, 0.024939484326184064),
    (949_571, 1_000_000, 0.95, 0.024757558213784894),
    (989_804, 1_000_000, 0.99, 0.024986278516965378),
    (951_000, 1_000_000, 0.95, 0.99999793316593845),
    (999_990, 1_000_000, 0.99999, 0.54207091107617739),
    (-1, 10, 0.5, 0), (10, 10, 0.5, 1),
  ])
  func binomialCDFMatches(k: Int, n: Int, p: Double, expected: Double) {
    #expect(isClose(binomialCDF(k, of: n, probability: p), expected))
    #expect(isClose(binomialUpperTail(k + 1, of: n, probability: p), 1 - expected))
  }

  @Test(arguments: [
    (0, 10, 0.5, 0.000976562499999999), (57, 59, 0.95, 0.229845242941172),
    (12, 25, 0.5, 0.154981017112732), (950, 1000, 0.95, 0.0577879837141071),
    (499_019, 1_000_000, 0.5, 0.00011642442688070806),
    (951_000, 1_000_000, 0.95, 4.6348353235932974e-8),
    (999_990, 1_000_000, 0.99999, 0.12511066127589931),
    (0, 3, 0, 1), (3, 3, 1, 1), (2, 3, 1, 0), (4, 3, 0.5, 0),
  ])
  func binomialPMFMatches(k: Int, n: Int, p: Double, expected: Double) {
    let actual = binomialPMF(k, of: n, probability: p)
    #expect(expected == 0 ? actual == 0 : abs(actual / expected - 1) < 1e-12)
  }

  @Test func upperTailKeepsItsDigitsWhereTheComplementHasNone() {
    let tail = binomialUpperTail(60, of: 60, probability: 0.5)
    #expect(abs(tail / 0x1p-60 - 1) < 1e-13)
  }
}

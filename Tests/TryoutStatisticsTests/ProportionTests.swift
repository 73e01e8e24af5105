import Testing
import TryoutStatistics

struct ProportionTests {
  /// Wilson's and Clopper and Pearson's interval at 95 %, and the latter's one-sided upper bound.
  ///
  /// From scipy 1.17.1.
  struct Reference: Sendable {
    let successes: Int
    let trials: Int
    let wilson: ClosedRange<Double>
    let exact: ClosedRange<Double>
    let exactUpper: Double
  }

  // swift-format-ignore
  static let references: [Reference] = [
    .init(
      successes: 0, trials: 10, wilson: 0...0.277532799862889,
      exact: 0...0.308497107818763, exactUpper: 0.258865550893052),
    .init(
      successes: 0, trials: 30, wilson: 0...0.113513393173969,
      exact: 0...0.115703308222027, exactUpper: 0.0950338528553041),
    .init(
      successes: 1, trials: 20, wilson: 0.0088814488007954...0.236131193446742,
      exact: 0.00126508949795603...0.248732762772028, exactUpper: 0.216106164206847),
    .init(
      successes: 2, trials: 50, wilson: 0.0110388843276198...0.13460090687507,
      exact: 0.00488143342613625...0.137137625603969, exactUpper: 0.120614155422044),
    .init(
      successes: 3, trials: 100, wilson: 0.0102545240240389...0.0845193642905276,
      exact: 0.00622997153830623...0.0851760529742803, exactUpper: 0.07571079374983),
    .init(
      successes: 5, trials: 100, wilson: 0.021543679154368...0.111750469231919,
      exact: 0.0164318791817283...0.112834911105463, exactUpper: 0.102253377643274),
    .init(
      successes: 17, trials: 20, wilson: 0.639581135259243...0.947631254103783,
      exact: 0.621073173454704...0.967929062814455, exactUpper: 0.957830592114221),
    .init(
      successes: 19, trials: 20, wilson: 0.763868806553258...0.991118551199205,
      exact: 0.751267237227972...0.998734910502044, exactUpper: 0.99743862122347),
    .init(
      successes: 20, trials: 20, wilson: 0.838874841947181...1,
      exact: 0.831566529016915...1, exactUpper: 1),
    .init(
      successes: 45, trials: 50, wilson: 0.786397685625204...0.95652423506811,
      exact: 0.781864633565798...0.966724906410979, exactUpper: 0.959763409597885),
    .init(
      successes: 99, trials: 100, wilson: 0.945513803821295...0.998232567935859,
      exact: 0.945540614607919...0.999746853967318, exactUpper: 0.999487198583738),
    .init(
      successes: 250, trials: 250, wilson: 0.984866700504555...1,
      exact: 0.98535281136432...1, exactUpper: 1),
  ]

  @Test(arguments: references)
  func intervalsMatch(reference: Reference) {
    let proportion = Proportion(successes: reference.successes, trials: reference.trials)
    #expect(proportion.rate == Double(reference.successes) / Double(reference.trials))
    #expect(isClose(proportion.wilson(), reference.wilson))
    // Scipy finds these ends by a root search that stops at some 11 digits.
    #expect(isClose(proportion.clopperPearson(), reference.exact, within: 1e-10))
    let upper = proportion.clopperPearson(confidence: 0.9).upperBound
    #expect(isClose(upper, reference.exactUpper, within: 1e-10))
  }

  /// The roots of the score equation, by mpmath.
  @Test(arguments: [
    (18, 20, 0.95, 0.73833695367313316, 0.96633677643809526),
    (1, 20, 0.95, 0.011234816850851652, 0.19600723677401638),
    (45, 50, 0.99, 0.75936462613483643, 0.96250204907457326),
    (0, 20, 0.95, 0, 0.11915783736096448),
    (20, 20, 0.95, 0.88084216263903552, 1),
  ])
  func oneSidedBoundsMatch(
    successes: Int,
    trials: Int,
    confidence: Double,
    lower: Double,
    upper: Double
  ) {
    let proportion = Proportion(successes: successes, trials: trials)
    #expect(isClose(proportion.wilsonLowerBound(confidence: confidence), lower))
    #expect(isClose(proportion.wilsonUpperBound(confidence: confidence), upper))
  }

  @Test func endsAreExactAtNoneAndAll() {
    for trials in [1, 7, 20, 1_000_000] {
      let none = Proportion(successes: 0, trials: trials)
      #expect(none.wilson().lowerBound == 0)
      #expect(none.clopperPearson().lowerBound == 0)
      let all = Proportion(successes: trials, trials: trials)
      #expect(all.wilson().upperBound == 1)
      #expect(all.clopperPearson().upperBound == 1)
    }
  }

  @Test func withoutTrialsEveryRateIsPossible() {
    let proportion = Proportion(successes: 0, trials: 0)
    #expect(proportion.rate == nil)
    #expect(proportion.wilson() == 0...1)
    #expect(proportion.clopperPearson() == 0...1)
    #expect(proportion.wilsonLowerBound() == 0)
    #expect(proportion.wilsonUpperBound() == 1)
  }

  @Test func moreSuccessesThanTrialsAreRefused() async {
    await #expect(processExitsWith: .failure) {
      _ = Proportion(successes: 3, trials: 2)
    }
  }

  /// For the nearest whole count, the even one of two; from scipy 1.17.1's normal quantiles.
  // swift-format-ignore
  static let halfWidths: [(trials: Int, rate: Double, halfWidth: Double)] = [
    (20, 0, 0.0805625790264097),
    (20, 0.05, 0.113624872322973),
    (20, 0.1, 0.13658358200736),
    (20, 0.5, 0.200701991801788),
    (50, 0, 0.0356737995666794),
    (50, 0.05, 0.0617810112737252),
    (50, 0.1, 0.0850632747214531),
    (50, 0.5, 0.133554856831714),
    (100, 0, 0.0184967491034928),
    (100, 0.05, 0.0451033950387756),
    (100, 0.1, 0.0595682622221192),
    (100, 0.5, 0.0961684696340044),
    (250, 0, 0.00756664974772229),
    (250, 0.05, 0.0271720498412463),
    (250, 0.1, 0.0373983908098868),
    (250, 0.5, 0.0615087381910988),
  ]

  @Test(arguments: halfWidths)
  func halfWidthsMatch(reference: (trials: Int, rate: Double, halfWidth: Double)) {
    let successes = (reference.rate * Double(reference.trials)).rounded(.toNearestOrEven)
    let interval = Proportion(successes: Int(successes), trials: reference.trials).wilson()
    let planned = (interval.upperBound - interval.lowerBound) / 2
    #expect(isClose(planned, reference.halfWidth))
  }

  /// The upper bounds that the rule of three, 3 / n, stands for; 1 − 0.05^(1/n).
  // swift-format-ignore
  static let noFailures: [(trials: Int, upper: Double)] = [
    (10, 0.258865550893052),
    (20, 0.139108340668265),
    (30, 0.0950338528553042),
    (50, 0.0581550791169723),
    (100, 0.0295130496070399),
    (300, 0.00993608194445772),
  ]

  @Test(arguments: noFailures)
  func noFailureLeavesAbout3InN(reference: (trials: Int, upper: Double)) {
    let proportion = Proportion(successes: 0, trials: reference.trials)
    let upper = proportion.clopperPearson(confidence: 0.9).upperBound
    #expect(isClose(upper, reference.upper))
    #expect(upper < 3 / Double(reference.trials))
  }
}

import Testing
import TryoutStatistics

struct PairedRatesTests {
  private func pairs(both: Int, head: Int, base: Int, neither: Int) -> [PairedRates.Pair] {
    Array(repeating: .init(base: 1, head: 1), count: both)
      + Array(repeating: .init(base: 0, head: 1), count: head)
      + Array(repeating: .init(base: 1, head: 0), count: base)
      + Array(repeating: .init(base: 0, head: 0), count: neither)
  }

  /// By hand, after Agresti and Min: (12 − 2) / 52 ± 1.959964 · √(15 − 10²/52) / 52.
  @Test func differenceIsThatOfTheAdjustedTable() {
    let rates = PairedRates(of: pairs(both: 36, head: 12, base: 2, neither: 0))
    let error = (15 - 100.0 / 52).squareRoot() / 52
    let interval = rates.interval()
    #expect(isClose(interval.lowerBound, 10.0 / 52 - 1.959963984540054 * error))
    #expect(isClose(interval.upperBound, 10.0 / 52 + 1.959963984540054 * error))
    #expect(rates.difference == 0.2)
    #expect((rates.better, rates.worse, rates.n) == (12, 2, 50))
  }

  @Test func pOfSuccessesAndFailuresIsMcNemars() {
    let table = PairedProportions(both: 20, onlyHead: 6, onlyBase: 1, neither: 3)
    #expect(PairedRates(of: pairs(both: 20, head: 6, base: 1, neither: 3)).p() == table.midP)
  }

  /// The ends of the ratio's interval are the ratios of which p is 5 %.
  @Test(arguments: [(0.5, 0.8), (0.9, 0.7), (1.0, 0.95)])
  func intervalOfTheRatioIsWhereTheTestTurns(base: Double, head: Double) throws {
    let shares = (0..<30).map { index in
      PairedRates.Pair(base: index % 3 == 0 ? base : 1, head: index % 5 == 0 ? head : 1)
    }
    let rates = PairedRates(of: shares)
    let ends = rates.ratioInterval()
    let low = try #require(ends.low.number)
    let high = try #require(ends.high.number)
    #expect(isClose(rates.p(against: low), 0.05, within: 1e-6))
    #expect(isClose(rates.p(against: high), 0.05, within: 1e-6))
    #expect(rates.ratio.number.map { low < $0 && $0 < high } ?? false)
  }

  @Test func agreementLeavesRoomForChance() {
    let rates = PairedRates(of: pairs(both: 20, head: 0, base: 0, neither: 0))
    let interval = rates.interval()
    #expect(interval.lowerBound < -0.05 && interval.upperBound > 0.05)
    #expect(rates.p() == 1)
    #expect(rates.ratio == .value(1))
  }

  @Test func aRatioToNothingIsUnbounded() {
    let rates = PairedRates(of: pairs(both: 0, head: 15, base: 0, neither: 5))
    #expect(rates.ratio == .unbounded)
    #expect(rates.ratioInterval().high == .unbounded)
    guard case .value(let low) = rates.ratioInterval().low else {
      Issue.record("no lower end")
      return
    }
    #expect(low > 1)
    let nothing = PairedRates(of: pairs(both: 0, head: 0, base: 0, neither: 9))
    #expect(nothing.ratio == .unavailable(needs: 1))
    #expect(nothing.ratioInterval().low == .value(0))
  }

  @Test func repeatsCancelFailures() throws {
    func middle(_ base: [Double?], _ head: [Double?]) -> Double? {
      PairedComparison.logRatio(ofRepeats: base, head: head)
    }
    #expect(middle([nil, nil], [nil]) == nil)
    #expect(middle([], [1]) == nil)
    #expect(middle([1, 1], [nil, nil]) == .infinity)
    #expect(middle([nil], [1]) == -.infinity)
    #expect(middle([1, nil], [nil, 1]) == 0)
    // One failure of three moves the middle without deciding it: ln of 2, 2, 4, 4, 4, 4, ∞, ∞, ∞ has ln 4 in its middle.
    let value = try #require(middle([1, 0.5, 0.5], [nil, 2, 2]))
    #expect(isClose(value, 1.3862943611198906))
  }

  @Test func pIsAgainstTheRatioThatIsAskedAbout() {
    let pairs = (1...20).map { PairedComparison.Pair(base: 1, head: 1.2 + Double($0) / 1000) }
    #expect(PairedComparison(of: pairs, against: 1.1).p < 0.001)
    #expect(PairedComparison(of: pairs, against: 1.2105).p > 0.5)
    #expect(PairedComparison(of: pairs).p == PairedComparison(of: pairs, against: 1).p)
  }

  /// By hand: ln 2 ± √(ln 1.5² + ln 1.25²) where either side's interval is a factor of 1.5 and 1.25 wide.
  @Test func ratioOfTwoEstimatesJoinsTheirIntervals() throws {
    let ratio = RatioOfEstimates(
      base: .init(value: .value(1), low: .value(1 / 1.25), high: .value(1.25)),
      head: .init(value: .value(2), low: .value(2 / 1.5), high: .value(3)))
    #expect(ratio.ratio == .value(2))
    let low = try #require(ratio.low.number)
    let high = try #require(ratio.high.number)
    #expect(isClose(low * high, 4))
    #expect(isClose(high, 3.17707, within: 1e-5))
    #expect(isClose(try #require(ratio.p(against: low)), 0.05, within: 1e-6))
  }

  @Test func failuresMakeTheRatioUnbounded() {
    let number = RatioOfEstimates.Side(value: .value(1), low: .value(0.9), high: .value(1.1))
    let failing = RatioOfEstimates.Side(value: .unbounded, low: .value(2), high: .unbounded)
    let few = RatioOfEstimates.Side(
      value: .value(1), low: .value(0.5), high: .unavailable(needs: 72))
    let worse = RatioOfEstimates(base: number, head: failing)
    #expect(worse.ratio == .unbounded && worse.high == .unbounded)
    #expect(worse.low.number.map { $0 > 1.8 } ?? false)
    #expect(RatioOfEstimates(base: failing, head: number).ratio == .value(0))
    #expect(RatioOfEstimates(base: number, head: few).high == .unavailable(needs: 72))
    #expect(RatioOfEstimates(base: number, head: few).p(against: 2) == nil)
  }
}

import Testing
import TryoutStatistics

struct ChangePointTests {
  /// 199 permutations with seed 7, from a plain loop over all divisions in Python 3.11.
  struct Reference: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let index: Int
    let distance: Double
    let p: Double
    let series: [Double]
  }

  @Test(arguments: references)
  func matches(reference: Reference) throws {
    let change = try #require(
      ChangePoint.strongest(in: reference.series, shortest: 1, permutations: 199, seed: 7))
    #expect(change.index == reference.index)
    #expect(isClose(change.distance, reference.distance, within: 1e-10))
    #expect(isClose(change.p, reference.p, within: 1e-10))
  }

  /// Values 1 to n in order of time: counted out in Python 3.11 over all n! orders.
  @Test(arguments: [(6, 72.0 / 720), (7, 504.0 / 5040), (8, 1512.0 / 40320)])
  func fewValuesAreCountedOut(count: Int, p: Double) throws {
    let series = (1...count).map { Double($0) }
    let change = try #require(ChangePoint.strongest(in: series, seed: 1))
    #expect(change.p == p)
    #expect(change.p >= ChangePoint.leastP(of: count))
    // What is counted out needs no seed.
    #expect(ChangePoint.strongest(in: series, seed: 2) == change)
  }

  /// Values that are equal change places unseen: twenty nights of which two differ stand in 190 orders.
  @Test func equalValuesAreCountedOnce() throws {
    let series = [Double](repeating: 1, count: 18) + [0.5, 0.5]
    let change = try #require(ChangePoint.strongest(in: series, shortest: 2, seed: 1))
    #expect(change.index == 18)
    #expect((change.p * 190).rounded() == change.p * 190)
    #expect(change.p >= 2.0 / 190)
  }

  /// Drawing ends early only where all draws would say the same.
  @Test(arguments: references)
  func endingEarlyChangesNoVerdict(reference: Reference) throws {
    func p(_ significance: Double) throws -> Double {
      try #require(
        ChangePoint.strongest(
          in: reference.series, significance: significance, permutations: 9_999, seed: 7)
      ).p
    }
    let all = try p(1)
    for significance in [0.5, 0.05, 0.01, 0.001] {
      let early = try p(significance)
      #expect((early <= significance) == (all <= significance))
      if early <= significance { #expect(early == all) }
    }
  }

  @Test func theLeastPIsThatOfTheClearestStep() {
    #expect(ChangePoint.leastP(of: 7) == 2.0 / 35)
    #expect(isClose(ChangePoint.leastP(of: 8), 2.0 / 70, within: 1e-12))
    #expect(isClose(ChangePoint.leastP(of: 30), 2.0 / 155_117_520, within: 1e-12))
    #expect(ChangePoint.leastP(of: 1) == 1)
    let step = [1.0, 1.1, 1.2, 1.3, 2.0, 2.1, 2.2, 2.3]
    #expect(ChangePoint.strongest(in: step, seed: 1)?.p == 2.0 / 70)
  }

  @Test func severalStepsAreFoundInOrder() {
    var generator = SplitMix64(seed: 21)
    let levels =
      [Double](repeating: 100, count: 20) + [Double](repeating: 130, count: 15)
      + [Double](repeating: 90, count: 20)
    let series = levels.map { $0 + 4 * generator.normal() }
    #expect(ChangePoint.all(in: series, seed: 1).map(\.index) == [20, 35])
  }

  @Test func oneNightIsNoChange() {
    #expect(ChangePoint.all(in: Self.references[2].series, seed: 7).isEmpty)
    let lastNight = [Double](repeating: 100, count: 20) + [200]
    #expect(ChangePoint.all(in: lastNight, seed: 7).isEmpty)
  }

  @Test func shortOrConstantSeriesDoNotChange() {
    #expect(ChangePoint.strongest(in: [], seed: 1) == nil)
    #expect(ChangePoint.strongest(in: [1, 2, 3, 4, 5], seed: 1) == nil)
    #expect(ChangePoint.strongest(in: [Double](repeating: 3, count: 12), seed: 1)?.p == 1)
  }

  // swift-format-ignore
  static let references: [Reference] = [
    .init(
      testDescription: "noChange", index: 19, distance: 87.2618888888888, p: 0.63,
      series: [
        496.61, 520.9, 514.65, 514.94, 486.59, 504.76, 471.34, 491.49, 472.31, 466.3, 499.15,
        471.58, 503.45, 522.62, 516.29, 500.31, 516.26, 447.44, 523.67, 438.23,
      ]),
    .init(
      testDescription: "step", index: 12, distance: 967.503923444976, p: 0.005,
      series: [
        496.61, 520.9, 514.65, 514.94, 486.59, 504.76, 471.34, 491.49, 472.31, 466.3, 499.15,
        471.58, 629.31, 653.27, 645.36, 625.39, 645.33, 559.3, 654.59, 547.79,
      ]),
    .init(
      testDescription: "spike", index: 9, distance: 764.186, p: 0.58,
      series: [
        496.61, 520.9, 514.65, 514.94, 486.59, 504.76, 471.34, 491.49, 472.31, 932.6, 499.15,
        471.58, 503.45, 522.62, 516.29, 500.31, 516.26, 447.44, 523.67, 438.23,
      ]),
  ]
}

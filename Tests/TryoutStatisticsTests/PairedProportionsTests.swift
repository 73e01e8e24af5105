import Testing
import TryoutStatistics

struct PairedProportionsTests {
  /// From scipy 1.17.1's binomial distribution; the first interval is Newcombe's own example.
  struct Reference: Sendable {
    let table: PairedProportions
    let exact: Double
    let mid: Double
    let difference: Double
    let interval: ClosedRange<Double>
  }

  // swift-format-ignore
  static let references: [Reference] = [
    .init(
      table: .init(both: 36, onlyHead: 12, onlyBase: 2, neither: 0),
      exact: 0.012939453125, mid: 0.00738525390624999, difference: 0.2,
      interval: 0.0569295840032387...0.340427602974941),
    .init(
      table: .init(both: 20, onlyHead: 6, onlyBase: 1, neither: 3),
      exact: 0.125, mid: 0.0703125, difference: 0.166666666666667,
      interval: -0.0132775632540224...0.341058851953246),
    .init(
      table: .init(both: 50, onlyHead: 0, onlyBase: 0, neither: 10),
      exact: 1, mid: 1, difference: 0,
      interval: -0.0511081478415587...0.0511081478415587),
    .init(
      table: .init(both: 40, onlyHead: 5, onlyBase: 5, neither: 10),
      exact: 1, mid: 1, difference: 0,
      interval: -0.109255064750346...0.109255064750346),
    .init(
      table: .init(both: 88, onlyHead: 9, onlyBase: 2, neither: 1),
      exact: 0.0654296875, mid: 0.03857421875, difference: 0.07,
      interval: 0.000819014384984718...0.146192941920365),
    .init(
      table: .init(both: 10, onlyHead: 3, onlyBase: 0, neither: 2),
      exact: 0.25, mid: 0.125, difference: 0.2,
      interval: -0.0496507527177528...0.434246633228729),
  ]

  @Test(arguments: references)
  func matches(reference: Reference) throws {
    #expect(isClose(reference.table.exactP, reference.exact, within: 1e-10))
    #expect(isClose(reference.table.midP, reference.mid, within: 1e-10))
    #expect(isClose(try #require(reference.table.difference), reference.difference))
    #expect(isClose(reference.table.newcombe(), reference.interval, within: 1e-10))
  }

  /// Newcombe's second example is 56 of 70 less 48 of 80.
  struct UnpairedReference: Sendable {
    let first: Proportion
    let second: Proportion
    let interval: ClosedRange<Double>
  }

  // swift-format-ignore
  static let unpairedReferences: [UnpairedReference] = [
    .init(
      first: .init(successes: 9, trials: 10), second: .init(successes: 3, trials: 10),
      interval: 0.170522723934503...0.809017973535488),
    .init(
      first: .init(successes: 56, trials: 70), second: .init(successes: 48, trials: 80),
      interval: 0.0524314724023651...0.333872654036906),
    .init(
      first: .init(successes: 0, trials: 20), second: .init(successes: 0, trials: 20),
      interval: -0.161125158052819...0.161125158052819),
    .init(
      first: .init(successes: 5, trials: 56), second: .init(successes: 0, trials: 29),
      interval: -0.0381371479035369...0.192560013855112),
  ]

  @Test(arguments: unpairedReferences)
  func unpairedMatches(reference: UnpairedReference) {
    let interval = reference.first.newcombe(minus: reference.second)
    #expect(isClose(interval, reference.interval, within: 1e-10))
    let mirrored = reference.second.newcombe(minus: reference.first)
    #expect(
      isClose(-mirrored.upperBound...(-mirrored.lowerBound), reference.interval, within: 1e-10))
  }

  @Test func withoutTrialsAnythingIsPossible() {
    let nothing = PairedProportions(both: 0, onlyHead: 0, onlyBase: 0, neither: 0)
    #expect(nothing.difference == nil)
    #expect(nothing.newcombe() == -1...1)
    #expect(nothing.midP == 1)
    #expect(nothing.exactP == 1)
    #expect(
      Proportion(successes: 0, trials: 0).newcombe(minus: Proportion(successes: 1, trials: 2))
        == -1...1)
  }

  @Test func pairsThatAgreeNarrowTheInterval() {
    let table = PairedProportions(both: 70, onlyHead: 8, onlyBase: 2, neither: 20)
    let unpaired = table.head.newcombe(minus: table.base)
    #expect(table.newcombe().lowerBound > unpaired.lowerBound)
    #expect(table.newcombe().upperBound < unpaired.upperBound)
  }
}

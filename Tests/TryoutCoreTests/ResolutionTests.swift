import Testing
import TryoutCore
import TryoutStatistics

struct ResolutionTests {
  @Test func percentilesNeedWhatTheirRanksDo() {
    #expect(Resolution.percentiles.map(Resolution.needed) == [6, 36, 72, 368])
  }

  @Test func pairsAreQuestionsThatTwoShare() {
    let cases = (1...4).map { Case(id: "c\($0)") }
    var suite = Suite.small(targets: 3, samples: 5, cases: cases)
    #expect(Resolution(Plan(suite, seed: 1)).pairs == 20)
    // a is not asked one case and b not another: they share two.
    suite.exclusions = [Exclusion(target: "a", caseID: "c1"), Exclusion(target: "b", caseID: "c2")]
    let resolution = Resolution(Plan(suite, seed: 1))
    #expect(resolution.samples == [15, 15, 20])
    #expect(resolution.pairs == 10)
    #expect(
      resolution.detectableRatio(spread: 0.3) == PairedDesign(spread: 0.3).ratio(detectableWith: 10)
    )
    #expect(Resolution(Plan(Suite.small(targets: 1), seed: 1)).pairs == nil)
  }

  @Test func repeatsForP95ReachTheTargetWithTheFewestQuestions() {
    let cases = (1...4).map { Case(id: "c\($0)") }
    var suite = Suite.small(targets: 2, samples: 5, cases: cases)
    #expect(Resolution(Plan(suite, seed: 1)).repeatsForP95 == 18)
    suite.exclusions = [Exclusion(target: "a", caseID: "c1")]
    #expect(Resolution(Plan(suite, seed: 1)).repeatsForP95 == 24)
    suite.run.samples = 24
    #expect(Resolution(Plan(suite, seed: 1)).repeatsForP95 == nil)
  }
}

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

  @Test func someSamplesAreTooFewForAGate() {
    func fewest(
      _ metric: Metric, _ comparison: Gate.Comparison, _ limit: Double,
      _ bound: Gate.Bound = .interval
    ) -> Int? {
      Gate(id: "g", metric: metric, comparison, limit, text: "", bound: bound).fewestToPass
    }
    #expect(fewest(.answered, .atLeast, 0.75) == 12)
    #expect(fewest(.answered, .atLeast, 0.95) == 73)
    #expect(fewest(.errorRate(nil), .atMost, 0.05) == 73)
    #expect(fewest(.answered, .atLeast, 0.95, .lower95) == 52)
    #expect(fewest(.answered, .atLeast, 0.95, .estimate) == 1)
    #expect(fewest(.answered, .atLeast, 1) == .max)
    #expect(fewest(.clock(.ttft, .p95), .atMost, 2) == 72)
    #expect(fewest(.clock(.ttft, .p95), .atMost, 2, .upper95) == 59)
    #expect(fewest(.usd, .atMost, 1) == nil)
    #expect(fewest(.clock(.decodeRate, .p50), .atLeast, 9) == nil)
  }

  @Test func aGateCountsTheSamplesThatItLooksAt() {
    let checked = Case(id: "c1", tags: ["short"], checks: [Check(id: "x", .equals(Template("x")))])
    var suite = Suite.small(targets: 2, samples: 20, cases: [checked, Case(id: "c2")])
    var gate = Gate(id: "g", metric: .answered, .atLeast, 0.9, text: "90%")
    #expect(gate.fewestToPass == 35)
    suite.gates = [gate]
    #expect(Resolution(Plan(suite, seed: 1)).shortfalls == [])
    gate.filter.tag = "short"
    let short = Resolution.Shortfall(gate: "g", samples: 20, needed: 35)
    suite.gates = [gate]
    #expect(Resolution(Plan(suite, seed: 1)).shortfalls == [short])
    // Only what is graded can pass.
    suite.gates = [Gate(id: "g", metric: .passRate, .atLeast, 0.9, text: "90%")]
    #expect(Resolution(Plan(suite, seed: 1)).shortfalls == [short])
    gate.filter = Gate.Filter(target: "b")
    suite.gates = [gate]
    suite.exclusions = [Exclusion(target: "a", caseID: "c1")]
    #expect(Resolution(Plan(suite, seed: 1)).shortfalls == [])
  }
}

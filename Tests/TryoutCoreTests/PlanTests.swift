import Testing
import TryoutCore

struct PlanTests {
  private static let cases = (1...4).map { Case(id: "c\($0)", variables: ["n": "\($0)"]) }

  private static func suite(targets: Int = 3, samples: Int = 5) -> Suite {
    var suite = Suite.small(targets: targets, samples: samples, cases: cases)
    suite.prompts = [
      Prompt(id: "p", user: Template("Count to {{ n }}.")),
      Prompt(id: "q", system: Template("Be {{ n }}."), user: Template("Go.")),
    ]
    return suite
  }

  private func ids(_ suite: Suite, seed: UInt64 = 1) -> [String] {
    let plan = Plan(suite, seed: seed)
    return plan.samples.indices.map(plan.id)
  }

  @Test func idsAreDistinctAndWellFormed() {
    var suite = PlanTests.suite()
    suite.run.warmup = 2
    let ids = ids(suite)
    #expect(ids.count == 3 * 2 * 4 * 5 + 3 * 2)
    #expect(Set(ids).count == ids.count)
    #expect(ids.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{16}\.w?[1-5]/) != nil })
    #expect(ids.prefix(6).allSatisfy { $0.contains(".w") })
  }

  @Test func idsDependOnContentAlone() {
    var suite = PlanTests.suite()
    let before = Set(ids(suite))
    #expect(Set(ids(suite, seed: 99)) == before)
    suite.targets.reverse()
    suite.prompts.reverse()
    suite.cases.reverse()
    suite.run.order = .sequential
    suite.run.retry.attempts = 9
    suite.gates = [Gate(id: "up", metric: .answered, .atLeast, 0.9, text: "90%")]
    #expect(Set(ids(suite)) == before)
  }

  @Test(
    arguments: [
      { $0.prompts[0].user = Template("Count up to {{ n }}.") },
      { $0.prompts[1].system = nil },
      { $0.cases[0].variables["n"] = "5" },
      { $0.targets[0].model = "other" },
      { $0.targets[0].parameters["seed"] = 7 },
      { $0.targets[0].stream = false },
      { $0.targets[0].route = ["only": ["x"]] },
      { $0.accounts[0].baseURL = "http://127.0.0.1:1/v1" },
      { $0.accounts[0].script = "faster" },
    ] as [@Sendable (inout Suite) -> Void])
  func idsChangeWithContent(change: @Sendable (inout Suite) -> Void) {
    var suite = PlanTests.suite()
    let before = Set(ids(suite))
    change(&suite)
    let after = Set(ids(suite))
    #expect(after != before)
    #expect(after.count == before.count)
  }

  /// Ids are kept for years, so that a change of their making must be noticed.
  ///
  /// The expected one was computed with Python's `hashlib` and `json`.
  @Test func anIdStaysWhatItWas() {
    #expect(ids(Suite.small()) == ["62b60e274006dcab.1"])
  }

  @Test func aBlockHoldsEveryTargetOnce() {
    let plan = Plan(PlanTests.suite(), seed: 7)
    var blocks: Set<String> = []
    var orders: Set<[String]> = []
    for start in stride(from: 0, to: plan.samples.count, by: 3) {
      let block = (start..<start + 3).map(plan.identity)
      #expect(Set(block.map(\.target)) == ["a", "b", "c"])
      let keys = Set(block.map { "\($0.prompt) \($0.caseID) \($0.repetition)" })
      #expect(keys.count == 1)
      blocks.formUnion(keys)
      orders.insert(block.map(\.target))
    }
    #expect(blocks.count == 2 * 4 * 5)
    #expect(orders.count == 6)
  }

  @Test func repeatsFollowEachOther() {
    let plan = Plan(PlanTests.suite(), seed: 7)
    let repetitions = plan.samples.map(\.repetition)
    #expect(repetitions == repetitions.sorted())
  }

  @Test func theSeedDecidesTheOrder() {
    let suite = PlanTests.suite()
    #expect(ids(suite, seed: 3) == ids(suite, seed: 3))
    #expect(ids(suite, seed: 3) != ids(suite, seed: 4))
  }

  @Test func sequentialIsInTheOrderOfTheSuite() {
    var suite = PlanTests.suite(samples: 2)
    suite.run.order = .sequential
    let plan = Plan(suite, seed: 1)
    let all = plan.samples.indices.map(plan.identity)
    #expect(all.map(\.target) == ["a", "b", "c"].flatMap { Array(repeating: $0, count: 16) })
    #expect(
      all.prefix(16).map(\.repetition) == Array(repeating: 1, count: 8)
        + Array(repeating: 2, count: 8))
    #expect(
      all.prefix(8).map { $0.prompt + $0.caseID }
        == ["p", "q"].flatMap { p in (1...4).map { "\(p)c\($0)" } })
    #expect(ids(suite, seed: 1) == ids(suite, seed: 2))
  }

  @Test(arguments: [
    (Exclusion(target: "a"), 16), (Exclusion(prompt: "q"), 12), (Exclusion(caseID: "c1"), 18),
    (Exclusion(target: "a", prompt: "q", caseID: "c1"), 23), (Exclusion(target: "z"), 24),
    (Exclusion(), 0),
  ])
  func exclusionsAreLeftOut(exclusion: Exclusion, count: Int) {
    var suite = PlanTests.suite(samples: 1)
    suite.exclusions = [exclusion]
    suite.run.warmup = 1
    let plan = Plan(suite, seed: 1)
    #expect(plan.measuredCount == count)
    let combinations = plan.samples.indices.map(plan.identity)
    #expect(
      combinations.allSatisfy {
        !exclusion.matches(target: $0.target, prompt: $0.prompt, caseID: $0.caseID)
      })
  }

  @Test func warmupsComeFirstAndAreNotCounted() {
    var suite = PlanTests.suite(targets: 2, samples: 1)
    suite.run.warmup = 3
    let plan = Plan(suite, seed: 1)
    #expect((plan.warmupCount, plan.measuredCount) == (6, 16))
    #expect(plan.samples.prefix(6).map(\.warmup) == Array(repeating: true, count: 6))
    #expect(plan.samples.prefix(6).map(\.repetition) == [1, 2, 3, 1, 2, 3])
  }

  @Test func questionsAreWhatIsSent() {
    var suite = PlanTests.suite(targets: 1, samples: 1)
    suite.run.order = .sequential
    suite.run.timeouts.total = .seconds(5)
    suite.targets[0].parameters = ["max_tokens": 20]
    let plan = Plan(suite, seed: 1)
    let question = plan.question(for: 5)
    #expect((question.system, question.user) == ("Be 2.", "Go."))
    #expect((question.model, question.account.id) == ("model-a", "acme"))
    #expect(question.timeouts.total == .seconds(5))
    // 5 + 3 bytes are 2 tokens; 8 for the frame, 20 for the answer.
    #expect((question.estimatedPromptTokens, question.estimatedTokens) == (10, 30))
    #expect(plan.caseOf(5).id == "c2")
  }

  @Test func aMillionSamples() {
    let plan = Plan(PlanTests.suite(targets: 5, samples: 25_000), seed: 1)
    #expect(plan.measuredCount == 1_000_000)
  }
}

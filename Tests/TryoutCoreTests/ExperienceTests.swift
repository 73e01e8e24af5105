import Foundation
import Testing
import TryoutCore
import TryoutStatistics

struct ExperienceTests {
  private static func run(_ suite: Suite) -> RunRecord {
    RunRecord(id: "r", suite: suite, seed: 1, startedAt: 0, planned: 1)
  }

  private static func sample(
    _ target: String, _ repetition: Int, seconds: Double, usd: Double? = nil
  ) -> SampleRecord {
    var sample = SampleRecord.of(.pass, seconds: seconds, usd: usd)
    sample.identity.target = target
    sample.identity.repetition = repetition
    sample.usage = Usage(prompt: 100, completion: 10)
    return sample
  }

  @Test func nothingIsKnownAtFirst() {
    let experience = Experience(of: .small(targets: 2))
    #expect(experience.serviceTime == nil)
    #expect(experience.usdPerAnswer(ofTarget: 0) == nil)
    #expect(experience.pairedSpread == nil)
  }

  @Test func costsAreAsBilledElseByTokens() {
    var suite = Suite.small(targets: 2)
    suite.targets[1].price = Price(input: 1e-3, output: 1e-2)
    var experience = Experience(of: suite)
    experience.add(Self.run(suite)) { add in
      add(Self.sample("a", 1, seconds: 1, usd: 0.5))
      add(Self.sample("a", 2, seconds: 3, usd: 1.5))
      add(Self.sample("b", 1, seconds: 2))
      add(.of(.error, failure: .server))
    }
    #expect(experience.serviceTime == .seconds(2))
    #expect(experience.usdPerAnswer(ofTarget: 0) == 1)
    #expect(abs((experience.usdPerAnswer(ofTarget: 1) ?? 0) - 0.2) < 1e-12)
  }

  @Test func targetsThatWereAskedOtherwiseTellNothing() {
    let suite = Suite.small(targets: 1)
    var earlier = suite
    earlier.targets[0].parameters["temperature"] = 1
    var experience = Experience(of: suite)
    experience.add(Self.run(earlier)) { add in add(Self.sample("a", 1, seconds: 1, usd: 1)) }
    #expect(experience.serviceTime == nil && experience.runs == 0)
    // A new price is no reason to distrust the tokens, but the dollars.
    suite.targets.first.map { #expect($0.price == nil) }
    var dearer = suite
    dearer.targets[0].price = Price(input: 1, output: 0)
    experience = Experience(of: dearer)
    experience.add(Self.run(suite)) { add in add(Self.sample("a", 1, seconds: 1, usd: 1)) }
    #expect(experience.usdPerAnswer(ofTarget: 0) == 100)
  }

  /// The ratios are made so that their logarithms are ±s around a constant.
  @Test func spreadIsThatOfPairsWithinARun() throws {
    let suite = Suite.small(targets: 2)
    var experience = Experience(of: suite)
    for night in 1...2 {
      experience.add(Self.run(suite)) { add in
        for repetition in 1...10 {
          let base = Double(repetition * night)
          let ratio = exp(0.7 + (repetition.isMultiple(of: 2) ? 0.3 : -0.3))
          add(Self.sample("a", repetition, seconds: base * ratio))
          add(Self.sample("b", repetition, seconds: base))
        }
      }
    }
    // Ten squares of 0.09 and nine degrees of freedom in each of the two.
    let expected = (20 * 0.09 / 18).squareRoot()
    #expect(abs(try #require(experience.pairedSpread) - expected) < 1e-6)
  }

  @Test func fewPairsHaveNoSpread() {
    let suite = Suite.small(targets: 2)
    var experience = Experience(of: suite)
    experience.add(Self.run(suite)) { add in
      for repetition in 1...10 {
        add(Self.sample("a", repetition, seconds: Double(repetition)))
        add(Self.sample("b", repetition, seconds: 1))
      }
    }
    #expect(experience.pairedSpread == nil)
  }
}

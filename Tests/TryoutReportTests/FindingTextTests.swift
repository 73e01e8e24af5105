import Testing
import TryoutCore
import TryoutReport

struct FindingTextTests {
  /// Twelve questions with three answers each, so many times as long, by a hair more or less.
  private func sentence(ratio: Double, minimum: Double, jitter: Double = 0.001) throws -> String {
    func side(_ ratio: Double, _ jitter: Double) -> Answers {
      var answers = Answers(by: .content)
      for question in 0..<12 {
        let factor = ratio * (1 + jitter * Double(question - 6))
        answers.add(
          MadeUpRuns.answer("t", question, seconds: Double(question + 1) * factor))
      }
      return answers
    }
    let comparison = Comparison(
      Pairing(base: side(1, 0), head: side(ratio, jitter)),
      minimum: { _ in MinimumEffect(share: minimum) })
    return try #require(comparison[.paired(.latency)]).sentence
  }

  @Test func smallDifferencesAreSaidAndNotCounted() throws {
    #expect(try sentence(ratio: 1.03, minimum: 0).hasSuffix("n=12), slower"))
    #expect(
      try sentence(ratio: 1.03, minimum: 0.05)
        .hasSuffix("n=12), slower, but by less than 5 %: not counted"))
    #expect(
      try sentence(ratio: 0.97, minimum: 0.05)
        .hasSuffix("n=12), faster, but by less than 5 %: not counted"))
    #expect(
      try sentence(ratio: 1.05, minimum: 0.05, jitter: 0.005)
        .hasSuffix("n=12), slower, but maybe by less than 5 %: not counted"))
    #expect(try sentence(ratio: 1.2, minimum: 0.05).hasSuffix("n=12), slower"))
    #expect(try sentence(ratio: 1.01, minimum: 0.025).contains("less than 2.5 %"))
  }
}

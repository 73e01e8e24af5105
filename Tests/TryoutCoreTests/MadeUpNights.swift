import TryoutCore
import TryoutStatistics

/// Nights of a made-up target `a`, question by question.
struct MadeUpNights {
  var questions = 20
  var repeats = 2
  var random = SplitMix64(seed: 11)

  /// A run of a suite with the targets `a` and `b`, so many days after the first.
  func run(_ day: Int, hour: Int = 2, _ change: (inout Suite) -> Void = { _ in }) -> RunRecord {
    var suite = Suite.small(
      targets: 2, samples: repeats,
      cases: (0..<questions).map { Case(id: "q\($0)", tags: $0 < 3 ? ["first"] : []) })
    change(&suite)
    let time = Int64(day * 24 + hour) * 3_600_000_000_000
    var run = RunRecord(
      id: "night-\(day)", suite: suite, seed: 1, startedAt: time, planned: questions * repeats,
      environment: ["http": "libcurl/8"])
    run.state = .finished
    run.done = questions * repeats
    return run
  }

  /// Times around those of the question, so many times as long, of which some fail.
  mutating func answers(
    ratio: Double = 1, spread: Double = 0.1, failing: Double = 0, passing: Double = 1,
    target: String = "a", questions chosen: Range<Int>? = nil
  ) -> Answers {
    var answers = Answers(by: .content)
    for question in chosen ?? 0..<questions {
      for repetition in 1...repeats {
        let isFailure = random.chance(failing)
        let isPass = random.chance(passing)
        let time = Double(question + 1) * ratio * (1 + spread * (random.unit() - 0.5))
        var sample = SampleRecord(
          identity: SampleIdentity(
            id: "\(target)\(question).\(repetition)", target: target, prompt: "hello",
            caseID: "q\(question)", repetition: repetition),
          outcome: isFailure ? .error : isPass ? .pass : .fail)
        sample.attempts = 1
        sample.failure = isFailure ? .server : nil
        if !isFailure {
          sample.latency = Int64(time * 1e9)
          sample.ttft = Int64(time * 3e8)
          sample.usage = Usage(prompt: 10, completion: 20)
          sample.usd = 0.01
        }
        answers.add(sample)
      }
    }
    return answers
  }
}

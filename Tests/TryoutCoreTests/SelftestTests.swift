import Testing
import TryoutCore
import TryoutStatistics

/// What the selftest makes of what it saw; every trial here is made up.
struct SelftestTests {
  // MARK: Streams

  private func timeline(_ change: (inout Timeline) -> Void = { _ in }) -> Timeline {
    var timeline = Timeline()
    (timeline.sent, timeline.firstByte) = (1_000_000, 2_000_000)
    (timeline.firstToken, timeline.firstAnswer) = (2_000_000, 2_000_000)
    (timeline.lastToken, timeline.end) = (5_000_000, 9_000_000)
    change(&timeline)
    return timeline
  }

  @Test(arguments: [
    ("ttfb = ttft = ttfa ≤ latency", true), ("ttft < latency ≤ end", true),
    ("ttft = latency", false), ("latency + 4ms ≤ end", true), ("latency + 4ms < end", false),
    ("no headers", true), ("no ttft", false), ("headers ≤ end", false), ("end ≤ headers", false),
  ])
  func relationsHoldOrNot(words: String, holds: Bool) throws {
    let relation = try #require(try ClockRelation.list(words).first)
    #expect(relation.holds(in: timeline()) == holds)
  }

  @Test(arguments: ["ttft", "ttft ≥ end", "ttft ≤", "no", "no watch", "ttft + 3s < end", "a = b"])
  func otherWordsAreNoRelation(words: String) {
    #expect(throws: ClockRelation.Unreadable.self) { try ClockRelation.list(words) }
  }

  private func promise(
    failure: String? = nil, flags: String? = nil, clocks: String = "ttft = ttfa ≤ latency"
  ) throws -> StreamPromise {
    try StreamPromise(
      failure: failure, finish: "stop", tokens: 2, clocks: clocks, flags: flags, answer: "Hello",
      reasoning: "Hm", message: failure == nil ? "" : "gone")
  }

  private func exchange(_ change: (inout Exchange) -> Void = { _ in }) -> Exchange {
    var exchange = Exchange()
    exchange.timeline = timeline()
    (exchange.finishReason, exchange.usage.completion) = ("stop", 2)
    (exchange.answer, exchange.reasoning, exchange.chunks) = ("Hello", "Hm", 2)
    exchange.connection.sends = 1
    change(&exchange)
    return exchange
  }

  @Test func promisesThatHoldHaveNoViolations() throws {
    #expect(try promise().violations(in: exchange()) == [])
    let broken = exchange { $0.failure = Failure(.server, "It is gone.") }
    #expect(try promise(failure: "server").violations(in: broken) == [])
    let twice = exchange { $0.connection.sends = 2 }
    #expect(try promise(flags: "resent").violations(in: twice) == [])
    #expect(try promise(flags: "resent?").violations(in: twice) == [])
    #expect(try promise(flags: "resent?").violations(in: exchange()) == [])
  }

  @Test func whatIsOtherwiseIsNamed() throws {
    let changes: [(inout Exchange) -> Void] = [
      { $0.failure = Failure(.server, "Oops.") }, { $0.finishReason = nil },
      { $0.usage.completion = 3 }, { $0.answer += "!" }, { $0.reasoning = "" },
      { $0.connection.sends = 2 }, { $0.timeline.lastToken = nil },
    ]
    for change in changes {
      #expect(try promise().violations(in: exchange(change)).count == 1)
    }
    #expect(try promise(failure: "server").violations(in: exchange()).count == 2)
    let quick = exchange { $0.timeline.lastToken = $0.timeline.firstToken }
    #expect(try promise().violations(in: quick) == ["the flag is buffered, not none"])
    #expect(try promise(flags: "resent?").violations(in: quick).count == 1)
    let violations = try promise(clocks: "ttft = ttfa").violations(in: exchange())
    #expect(violations == ["nothing is said of latency"])
  }

  // MARK: Clocks

  private func stamped(_ stamps: [Int64], firstToken: Int64, lastToken: Int64) -> Exchange {
    var exchange = Exchange()
    exchange.answer = stamps.map { "\($0) " }.joined()
    exchange.chunks = stamps.count
    exchange.timeline.origin = 1000
    (exchange.timeline.firstToken, exchange.timeline.lastToken) = (firstToken, lastToken)
    return exchange
  }

  @Test func errorsAreOurStampsMinusTheServers() throws {
    let answer = try StampedAnswer(
      stamped([1100, 1200, 1300], firstToken: 107, lastToken: 311), chunks: 3)
    #expect(answer.firstToken == 7)
    #expect(answer.lastToken == 11)
    #expect(answer.span == 1100...1300)
  }

  @Test func answersThatDidNotComeWholeSayNothing() {
    var failed = Exchange()
    failed.failure = Failure(.reset, "It is gone.")
    var merged = stamped([1, 2], firstToken: 1, lastToken: 2)
    merged.chunks = 1
    var silent = stamped([1, 2], firstToken: 1, lastToken: 2)
    silent.timeline.lastToken = nil
    let backwards = stamped([2, 1], firstToken: 1, lastToken: 2)
    let short = stamped([1], firstToken: 1, lastToken: 2)
    for exchange in [failed, merged, silent, backwards, short] {
      #expect(throws: StampedAnswer.Unreadable.self) { try StampedAnswer(exchange, chunks: 2) }
    }
  }

  /// A round in which all chunks came after so many nanoseconds.
  private func trial(streams: Int, errors: [Int64]) throws -> ClockTrial {
    let round = try errors.map { error in
      Result<StampedAnswer, StampedAnswer.Unreadable>.success(
        try StampedAnswer(
          stamped([2000, 75_002_000], firstToken: 1000 + error, lastToken: 75_001_000 + error),
          chunks: 2))
    }
    return ClockTrial(streams: streams, chunks: 2, pause: .milliseconds(25), rounds: [round])
  }

  @Test func smallErrorsHold() throws {
    let trial = try trial(streams: 3, errors: [10_000, 1_000_000, 90_000_000])
    #expect(trial.reasons == [])
    #expect(trial.ttft[.p50] == 1_000_000)
    #expect(trial.latency.min == 10_000)
    #expect(trial.latency.max == 90_000_000)
    #expect(trial.rate == 60)
    #expect(trial.possibleRate == 120)
  }

  @Test func medianBeyondTheToleranceDoesNotHold() throws {
    #expect(try trial(streams: 100, errors: [1_000_001]).reasons.count == 2)
    #expect(try trial(streams: 1000, errors: [5_000_000]).reasons == [])
    #expect(try trial(streams: 1000, errors: [5_000_001]).reasons.count == 2)
  }

  @Test func oneTokenStampedBeforeItWasSentDoesNotHold() throws {
    let trial = try trial(streams: 3, errors: [-1, 10, 10])
    #expect(trial.isImpossible)
    #expect(trial.reasons.count == 2)
    let possible = try self.trial(streams: 3, errors: [0])
    #expect(!possible.isImpossible)
  }

  @Test func streamsThatFailOrNeverCameDoNotHold() {
    let failure = StampedAnswer.Unreadable(description: "It is gone.")
    let failed = ClockTrial(
      streams: 1, chunks: 2, pause: .milliseconds(25),
      rounds: [[.failure(failure), .failure(failure)]])
    #expect(failed.reasons == ["with 1 at once: It is gone."])
    let silent = ClockTrial(streams: 1, chunks: 2, pause: .milliseconds(25), rounds: [])
    #expect(silent.reasons.count == 1)
  }

  // MARK: Twins

  private func samples(_ factor: Double, count: Int = 60) -> [SampleRecord] {
    (0..<count).flatMap { index in
      ["one", "other"].map { target in
        let identity = SampleIdentity(
          id: "\(target)\(index)", target: target, prompt: "p", caseID: "c", repetition: index)
        var sample = SampleRecord(identity: identity, outcome: .ungraded)
        // Spreads evenly around no difference, or around the factor.
        let wobble = 1 + 0.001 * Double((index * 7) % 11 - 5)
        let nanoseconds = target == "one" ? 1e7 : 1e7 * factor * wobble
        (sample.ttft, sample.latency) = (Int64(nanoseconds), Int64(2 * nanoseconds))
        return sample
      }
    }
  }

  @Test func twinsAreTheSameUnlessTheyDiffer() {
    let same = TwinTrial(of: samples(1), twins: ("one", "other"))
    #expect(same.reasons == [])
    #expect(same.verdicts.map(\.comparison.n) == [60, 60])
    for factor in [0.98, 1.02] {
      let different = TwinTrial(of: samples(factor), twins: ("one", "other"))
      #expect(different.verdicts.map(\.isDifferent) == [true, true])
      #expect(different.reasons.count == 2)
    }
  }

  @Test func tooFewAnswersProveNothing() {
    let few = TwinTrial(of: samples(1, count: 3), twins: ("one", "other"))
    #expect(few.reasons.count == 2)
    let result = SelftestResult(clocks: [], streams: [], twins: [])
    #expect(result.reasons == ["the twins were not compared"])
  }

  @Test func theLastOfTheTwinsCounts() {
    let alarm = TwinTrial(of: samples(1.02), twins: ("one", "other"))
    let quiet = TwinTrial(of: samples(1), twins: ("one", "other"))
    let stream = SelftestResult.StreamTrial(id: "plain", plays: 3, violations: ["the end"])
    #expect(SelftestResult(clocks: [], streams: [], twins: [alarm, quiet]).reasons == [])
    let result = SelftestResult(clocks: [], streams: [stream], twins: [alarm])
    #expect(result.reasons.first == "the stream plain: the end")
    #expect(result.reasons.count == 3)
  }
}

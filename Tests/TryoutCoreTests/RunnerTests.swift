import Synchronization
import Testing
import TryoutCore

struct RunnerTests {
  private let clock = ManualClock()
  private let log = RecordingLog()

  private func runner(
    _ suite: Suite, log: RecordingLog? = nil,
    observer: @escaping @Sendable (RunProgress) -> Void = { _ in },
    _ script: @escaping ScriptedProvider.Script
  ) -> (Runner<ManualClock>, Scheduler, ScriptedProvider) {
    let plan = Plan(suite, seed: 1)
    let provider = ScriptedProvider(script)
    let runner = Runner(
      plan: plan, provider: provider, log: log ?? self.log, clock: clock, anchor: 1_000,
      observer: observer)
    return (runner, Scheduler(plan: plan, anchor: 1_000), provider)
  }

  /// Runs to the end, moving the clock on whenever the run sleeps.
  private func run(
    _ suite: Suite, observer: @escaping @Sendable (RunProgress) -> Void = { _ in },
    _ script: @escaping ScriptedProvider.Script
  ) async throws -> Scheduler.Ending {
    let (runner, scheduler, _) = runner(suite, observer: observer, script)
    let clock = clock
    return try await withThrowingTaskGroup(of: Scheduler.Ending?.self) { group in
      group.addTask { try await runner.run(from: scheduler) }
      group.addTask {
        while !Task.isCancelled {
          clock.advanceToNextDeadline()
          await Task.yield()
        }
        return nil
      }
      defer { group.cancelAll() }
      let ending = try await group.next() ?? nil
      return try #require(ending)
    }
  }

  @Test func everySampleIsAskedAndClosedOnce() async throws {
    let suite = Suite.small(
      targets: 3, windows: [.init(.requests, 5, per: .second)], concurrency: 4, samples: 20,
      cases: [Case(id: "only", checks: [Check(id: "yes", .equals(Template("yes")))])])
    let last = Mutex<RunProgress?>(nil)
    let ending = try await run(suite, observer: { progress in last.withLock { $0 = progress } }) {
      _, count in
      .answering(count % 4 == 0 ? "no" : "yes")
    }
    #expect(ending == .complete)
    #expect(log.faults == [])
    #expect(log.outcomes == [.pass: 45, .fail: 15])
    let progress = last.withLock { $0 }
    #expect((progress?.done, progress?.answered) == (60, 60))
    #expect(progress?.lanes.map(\.open) == [0, 0, 0])
  }

  @Test func retriesAreAttemptsOfTheirOwn() async throws {
    let suite = Suite.small(samples: 1)
    let ending = try await run(suite) { _, count in
      count < 3 ? .failing(.overloaded, wait: .seconds(10)) : .answering("yes")
    }
    #expect(ending == .complete)
    #expect(log.faults == [])
    #expect(log.ended.map(\.attempt.number) == [1, 2, 3])
    #expect(log.ended.map(\.attempt.status) == [.failed, .failed, .ok])
    #expect(log.ended.map(\.grade?.outcome) == [nil, nil, .ungraded])
    // Each waits ten seconds, and no queue counts in: the wait was asked for.
    #expect(log.ended.map(\.attempt.startedAt) == [1_000, 10_000_001_000, 20_000_001_000])
    #expect(log.ended.map(\.attempt.queue) == [0, 0, 0])
  }

  @Test func theQueueIsTheTimeHeldByARate() async throws {
    let suite = Suite.small(windows: [.init(.requests, 1, per: .minute)], samples: 2)
    _ = try await run(suite) { _, _ in .answering("yes") }
    // A minute and the margin of half a second.
    #expect(log.ended.map(\.attempt.queue) == [0, 60_500_000_000])
  }

  @Test(arguments: [
    (FailureKind.badRequest, Grade.Outcome.error), (.timeoutTotal, .error), (.server, .error),
    (.auth, .skipped),
  ])
  func theLastFailureClosesTheSample(kind: FailureKind, outcome: Grade.Outcome) async throws {
    _ = try await run(Suite.small()) { _, _ in .failing(kind) }
    #expect(log.faults == [])
    #expect(log.outcomes == [outcome: 1])
    #expect(log.ended.last?.grade?.failure == kind)
    #expect(log.ended.last?.grade?.reasons == ["\(kind.rawValue): as scripted"])
  }

  @Test func givenUpTargetsCloseTheirSamples() async throws {
    let suite = Suite.small(targets: 2, samples: 3) { $0.warmup = 1 }
    let ending = try await run(suite) { model, _ in
      model == "model-a" ? .failing(.modelGone) : .answering("yes")
    }
    #expect(ending == .complete)
    #expect(log.faults == [])
    #expect(log.outcomes == [.error: 4, .ungraded: 4])
    for case .closed(let sample, let grade) in log.entries {
      #expect(sample.target == "a")
      #expect(
        grade
          == Grade(
            .error, reasons: ["given up without being asked: model_gone"], failure: .modelGone))
    }
  }

  @Test(
    arguments: [
      (.answers, ["yes", "no", "", "yes"], "what the provider sent"),
      (.failures, ["", "no", "", ""], "what the provider sent"), (.nothing, ["", "", "", ""], nil),
    ] as [(RunPolicy.Keep, [String], String?)])
  func textIsKeptAsAsked(keep: RunPolicy.Keep, answers: [String], evidence: String?) async throws {
    let checks = [Check(id: "yes", .equals(Template("yes")))]
    let suite = Suite.small(samples: 4, cases: [Case(id: "only", checks: checks)]) {
      $0.keep = keep
    }
    _ = try await run(suite) { _, count in
      switch count {
      case 2: .answering("no")
      case 3: .failing(.badRequest)
      default: .answering("yes")
      }
    }
    #expect(log.ended.map(\.attempt.exchange.answer) == answers)
    let kept = log.ended.map(\.attempt.exchange)
    #expect(kept.map(\.reasoning) == answers.map { $0.isEmpty ? "" : "because" })
    #expect(kept.compactMap(\.failure?.evidence) == [evidence].compactMap(\.self))
    // What is not kept was graded all the same.
    #expect(log.outcomes == [.pass: 2, .fail: 1, .error: 1])
  }

  @Test func theProvidersCostComesBeforeThePriceList() async throws {
    var suite = Suite.small(samples: 3)
    suite.targets[0].price = Price(input: 0.5, output: 2)
    _ = try await run(suite) { _, count in
      var exchange = Exchange.answering("yes")
      if count < 3 { exchange.usage = Usage(prompt: 2, completion: 1) }
      if count == 1 { exchange.costUSD = 0 }
      return exchange
    }
    let costs = log.ended.map(\.attempt.cost)
    #expect(costs == [Cost(usd: 0, source: .api), Cost(usd: 3, source: .suite), nil])
  }

  /// Two attempts are in flight when the signals come, and as much time passes as they need; `told` follows the loop.
  private func interrupt(
    signals: Int, lasting duration: Duration = .seconds(1), passing: Duration = .seconds(1)
  ) async throws -> (Scheduler.Ending, asked: [String: Int]) {
    let clock = clock
    let interruption = Interruption()
    let (told, continuation) = AsyncStream.makeStream(of: Void.self)
    let suite = Suite.small(concurrency: 2, samples: 9)
    let (runner, scheduler, provider) = runner(suite, observer: { _ in continuation.yield() }) {
      _, _ in
      do {
        try await clock.sleep(until: clock.now.advanced(by: duration), tolerance: nil)
        return .answering("yes")
      } catch {
        return .failing(.cancelled)
      }
    }
    var steps = told.makeAsyncIterator()
    async let ending = runner.run(from: scheduler, interruption: interruption)
    await steps.next()
    while clock.sleeperCount < 2 { await Task.yield() }
    for _ in 0..<signals {
      interruption.signal()
      // The loop waits for results again, so it has heard the signal.
      await steps.next()
    }
    // The time of grace has begun, too.
    while signals == 1, clock.sleeperCount < 3 { await Task.yield() }
    clock.advance(by: passing)
    return (try await ending, provider.asked)
  }

  @Test func anInterruptionDrains() async throws {
    let (ending, asked) = try await interrupt(signals: 1)
    #expect(ending == .interrupted)
    #expect(log.faults == [])
    #expect(asked == ["model-a": 2])
    #expect(log.outcomes == [.ungraded: 2])
  }

  @Test func whatOutlastsTheGraceIsCancelled() async throws {
    let (ending, asked) = try await interrupt(
      signals: 1, lasting: .seconds(31), passing: .seconds(30))
    #expect(ending == .interrupted)
    #expect(log.faults == [])
    #expect(asked == ["model-a": 2])
    #expect(log.ended.map(\.attempt.status) == [.cancelled, .cancelled])
    #expect(log.outcomes == [:])
  }

  @Test func aSecondInterruptionCancels() async throws {
    let (ending, asked) = try await interrupt(signals: 2)
    #expect(ending == .interrupted)
    #expect(log.faults == [])
    #expect(asked == ["model-a": 2])
    #expect(log.ended.map(\.attempt.status) == [.cancelled, .cancelled])
    #expect(log.outcomes == [:])
  }

  @Test(arguments: [0, 1, 2, 5])
  func withoutALogNothingIsAsked(capacity: Int) async throws {
    let log = RecordingLog(capacity: capacity)
    let (runner, scheduler, provider) = runner(Suite.small(samples: 9), log: log) { _, _ in
      .answering("yes")
    }
    await #expect(throws: RecordingLog.Full()) { try await runner.run(from: scheduler) }
    let started = log.entries.count { if case .started = $0 { true } else { false } }
    #expect(provider.asked["model-a", default: 0] == started)
    #expect(started <= 3)
  }
}

import Testing
import TryoutCore

/// Open load drawn as marbles.
///
/// `SchedulerMarbleTests` explains the signs. Every attempt takes one second.
struct OpenLoadMarbleTests {
  /// One target under constant arrivals.
  private static func suite(
    _ rate: Double = 1, windows: [Limit.Window] = [], concurrency: Int = 1, samples: Int = 4,
    policy: (inout RunPolicy) -> Void = { _ in }
  ) -> Suite {
    Suite.small(windows: windows, concurrency: concurrency, samples: samples) {
      $0.load = .open(OpenLoad(.constant, [.init(rate: rate)]))
      policy(&$0)
    }
  }

  /// Nothing is retried, and a server's wait is not obeyed unless it is about the account.
  @Test(arguments: [
    ("", "aaaa|"), ("s", "aaaa|"), ("w", "aaaa|"), ("t", "aaaa|"), ("g", "ax3|"), ("d", "aP"),
    ("c", "aI"),
  ])
  func arrivalsComeWhenTheyAreDue(endings: String, starts: String) {
    #expect(Marbles.play(Self.suite(), endings) == starts)
  }

  @Test func anAccountsWaitIsObeyedAndWhatIsDueMeanwhileIsLeftOut() {
    #expect(Marbles.play(Self.suite(samples: 8), "r") == "a----aaax4|")
  }

  @Test func whatMeetsNoPlaceIsDropped() {
    #expect(Marbles.play(Self.suite(2), "") == "aax2|")
    #expect(Marbles.play(Self.suite(2, concurrency: 2), "") == "(aa)(aa)|")
    #expect(Marbles.play(Self.suite(2, concurrency: 9) { $0.concurrency = 1 }, "") == "aax2|")
  }

  /// A window of one second is 1.01 s long, so that every other arrival is too early for it.
  @Test func aQuotaIsNeverBroken() {
    let windows = [Limit.Window(.requests, 1, per: .second)]
    #expect(Marbles.play(Self.suite(windows: windows, concurrency: 8), "") == "a-ax2|")
    let day = [Limit.Window(.requests, 2, per: .day)]
    #expect(Marbles.play(Self.suite(windows: day, concurrency: 8), "") == "aaP")
  }

  @Test func budgetsEndTheLoad() {
    #expect(Marbles.play(Self.suite { $0.budget.requests = 2 }, "") == "aaP")
    #expect(Marbles.play(Self.suite(samples: 9) { $0.budget.wall = .seconds(3) }, "") == "aaaP")
    var suite = Self.suite(2, concurrency: 3) { $0.budget.usd = 0.6 }
    suite.targets[0].price = Price(input: 0, output: 0.001)
    #expect(Marbles.play(suite, "", usd: 0.01) == "aP")
  }

  /// Warm-ups go before the schedule's zero, are retried, and wait for places.
  @Test func warmupsAreClosed() {
    let suite = Self.suite(samples: 2) { $0.warmup = 2 }
    #expect(Marbles.play(suite, "") == "aaaa|")
    #expect(Marbles.play(suite, "w") == "a---Aaaa|")
  }

  @Test func stepsFollowEachOther() {
    let suite = Suite.small(concurrency: 8, samples: 20) {
      $0.load = .open(
        OpenLoad(
          .constant,
          [.init(rate: 1, duration: .seconds(2)), .init(rate: 3, duration: .seconds(2))]))
    }
    #expect(Marbles.play(suite, "") == "aa(aaa)(aaa)|")
  }

  private struct Start: Equatable {
    var planned: Duration
    var startedAt: Duration
  }

  /// What starts at a moment.
  private func starts(_ scheduler: inout Scheduler, at now: Duration) -> [Start] {
    var starts: [Start] = []
    while case .start(let dispatch) = scheduler.next(at: now) {
      starts.append(Start(planned: dispatch.planned, startedAt: dispatch.startedAt))
    }
    return starts
  }

  @Test func aLateLoopShiftsNothing() {
    let plan = Plan(Self.suite(2, concurrency: 64, samples: 8), seed: 1)
    var scheduler = Scheduler(plan: plan, anchor: 0)
    #expect(starts(&scheduler, at: .zero).map(\.planned) == [.zero])
    let late = starts(&scheduler, at: .milliseconds(1700))
    #expect(late.map(\.planned) == [.milliseconds(500), .seconds(1), .milliseconds(1500)])
    #expect(late.allSatisfy { $0.startedAt == .milliseconds(1700) })
    #expect(scheduler.next(at: .milliseconds(1700)) == .wait(until: .seconds(2), .schedule))
  }

  /// What is left keeps its distances, from the resume's zero on.
  @Test func aResumeGoesOnWithTheSchedule() {
    let steps: [OpenLoad.Step] = [.init(rate: 1, duration: .seconds(3)), .init(rate: 4)]
    let suite = Suite.small(concurrency: 64, samples: 6) {
      $0.load = .open(OpenLoad(.constant, steps))
    }
    let plan = Plan(suite, seed: 1)
    var scheduler = Scheduler(plan: plan, anchor: 0, done: [0, 1])
    let planned = starts(&scheduler, at: .seconds(60)).map(\.planned)
    let expected: [Duration] = [.zero, .seconds(1), .milliseconds(1250), .milliseconds(1500)]
    #expect(planned == [.seconds(60)])
    let rest = starts(&scheduler, at: .seconds(90)).map(\.planned)
    #expect(planned + rest == expected.map { .seconds(60) + $0 })
  }
}

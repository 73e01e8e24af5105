import Testing
import TryoutCore

/// The scheduler drawn as marbles: endings in, a line with one column for each second out.
///
/// In, for successive attempts of one second each: `.` ok, `s` server error, `w` a server error
/// that asks for 3 s, `r` rate_minute that asks for 4 s, `d` rate_day, `g` model_gone,
/// `t` timeout_total, `c` cancelled.
/// Out: the targets that start in that second, in capitals for further attempts, several of them in
/// brackets, `-` for none. `x3` are three samples closed unasked; at last `|` complete, `P` paused,
/// `I` interrupted.
struct SchedulerMarbleTests {
  @Test(arguments: [
    ("", "aaaa|", 4), ("s", "aAaa|", 3), ("ss", "aAAaa|", 3), ("sss", "aAAaa|", 3),
    ("w", "a---Aa|", 2), ("r", "a----Aa|", 2), ("t", "aaa|", 3),
    ("g", "ax3|", 4), (".g", "aax2|", 4), ("c", "aI", 3), ("d", "aP", 3),
  ])
  func oneTarget(endings: String, starts: String, samples: Int) {
    let suite = Suite.small(samples: samples)
    #expect(Marbles.play(suite, endings) == starts)
  }

  @Test(arguments: [
    // Two fit into a second; the guard makes a window of one second 1.01 s long.
    ([Limit.Window(.requests, 2, per: .second)], "(aa)(aa)a|"),
    ([.init(.requests, 1, per: .second)], "aaaaa|"),
    ([.init(.requests, 2, per: .day)], "(aa)P"),
    ([.init(.requests, 5, per: .day)], "(aaaaa)|"),
  ])
  func windows(windows: [Limit.Window], starts: String) {
    let suite = Suite.small(windows: windows, concurrency: 8, samples: 5)
    #expect(Marbles.play(suite, "") == starts)
  }

  @Test func daysBeginAtMidnightUTC() {
    let suite = Suite.small(
      windows: [.init(.requests, 1, per: .second), .init(.requests, 2, per: .day)], samples: 4)
    // Two on the first day, and two more from 1.5 s on.
    #expect(Marbles.play(suite, "", anchor: Marbles.midnight - 1_500_000_000) == "aaaa|")
    #expect(Marbles.play(suite, "", anchor: Marbles.midnight - 3_000_000_000) == "aaP")
    #expect(Marbles.play(suite, "", anchor: Marbles.midnight) == "aaP")
  }

  @Test func requestsBeforeTheRunCount() {
    let suite = Suite.small(
      windows: [.init(.requests, 2, per: .second)], concurrency: 2, samples: 2)
    let prior = [Scheduler.Prior(limit: "pool", time: .milliseconds(-10), tokens: 0)]
    #expect(Marbles.play(suite, "") == "(aa)|")
    #expect(Marbles.play(suite, "", prior: prior) == "aa|")
  }

  @Test func tokensThatWereNotUsedAreGivenBack() {
    // Each reserves 523 tokens, so that one fits; the answers use 10 only.
    let suite = Suite.small(windows: [.init(.tokens, 600, per: .day)], concurrency: 3, samples: 3)
    #expect(Marbles.play(suite, "", tokens: 10) == "aaa|")
    #expect(Marbles.play(suite, "", tokens: 523) == "aP")
  }

  @Test func dollarsThatWereNotSpentAreGivenBack() {
    var suite = Suite.small(concurrency: 3, samples: 3) { $0.budget.usd = 0.6 }
    suite.targets[0].price = Price(input: 0, output: 0.001)
    #expect(Marbles.play(suite, "", usd: 0.01) == "aaa|")
    #expect(Marbles.play(suite, "", usd: 0.5) == "aP")
  }

  @Test func requestsAreBudgeted() {
    let suite = Suite.small(samples: 3) { $0.budget.requests = 2 }
    #expect(Marbles.play(suite, "s") == "aAP")
  }

  @Test func timeIsBudgeted() {
    let suite = Suite.small(samples: 9) { $0.budget.wall = .seconds(3) }
    #expect(Marbles.play(suite, "") == "aaaP")
    #expect(Marbles.play(suite, "w") == "aP")
  }

  /// A retry that waits must not keep the warm-up from ending, nor the run from going on.
  @Test func warmupsAreRetriedBeforeTheMeasurement() {
    let suite = Suite.small(concurrency: 4, samples: 2) { $0.warmup = 1 }
    #expect(Marbles.play(suite, "w") == "a---A(aa)|")
    #expect(Marbles.play(suite, ".") == "a(aa)|")
  }

  @Test func failuresInARowGiveUp() {
    let suite = Suite.small(samples: 9) {
      $0.errorsInARow = 3
      $0.retry.attempts = 1
    }
    #expect(Marbles.play(suite, "ss.sss") == "aaaaaax3|")
    #expect(Marbles.play(suite, "tst") == "aaax6|")
  }

  @Test(arguments: [
    (RunPolicy.DailyQuota.pause, "aP"), (.stop, "aP"), (.dropTarget, "ax6|"),
  ])
  func aSpentDayFollowsThePolicy(policy: RunPolicy.DailyQuota, starts: String) {
    var suite = Suite.small(targets: 2, samples: 3) {
      $0.dailyQuota = policy
      $0.order = .sequential
    }
    #expect(Marbles.play(suite, "d") == starts)
    // The other account goes on, unless everything is to be stopped.
    suite.accounts.append(Account(id: "other", provider: .simulator))
    suite.limits.append(Limit(id: "more", account: "other"))
    suite.targets[1] = .named("b", account: "other", limit: "more")
    let others = [RunPolicy.DailyQuota.pause: "(ab)bbP", .stop: "(ab)P", .dropTarget: "(ab)bbx3|"]
    #expect(Marbles.play(suite, "d") == others[policy])
  }

  /// A day that was counted here concerns one limit, not whatever else the account pays for.
  @Test(arguments: [(RunPolicy.DailyQuota.pause, "(ab)bbP"), (.dropTarget, "(ab)bbx2|")])
  func aCountedDayConcernsItsLimit(policy: RunPolicy.DailyQuota, starts: String) {
    var suite = Suite.small(targets: 2, windows: [.init(.requests, 1, per: .day)], samples: 3) {
      $0.dailyQuota = policy
      $0.order = .sequential
    }
    suite.limits.append(Limit(id: "more", account: "acme"))
    suite.targets[1] = .named("b", limit: "more")
    #expect(Marbles.play(suite, "") == starts)
  }

  @Test func aRateLimitHoldsEveryTargetOfTheLimit() {
    let suite = Suite.small(targets: 2, samples: 1) { $0.order = .sequential }
    #expect(Marbles.play(suite, "r") == "a----Ab|")
    // An upstream's wait concerns one target.
    #expect(Marbles.play(suite, "w") == "ab--A|")
  }

  @Test func waitsAreObeyedWithoutARetry() {
    let suite = Suite.small(samples: 2) { $0.retry.attempts = 1 }
    #expect(Marbles.play(suite, "w") == "a---a|")
    // A refused account is not the sample's fault: it is left for a resume.
    #expect(Marbles.play(suite, "r") == "aP")
  }

  @Test func waitsBeyondTheLongestAreNotObeyed() {
    let suite = Suite.small(samples: 2) { $0.retry.maxServerWait = .seconds(1) }
    #expect(Marbles.play(suite, "w") == "aa|")
    #expect(Marbles.play(suite, "r") == "aP")
  }
}

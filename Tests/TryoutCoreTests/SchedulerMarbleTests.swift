import Testing
import TryoutCore

/// The scheduler drawn as marbles: endings in, a line with one column for each second out.
///
/// In, for successive attempts of one second each: `.` ok, `s` server error, `w` a server error
/// that asks for 3 s, `r` rate_minute that asks for 4 s, `d` rate_day, `g` model_gone,
/// `t` timeout_total, `n` connect and `l` timeout_connect, both before anything was sent, `c` cancelled, `u` rate_upstream, `x` reset;
/// with nothing left for 4 s `e` ok and `f` empty, for 20 min `h` ok, for 2 h `z` ok, `b` bad_request and `y` server error.
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
    ([Limit.Window(.requests, 2, per: .second)], 2, "(aa)(aa)a|"),
    ([.init(.requests, 2, per: .second)], nil, "(aa)(aa)a|"),
    ([.init(.requests, 1, per: .second)], nil, "aaaaa|"),
    // 15.125 s apart, unless two or all may go at once; then the window itself holds the others.
    ([.init(.requests, 4, per: .minute)], nil, "a--------------a--------------a--------------a|"),
    (
      [.init(.requests, 3, per: .minute)], 2,
      "(aa)-------------------a---------------------------------------a"
    ),
    ([.init(.requests, 4, per: .minute)], 4, "(aaaa)|"),
    ([.init(.requests, 4, per: .minute)], 9, "(aaaa)|"),
    // An hour and a day are not spread.
    ([.init(.requests, 4, per: .hour)], nil, "(aaaa)|"),
    ([.init(.requests, 2, per: .day)], nil, "(aa)P"),
    ([.init(.requests, 5, per: .day)], 1, "(aaaaa)|"),
    ([.init(.requests, 2, per: .rolling)], nil, "(aa)P"),
  ])
  func windows(windows: [Limit.Window], burst: Int?, starts: String) {
    let suite = Suite.small(
      windows: windows, concurrency: 8, burst: burst, samples: starts.count { $0 == "a" })
    // Those that end in `P` have more to do.
    var more = suite
    more.run.samples += 1
    #expect(Marbles.play(starts.hasSuffix("P") ? more : suite, "").hasPrefix(starts))
  }

  /// Two of yesterday leave the sliding day 5 s and an hour after the run begins.
  @Test func aSlidingDayIsWaitedForWhereItIsSoon() {
    let suite = Suite.small(windows: [.init(.requests, 2, per: .rolling)], samples: 3)
    let day = Duration.seconds(86_400) + .milliseconds(500)
    let prior = [.seconds(5), .seconds(3600)].map {
      Scheduler.Prior(limit: "pool", time: $0 - day, tokens: nil)
    }
    #expect(Marbles.play(suite, "", prior: prior) == "-----aP")
  }

  /// What another run sent against the limit counts for a window, however much it was.
  @Test func aBurstOfOthersHoldsForOneWindow() {
    let suite = Suite.small(windows: [.init(.requests, 2, per: .second)], samples: 2)
    let prior = (0..<100).map { _ in Scheduler.Prior(limit: "pool", time: .zero, tokens: 0) }
    #expect(Marbles.play(suite, "", prior: prior) == "-aa|")
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
      windows: [.init(.requests, 2, per: .second)], concurrency: 2, burst: 2, samples: 2)
    let prior = [Scheduler.Prior(limit: "pool", time: .milliseconds(-10), tokens: 0)]
    #expect(Marbles.play(suite, "") == "(aa)|")
    #expect(Marbles.play(suite, "", prior: prior) == "aa|")
  }

  @Test func tokensThatWereNotUsedAreGivenBack() {
    // Each reserves 523 tokens, so that one fits; the answers use 10 only.
    let suite = Suite.small(windows: [.init(.tokens, 600, per: .day)], concurrency: 3, samples: 3)
    #expect(Marbles.play(suite, "", tokens: 10) == "aaa|")
    #expect(Marbles.play(suite, "", tokens: 523) == "aP")
    // A request of which nobody knows what it used counts as much as one may.
    let lost = [Scheduler.Prior(limit: "pool", time: .zero, tokens: nil)]
    #expect(Marbles.play(suite, "", prior: lost) == "-P")
    let known = [Scheduler.Prior(limit: "pool", time: .zero, tokens: 10)]
    #expect(Marbles.play(suite, "", prior: known, tokens: 10) == "aaa|")
  }

  @Test func dollarsThatWereNotSpentAreGivenBack() {
    var suite = Suite.small(concurrency: 3, samples: 3) { $0.budget.usd = 0.6 }
    suite.targets[0].price = Price(input: 0, output: 0.001)
    #expect(Marbles.play(suite, "", usd: 0.01) == "aaa|")
    #expect(Marbles.play(suite, "", usd: 0.5) == "aP")
  }

  /// Though the dollars are gone, what costs nothing goes on.
  @Test func freeTargetsAreExemptFromDollars() {
    var suite = Suite.small(targets: 2, samples: 3) {
      $0.budget.usd = 0.6; $0.order = .sequential
    }
    suite.targets[0].price = Price(input: 0, output: 0.001)
    suite.targets[1].freeOnly = true
    #expect(Marbles.play(suite, "..", usd: 0).hasSuffix("|"))
    suite.targets[1].freeOnly = false
    suite.targets[1].price = Price(input: 0, output: 0)
    #expect(Marbles.play(suite, "", usd: 0.5) == "abbbP")
  }

  @Test func requestsAreBudgeted() {
    let suite = Suite.small(samples: 3) { $0.budget.requests = 2 }
    #expect(Marbles.play(suite, "s") == "aAP")
  }

  @Test func timeIsBudgeted() {
    let suite = Suite.small(samples: 9) { $0.budget.wall = .seconds(3) }
    #expect(Marbles.play(suite, "") == "aaaP")
    #expect(Marbles.play(suite, "w") == "aP")
    // Nothing starts that may last longer than what is left.
    let slow = Suite.small(samples: 9) {
      $0.budget.wall = .seconds(3)
      $0.timeouts.total = .seconds(2)
    }
    #expect(Marbles.play(slow, "") == "aaP")
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
    // Warm-ups do not count.
    var warm = suite
    warm.run.warmup = 3
    #expect(Marbles.play(warm, "sssss.") == "aaaaaaaaaaaa|")
  }

  @Test func aServerThatCannotBeReachedEndsTheAccount() {
    // All of one sample's tries, whichever target it is of.
    #expect(Marbles.play(.small(samples: 9), "nnn") == "aAAP")
    #expect(
      Marbles.play(.small(targets: 3, samples: 9) { $0.order = .sequential }, "nnn") == "aAAP")
    let once = Suite.small(samples: 9) { $0.retry.attempts = 1 }
    #expect(Marbles.play(once, "nnn") == "aaaP")
    #expect(Marbles.play(once, "lll") == "aaaP")
    // An answer between shows that it can be reached, and so does a refusal.
    #expect(Marbles.play(once, "nn.nn.nnn") == "aaaaaaaaaP")
    #expect(Marbles.play(once, "nnsnns") == "aaaaaaaaa|")
    // Targets fail in a row by what reached them.
    let strict = Suite.small(samples: 9) {
      $0.retry.attempts = 1
      $0.errorsInARow = 2
    }
    #expect(Marbles.play(strict, "nn.") == "aaaaaaaaa|")
    // Warm-ups find it out, too.
    var warm = once
    warm.run.warmup = 3
    #expect(Marbles.play(warm, "nnn") == "aaaP")
    // The other account goes on.
    var two = Suite.small(targets: 2, samples: 3) {
      $0.order = .sequential
      $0.retry.attempts = 3
    }
    two.accounts.append(Account(id: "other", provider: .simulator))
    two.limits.append(Limit(id: "more", account: "other", concurrency: 1))
    two.targets[1] = .named("b", account: "other", limit: "more")
    let line = Marbles.play(two, "n.n.n")
    #expect(line.hasSuffix("P") && line.count { $0 == "b" } == 3, "\(line)")
  }

  /// Nobody knows how many of the last tries belong to an outage before it is one, or before the server replies.
  @Test func anOutageLeavesAllItsSamplesOpen() {
    let once = Suite.small(samples: 9) { $0.retry.attempts = 1 }
    #expect(Marbles.ends(once, ".nnn").open == 8)
    #expect(Marbles.ends(once, ".lln").open == 8)
    #expect(Marbles.ends(once, "nn.nnn").open == 6)
    #expect(Marbles.ends(once, "nn.nn.nnn").open == 3)
    #expect(Marbles.ends(once, ".......nn").open == 0)
    // What breaks off may be the server's end.
    #expect(Marbles.ends(once, ".nnxn").open == 7)
    #expect(Marbles.ends(.small(samples: 9), ".nnn").open == 8)
    // Of a server that never replied three errors tell.
    #expect(Marbles.ends(once, "nnn").open == 6)
    // A resume in the same outage writes off none of what it tries.
    #expect(Marbles.ends(once, "nnn", hasReplied: true).open == 9)
    // What another account waits for leaves them to the same resume.
    var two = Suite.small(targets: 2, samples: 1) { $0.retry.attempts = 1 }
    two.accounts.append(Account(id: "other", provider: .simulator))
    two.limits.append(Limit(id: "more", account: "other"))
    two.targets[1] = .named("b", account: "other", limit: "more")
    #expect(Marbles.ends(two, "nd").open == 2)
    #expect(Marbles.ends(two, "n.").open == 0)
  }

  @Test func aReplyInFlightReopensAnAccount() {
    let suite = Suite.small(concurrency: 4, samples: 6) { $0.retry.attempts = 1 }
    // The fourth ends last; then the first three are asked again, and the rest.
    #expect(Marbles.play(suite, "nnn.") == "(aaaa)(AAAa)a|")
    #expect(Marbles.play(suite, "nnns") == "(aaaa)(AAAa)a|")
    // It is lost in the outage itself.
    #expect(Marbles.play(suite, "nnnx") == "(aaaa)P")
    #expect(Marbles.play(suite, "nnnt") == "(aaaa)P")
  }

  @Test(arguments: [("n", 3, "aAaa|"), ("s", 3, "aAaP"), ("l", 2, "aaa|"), ("t", 2, "aaP")])
  func whatWasNotSentCostsNoQuota(ending: String, quota: Int, starts: String) {
    let suite = Suite.small(windows: [.init(.requests, quota, per: .day)], samples: 3)
    #expect(Marbles.play(suite, ending) == starts)
    let budget = Suite.small(samples: 3) { $0.budget.requests = quota }
    #expect(Marbles.play(budget, ending) == starts)
  }

  @Test func whatWasNotSentLeavesItsTokens() {
    let suite = Suite.small(windows: [.init(.tokens, 1, per: .day)], samples: 2)
    #expect(Marbles.play(suite, "n") == "aAP")
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
    #expect(Marbles.ends(suite, "d").open == (policy == .dropTarget ? 0 : 6))
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

  @Test func anAnswerThatLeavesNothingHoldsTheLimit() {
    let suite = Suite.small(targets: 2, samples: 2) { $0.order = .sequential }
    #expect(Marbles.play(suite, "e") == "a----abb|")
    // What is longer than is waited, and what is a day's, sets the limit's targets aside; the answer counts.
    #expect(Marbles.play(suite, "h") == "aP")
    #expect(Marbles.play(suite, "z") == "aP")
    // So do failures that are about something else; what is retried waits with the others.
    #expect(Marbles.play(suite, "f") == "a----Aabb|")
    #expect(Marbles.play(suite, "b") == "aP")
    #expect(Marbles.play(suite, "y") == "aP")
    #expect(Marbles.ends(suite, "b").open == 3)
    #expect(Marbles.ends(suite, "y").open == 4)
    var dropping = suite
    dropping.run.dailyQuota = .dropTarget
    #expect(Marbles.play(dropping, "h") == "aP")
    #expect(Marbles.play(dropping, "z") == "ax3|")
  }

  /// Each wait is between the doubled base and twice that: one to two minutes, then two to four.
  @Test func aFullPoolIsRetriedByTheMinute() {
    var suite = Suite.small(targets: 2, samples: 2) {
      $0.order = .sequential
      $0.retry.poolBase = .seconds(60)
      $0.retry.poolCap = .seconds(600)
    }
    let line = Marbles.play(suite, "u...u.")
    // The target's other sample waits with it; the other target does not.
    let match = line.wholeMatch(of: /abb(-+)Aa(-+)A\|/)
    #expect((58...119).contains(match?.1.count ?? 0), "\(line)")
    #expect((60...121).contains(match?.2.count ?? 0), "\(line)")
    // Where nothing is retried, nothing waits.
    suite.run.retry.attempts = 1
    #expect(Marbles.play(suite, "uu") == "aabb|")
    // Three attempts are all that it costs.
    suite.run.retry.attempts = 3
    suite.targets.removeLast()
    suite.run.samples = 1
    let refused = Marbles.play(suite, "uuuu")
    let waits = refused.split(separator: "A", omittingEmptySubsequences: false).map(\.count)
    #expect(waits.count == 3 && (61...121).contains(waits[0]), "\(refused)")
    #expect((120...240).contains(waits[1]), "\(refused)")
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

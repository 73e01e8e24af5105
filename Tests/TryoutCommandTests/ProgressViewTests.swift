import Testing

@testable import TryoutCore
@testable import tryout

struct ProgressViewTests {
  private static func lane(_ target: String, open: Int, inFlight: Int = 0)
    -> Scheduler.LaneProgress
  {
    Scheduler.LaneProgress(target: target, open: open, inFlight: inFlight, waitingForRetry: 0)
  }

  /// Two targets of ten samples each, 40 seconds after 2026-11-23 10:15:00 UTC.
  private static func view(
    alreadyDone: Int = 0, _ change: (inout RunProgress) -> Void = { _ in }
  ) -> ProgressView {
    var progress = RunProgress(
      lanes: [lane("steady", open: 6, inFlight: 2), lane("fast", open: 5)], done: 9, answered: 9,
      failures: [:], retries: 0, elapsed: .seconds(40))
    change(&progress)
    return ProgressView(
      planned: 20, totals: ["steady": 10, "fast": 10], progress: progress,
      anchor: 1_795_428_900_000_000_000, alreadyDone: alreadyDone)
  }

  @Test func lineForLogs() {
    #expect(Self.view().line == "9/20 samples, 14/min, about 49s left")
    let first = Self.view {
      $0.done = 0
      $0.elapsed = .zero
    }
    #expect(first.line == "0/20 samples, 0/min")
    let last = Self.view(alreadyDone: 11)
    #expect(last.line == "20/20 samples, 14/min")
  }

  @Test func lineTellsWhatGoesWrong() {
    let view = Self.view {
      $0.retries = 3
      $0.failures = [.server: 2, .overloaded: 1]
    }
    #expect(
      view.line
        == "9/20 samples, 14/min, 3 retried, 1 overloaded 2 server, about 49s left")
  }

  @Test(arguments: [
    (
      Scheduler.Hold.rate(limit: "pool", Limit.Window(.requests, 20, per: .minute)),
      "waiting 20s for pool (20 requests/min) until 10:16:00Z"
    ),
    (.server(target: "fast"), "waiting 20s as fast's server asked, until 10:16:00Z"),
    (.pool(target: "fast"), "waiting 20s as the pool behind fast was full, until 10:16:00Z"),
    (.retry(target: "fast"), "waiting 20s to retry fast, until 10:16:00Z"),
  ])
  func lineTellsWhatItWaitsFor(hold: Scheduler.Hold, words: String) {
    let view = Self.view { $0.hold = (.seconds(60), hold) }
    #expect(view.line == "9/20 samples, 14/min, \(words), about 49s left")
  }

  @Test func blockForTerminals() {
    #expect(
      Self.view().block(width: 80, height: 24) == [
        "  steady  ████████░░░░░░░░░░░░ 4/10  2 in flight",
        "  fast    ██████████░░░░░░░░░░ 5/10",
        "9/20 samples, 14/min, about 49s left",
      ])
  }

  @Test func blockTellsWhatItWaitsForInALineOfItsOwn() {
    let view = Self.view {
      $0.hold = (.seconds(60), .rate(limit: "or-free", Limit.Window(.requests, 15, per: .minute)))
    }
    let lines = view.block(width: 80, height: 24)
    #expect(
      lines.suffix(2) == [
        "9/20 samples, 14/min, about 49s left",
        "waiting 20s for or-free (15 requests/min) until 10:16:00Z",
      ])
    #expect(view.block(width: 80, height: 3) == lines.suffix(2))
  }

  @Test func blockTellsWhoIsOut() {
    let view = Self.view {
      $0.lanes[0].givenUp = .auth
      $0.lanes[1].pausedUntil = .seconds(60)
    }
    #expect(
      view.block(width: 80, height: 24).prefix(2) == [
        "  steady  ████████░░░░░░░░░░░░ 4/10  given up: auth",
        "  fast    ██████████░░░░░░░░░░ 5/10  paused until 2026-11-23T10:16:00Z",
      ])
  }

  @Test func noLineIsLongerThanTheTerminal() {
    let view = Self.view { $0.lanes[0].target = String(repeating: "long", count: 50) }
    for width in [30, 80] {
      #expect(view.block(width: width, height: 24).allSatisfy { $0.count < width })
    }
  }
}

import Testing
import TryoutCore

@testable import TryoutTransport

struct PatienceTests {
  private static let second: Int64 = 1_000_000_000

  private func patience(streams: Bool = true) -> Patience {
    var timeouts = Timeouts()
    timeouts.connect = .seconds(1)
    timeouts.firstToken = .seconds(4)
    timeouts.stall = .seconds(3)
    timeouts.total = .seconds(10)
    return Patience(timeouts, streams: streams)
  }

  /// Seconds at which an exchange that started at 100 s is judged, and what must come out.
  @Test(arguments: [
    (Patience.Progress(start: 100), 100.99, FailureKind?.none),
    (Patience.Progress(start: 100), 101, .timeoutConnect),
    (Patience.Progress(start: 100, isSent: true), 103.9, nil),
    (Patience.Progress(start: 100, isSent: true), 104, .timeoutFirstToken),
    // An event without a token does not stop the clock of the first token, nor start another.
    (Patience.Progress(start: 100, isSent: true, lastEvent: 100), 103.9, nil),
    (Patience.Progress(start: 100, isSent: true, hasToken: true, lastEvent: 103), 105.9, nil),
    (
      Patience.Progress(start: 100, isSent: true, hasToken: true, lastEvent: 103), 106,
      .timeoutStall
    ),
    (Patience.Progress(start: 100, isSent: true, hasToken: true, lastEvent: 109), 109.9, nil),
    (
      Patience.Progress(start: 100, isSent: true, hasToken: true, lastEvent: 109), 110,
      .timeoutTotal
    ),
    // While the process stood still, nobody waited.
    (Patience.Progress(start: 100, stoodStill: 60, wentOn: 160), 160.9, nil),
    (Patience.Progress(start: 100, stoodStill: 60, wentOn: 160), 161, .timeoutConnect),
    (
      Patience.Progress(start: 100, isSent: true, stoodStill: 60, wentOn: 162), 164,
      .timeoutFirstToken
    ),
    (
      Patience.Progress(
        start: 100, isSent: true, hasToken: true, lastEvent: 101, stoodStill: 60, wentOn: 162),
      164.9, nil
    ),
    (
      Patience.Progress(
        start: 100, isSent: true, hasToken: true, lastEvent: 101, stoodStill: 60, wentOn: 162),
      165, .timeoutStall
    ),
    // After the end marker the server gets two seconds to close.
    (
      Patience.Progress(start: 100, isSent: true, hasToken: true, isDone: true, lastEvent: 103),
      105, .timeoutStall
    ),
  ])
  func theEarliestDeadlineDecides(progress: Patience.Progress, now: Double, kind: FailureKind?) {
    var progress = progress
    progress.start *= Self.second
    progress.lastEvent = progress.lastEvent.map { $0 * Self.second }
    progress.stoodStill *= Self.second
    progress.wentOn = progress.wentOn.map { $0 * Self.second }
    let verdict = patience().judge(progress, at: Int64(now * 1e9))
    if let kind {
      #expect(verdict == .expired(kind))
    } else if case .waits(let due) = verdict {
      #expect(due > Int64(now * 1e9))
    } else {
      Issue.record("\(verdict)")
    }
  }

  @Test func wholeAnswersHaveNoTokensToWaitFor() {
    let progress = Patience.Progress(start: 0, isSent: true)
    #expect(
      patience(streams: false).judge(progress, at: 9 * Self.second)
        == .waits(until: 10 * Self.second)
    )
  }

  @Test func aNearerDeadlineIsNeverSlept() {
    // The first token may come at once, and the stream stall three seconds later.
    let verdict = patience().judge(.init(start: 0, isSent: true), at: Self.second / 2)
    guard case .waits(let due) = verdict else {
      Issue.record("\(verdict)")
      return
    }
    #expect(due <= Self.second / 2 + 3 * Self.second)
  }

  @Test func endlessTimeoutsDoNotOverflow() {
    var timeouts = Timeouts()
    timeouts.total = .seconds(Int64.max)
    timeouts.connect = .seconds(Int64.max)
    let patience = Patience(timeouts, streams: false)
    #expect(patience.judge(.init(start: 5), at: 6) == .waits(until: .max))
  }

  @Test func deadlinesComeInOrder() {
    var deadlines = Deadlines()
    var random = SystemRandomNumberGenerator()
    let dues = (0..<500).map { _ in Int64.random(in: 0..<100, using: &random) }
    for (ticket, due) in dues.enumerated() { deadlines.insert(UInt64(ticket), due: due) }
    var taken: [Int64] = []
    while let first = deadlines.first {
      #expect(deadlines.next(at: first - 1) == nil)
      guard let ticket = deadlines.next(at: first) else {
        Issue.record("nothing at \(first)")
        return
      }
      #expect(dues[Int(ticket)] == first)
      taken.append(first)
    }
    #expect(taken == dues.sorted())
  }
}

/// One window of a limit: how much was used, and when more fits.
///
/// Times are since the run began.
package struct RateWindow: Sendable {
  package let window: Limit.Window
  /// Nanoseconds between 1970 and the run's zero, for windows that begin with the UTC day.
  private let anchor: Int64
  private var entries: [Entry] = []
  private var head = 0
  private var used = 0
  private var day = Int64.min
  /// Keeps requests apart; nil where all of the window may go at once.
  private var pace: Pace?

  private struct Entry {
    var time: Duration
    var amount: Int
  }

  /// Where a burst smaller than the window is given, what is beyond it keeps the even gap that the window amounts to.
  package init(_ window: Limit.Window, anchor: Int64, burst: Int? = nil) {
    self.window = window
    self.anchor = anchor
    if let burst, burst < window.count {
      pace = Pace(span: window.period.guardedLength, count: window.count, burst: burst)
    }
  }

  /// When this amount fits: nil for now, else the first moment at which it will.
  ///
  /// An amount larger than the whole window is let through once the window is empty.
  package mutating func opening(for amount: Int, at now: Duration) -> Duration? {
    forget(before: now)
    let paced = pace?.opening(at: now)
    guard let room = room(for: min(amount, window.count), at: now) else { return paced }
    return max(room, paced ?? room)
  }

  private func room(for amount: Int, at now: Duration) -> Duration? {
    if used + amount <= window.count { return nil }
    if window.period == .day { return nextDay(after: now) }
    var free = window.count - used
    for entry in entries[head...] {
      free += entry.amount
      if free >= amount { return entry.time + span }
    }
    return now + span
  }

  /// Books an amount at the moment it is sent.
  package mutating func book(_ amount: Int, at now: Duration) {
    forget(before: now)
    used += amount
    pace?.book(at: now)
    if window.period != .day { entries.append(Entry(time: now, amount: amount)) }
  }

  /// Replaces an amount that was booked at `time` by what was really used.
  package mutating func settle(bookedAt time: Duration, from amount: Int, to actual: Int) {
    guard window.period != .day else {
      if dayNumber(at: time) == day { used += actual - amount }
      return
    }
    let match = entries[head...].lastIndex { $0.time == time && $0.amount == amount }
    guard let match else { return }
    entries[match].amount = actual
    used += actual - amount
  }

  /// When the UTC day after a moment begins.
  package func nextDay(after now: Duration) -> Duration {
    .nanoseconds((dayNumber(at: now) + 1) * RateWindow.dayLength - anchor)
  }

  private var span: Duration { window.period.guardedLength }

  private mutating func forget(before now: Duration) {
    if window.period == .day {
      let today = dayNumber(at: now)
      if today > day {
        day = today
        used = 0
      }
      return
    }
    let horizon = now - span
    while head < entries.count, entries[head].time <= horizon {
      used -= entries[head].amount
      head += 1
    }
    if head > 1024, head * 2 > entries.count {
      entries.removeFirst(head)
      head = 0
    }
  }

  private func dayNumber(at time: Duration) -> Int64 {
    let wall = anchor + time.nanoseconds
    return wall >= 0 ? wall / RateWindow.dayLength : (wall + 1) / RateWindow.dayLength - 1
  }

  private static let dayLength: Int64 = 86_400_000_000_000
}

/// An even gap between requests, from which so many may deviate that come at once: a bucket of tokens that fills one by
/// one and is never fuller than the burst.
///
/// It is kept as one moment, that of the next request if none deviated (the generic cell rate algorithm, ITU-T I.371).
private struct Pace {
  private let span, gap, slack: Duration
  private var next = Duration.nanoseconds(Int64.min / 4)

  init(span: Duration, count: Int, burst: Int) {
    self.span = span
    // Upwards, so that as many gaps as requests are no shorter than the window.
    gap = .nanoseconds((span.nanoseconds + Int64(count) - 1) / Int64(count))
    slack = gap * (burst - 1)
  }

  func opening(at now: Duration) -> Duration? { next - slack > now ? next - slack : nil }

  mutating func book(at now: Duration) {
    // What others sent against the limit holds back for a window, and no longer.
    next = min(max(next, now) + gap, now + span)
  }
}

extension Limit {
  /// How many requests a window lets go at once; nil where it keeps no gap.
  ///
  /// Windows of an hour or a day are quotas to be used when wanted; tokens are known too late for a gap.
  package func burst(in window: Window) -> Int? {
    guard window.resource == .requests, [.second, .minute].contains(window.period) else {
      return nil
    }
    return burst ?? 1
  }
}

extension Limit.Window.Period {
  /// The length of a sliding window with a guard of 1 %, at most half a second, for the jitter between our clock and
  /// the provider's count of arrivals.
  var guardedLength: Duration { length + min(length / 100, .milliseconds(500)) }
}

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

  private struct Entry {
    var time: Duration
    var amount: Int
  }

  package init(_ window: Limit.Window, anchor: Int64) {
    self.window = window
    self.anchor = anchor
  }

  /// When this amount fits: nil for now, else the first moment at which it will.
  ///
  /// An amount larger than the whole window is let through once the window is empty.
  package mutating func opening(for amount: Int, at now: Duration) -> Duration? {
    forget(before: now)
    let amount = min(amount, window.count)
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

extension Limit.Window.Period {
  /// The length of a sliding window with a guard of 1 %, at most half a second, for the jitter between our clock and
  /// the provider's count of arrivals.
  var guardedLength: Duration { length + min(length / 100, .milliseconds(500)) }
}

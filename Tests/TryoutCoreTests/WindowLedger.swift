import TryoutCore

/// One window of a limit counted by its definition: all bookings are kept, and summed when asked.
struct WindowLedger {
  let window: Limit.Window
  private let anchor: Int64
  private var times: [Int64] = []
  private var amounts: [Int] = []
  private var days: [Int64: Int] = [:]
  /// The first booking that can still matter, and the sum from there on.
  private var head = 0
  private var recent = 0
  /// Requests that may deviate from the even gap; nil where none is kept.
  private let burst: Int?
  /// How full the bucket of the gap is, in nanoseconds of draining, and when it was so full.
  private var level: (amount: Int64, time: Int64) = (0, .min / 4)
  private var isPaced = true

  init(_ window: Limit.Window, anchor: Int64, burst: Int? = nil) {
    self.window = window
    self.anchor = anchor
    let keepsGap = window.resource == .requests && [.second, .minute].contains(window.period)
    self.burst = keepsGap ? burst : nil
  }

  /// Rounded up, as documented.
  private var gap: Int64 { (guarded + Int64(window.count) - 1) / Int64(window.count) }

  /// What has not drained from the bucket; each request is a gap, and a bucket holds as many as the burst.
  private func left(at now: Int64) -> Int64 { max(0, level.amount - (now - level.time)) }

  private func keepsGap(at now: Int64) -> Bool {
    guard let burst, burst < window.count else { return true }
    return left(at: now) + gap <= Int64(burst) * gap
  }

  private var length: Int64 { window.period.length.nanoseconds }

  /// The window with the safety margin that the scheduler is documented to keep.
  private var guarded: Int64 { length + min(length / 100, 500_000_000) }

  /// Books, and gives the position for `settle`.
  mutating func book(tokens: Int, at now: Int64) -> Int {
    while head < times.count, times[head] <= now - guarded {
      recent -= amounts[head]
      head += 1
    }
    let amount = window.resource == .requests ? 1 : tokens
    isPaced = keepsGap(at: now)
    level = (left(at: now) + gap, now)
    times.append(now)
    amounts.append(amount)
    recent += amount
    if window.period == .day { days[day(now), default: 0] += amount }
    return times.count - 1
  }

  mutating func settle(_ position: Int, tokens: Int) {
    if window.resource == .tokens { change(position, to: tokens) }
  }

  /// What was booked never left; the gap that it kept stays.
  mutating func giveBack(_ position: Int) { change(position, to: 0) }

  private mutating func change(_ position: Int, to amount: Int) {
    let change = amount - amounts[position]
    amounts[position] = amount
    if position >= head { recent += change }
    if window.period == .day { days[day(times[position]), default: 0] += change }
  }

  /// Whether the booking at a position kept to the window: no more than its count, or alone in it.
  func allows(_ position: Int) -> Bool {
    guard isPaced else { return false }
    let now = times[position]
    if window.period == .day {
      let used = days[day(now)] ?? 0
      return used <= window.count || used == amounts[position]
    }
    let used = sum(after: now - length)
    return used <= window.count || used == amounts[position]
  }

  /// Whether one more would fit at a moment, margin included.
  func fits(tokens: Int, at now: Int64) -> Bool {
    guard keepsGap(at: now) else { return false }
    if window.period == .day {
      let used = days[day(now)] ?? 0
      return used == 0 || used + (window.resource == .requests ? 1 : tokens) <= window.count
    }
    let used = sum(after: now - guarded)
    return used == 0 || used + (window.resource == .requests ? 1 : tokens) <= window.count
  }

  private func sum(after moment: Int64) -> Int {
    var sum = recent
    var position = head
    while position < times.count, times[position] <= moment {
      sum -= amounts[position]
      position += 1
    }
    return sum
  }

  /// Days since 1970; nothing here happens before.
  private func day(_ time: Int64) -> Int64 { (anchor + time) / 86_400_000_000_000 }
}

import TryoutCore

/// One call into libcurl, as the callbacks need to know it.
struct Turn {
  /// Counts the calls.
  var number: UInt64 = 1
  /// The ticket of the exchange that was stamped last: one call may serve many, and each of them more than once.
  var owner: UInt64 = 0
  /// Since when the bytes that this call brings may have waited for us.
  var readySince: Int64 = 0
}

/// What is known about a wake-up of the engine's thread.
struct Awakening {
  let moment: Int64
  /// Since when bytes that are ready may have waited.
  let readySince: Int64
  /// How late the beat was served, because the thread was busy or was not let run; nil where none was due.
  let lag: Int64?
  /// When the thread last asked what is ready.
  ///
  /// One that was stopped while it waited, as by SIGSTOP, may have asked before that and been told after it, so what it
  /// was not told of may have waited as long.
  let asked: Int64

  /// A thread that really slept had read all there was; one that did not may find what came since it last looked.
  init(asleep: Int64, woken: Int64, before: Int64, due: Int64?) {
    let slept = woken - asleep > 20_000
    moment = woken
    lag = due.flatMap { $0 <= woken ? woken - $0 : nil }
    readySince = min(slept ? woken : before, lag.map { woken - $0 } ?? woken)
    let expected = max(asleep, due ?? woken)
    asked = woken - expected >= EngineWatch.beat ? expected : woken
  }
}

/// What the engine observes about itself; its moments are nanoseconds of the monotonic clock.
struct EngineWatch {
  /// Time between two beats: late ones show that the thread was busy or had no processor.
  static let beat: Int64 = 10_000_000

  /// A beat so late means that the whole process stood still, as under SIGSTOP: no exchange is to blame for that.
  static let standstill: Int64 = 1_000_000_000

  private var beats = LagHistogram()
  private var dispatches = LagHistogram()
  private var stamps = LagHistogram()
  private var began: Int64?
  private var changed: Int64 = 0
  private var inFlight = 0
  private var peak = 0
  /// Exchanges in flight times nanoseconds.
  private var area = 0.0

  /// The first beat after now, in step with one that was due.
  static func beat(after now: Int64, from due: Int64) -> Int64 {
    due + ((now - due) / beat + 1) * beat
  }

  /// The thread woke so much later than its beat was due.
  mutating func add(beat lag: Int64) { beats.add(max(0, lag)) }

  /// A request waited so long to be handed to libcurl.
  mutating func add(dispatch lag: Int64) { dispatches.add(max(0, lag)) }

  /// A token may have waited so long for its stamp.
  mutating func add(stamp lag: Int64) { stamps.add(max(0, lag)) }

  /// From this moment on so many exchanges are in flight.
  mutating func set(inFlight count: Int, at now: Int64) {
    if began == nil { began = now }
    area += Double(inFlight) * Double(max(0, now - changed))
    (changed, inFlight, peak) = (now, count, max(peak, count))
  }

  /// Sums up, with the processor time that the thread has used.
  func record(processorTime: Int64) -> HarnessRecord {
    var record = HarnessRecord()
    record.loopLag = beats.lag
    record.dispatchLag = dispatches.lag
    record.stampLag = stamps.lag
    record.peakInFlight = peak
    guard let began, changed > began else { return record }
    record.meanInFlight = area / Double(changed - began)
    record.engineShare = min(1, Double(processorTime) / Double(changed - began))
    return record
  }
}

/// Durations in classes that are an eighth wide: a few hundred counters for any number of values.
struct LagHistogram {
  private var counts = [Int](repeating: 0, count: 8 * 61)
  private var total = 0
  private var max: Int64?

  mutating func add(_ nanoseconds: Int64) {
    counts[Self.index(of: nanoseconds)] += 1
    total += 1
    max = Swift.max(max ?? 0, nanoseconds)
  }

  /// What was added, summed up; nil if nothing was.
  var lag: HarnessRecord.Lag? {
    guard let max, let p50 = quantile(0.5), let p99 = quantile(0.99) else { return nil }
    return HarnessRecord.Lag(p50: p50, p99: p99, max: max)
  }

  /// The upper end of the class in which the nearest rank falls, but never more than the greatest value; nil if empty.
  private func quantile(_ share: Double) -> Int64? {
    guard let max else { return nil }
    let rank = Int((Double(total) * share).rounded(.up))
    var below = 0
    for (index, count) in counts.enumerated() {
      below += count
      if below >= rank { return min(max, Self.end(of: index)) }
    }
    return max
  }

  /// Values below eight have a class each; above, the three bits after the highest one tell the class.
  private static func index(of value: Int64) -> Int {
    guard value >= 8 else { return Int(value) }
    let exponent = 63 - value.leadingZeroBitCount
    return 8 * (exponent - 2) + Int(value >> (exponent - 3)) & 7
  }

  private static func end(of index: Int) -> Int64 {
    guard index >= 8 else { return Int64(index) }
    let shift = index / 8 - 1
    // In the last class the end of the next one has no room, and wraps to the greatest number.
    return Int64(8 + index % 8 + 1) << shift &- 1
  }
}

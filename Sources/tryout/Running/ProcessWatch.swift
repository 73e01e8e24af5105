import Foundation
import TryoutCore

/// Watches how the process fares from its making on: its processor time, and its two clocks against each other.
struct ProcessWatch {
  private let wall = wallClock()
  private let monotonic = SuspendingClock.now
  private let processorTime = ProcessWatch.processorTime

  /// Completes what the network's engine has observed about itself.
  func complete(_ engine: HarnessRecord) -> HarnessRecord {
    let elapsed = (SuspendingClock.now - monotonic).nanoseconds
    var record = engine
    record.clockDivergence = wallClock() - wall - elapsed
    if elapsed > 0 {
      record.processors = (ProcessWatch.processorTime - processorTime) / (Double(elapsed) / 1e9)
    }
    return record
  }

  /// Seconds in user and kernel mode, all threads together.
  private static var processorTime: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

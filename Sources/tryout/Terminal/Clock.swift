import Foundation
import TryoutReport

/// Wall-clock time in nanoseconds since 1970; read once for each run, as an anchor.
func wallClock() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_REALTIME, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// Wall-clock nanoseconds as reports write them, to the second: `2026-11-23T10:15:00Z`.
func timestamp(_ nanoseconds: Int64) -> String { Format.instant(nanoseconds) }

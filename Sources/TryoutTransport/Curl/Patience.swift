import TryoutCore

/// When an exchange has taken too long; its durations are nanoseconds.
struct Patience: Sendable, Equatable {
  /// What is known of an exchange under way, in nanoseconds of the monotonic clock.
  struct Progress: Equatable {
    var start: Int64
    var isSent = false
    var hasToken = false
    var isDone = false
    /// The last event with data.
    var lastEvent: Int64?
    /// How long of it the process stood still, and when it went on; nobody waited meanwhile.
    var stoodStill: Int64 = 0
    var wentOn: Int64?
  }

  enum Verdict: Equatable {
    case expired(FailureKind)
    /// Nothing can expire before then.
    case waits(until: Int64)
  }

  /// After the marker that ends a stream there is nothing to wait for but the server's goodbye.
  static let goodbye: Int64 = 2_000_000_000

  let connect: Int64
  /// Nil for answers that are not streamed, like `stall`.
  let firstToken: Int64?
  let stall: Int64?
  let total: Int64

  init(_ timeouts: Timeouts, streams: Bool) {
    connect = max(0, timeouts.connect.nanoseconds)
    firstToken = streams ? max(0, timeouts.firstToken.nanoseconds) : nil
    stall = streams ? max(0, timeouts.stall.nanoseconds) : nil
    total = max(0, timeouts.total.nanoseconds)
  }

  /// The earliest deadline decides.
  ///
  /// Since a chunk may bring a nearer deadline than the present one,
  /// the answer never says to wait longer than the shortest of those that can still begin.
  func judge(_ progress: Progress, at now: Int64) -> Verdict {
    let start = later(progress.start, progress.stoodStill)
    var (due, kind) = (later(start, total), FailureKind.timeoutTotal)
    func consider(_ moment: Int64, _ other: FailureKind) {
      if moment < due { (due, kind) = (moment, other) }
    }
    if !progress.isSent {
      consider(later(start, connect), .timeoutConnect)
    }
    if let firstToken, !progress.hasToken {
      consider(later(start, firstToken), .timeoutFirstToken)
    }
    if let stall, let last = progress.lastEvent, progress.hasToken || progress.isDone {
      let last = max(last, progress.wentOn ?? last)
      consider(later(last, progress.isDone ? Self.goodbye : stall), .timeoutStall)
    }
    if due <= now { return .expired(kind) }
    guard let stall else { return .waits(until: due) }
    return .waits(until: min(due, later(now, max(1_000_000, min(stall, Self.goodbye)))))
  }

  private func later(_ moment: Int64, _ wait: Int64) -> Int64 {
    let (sum, overflowed) = moment.addingReportingOverflow(wait)
    return overflowed ? .max : sum
  }
}

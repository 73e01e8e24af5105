/// How a suite is executed: `run:` and what of `defaults:` is not a target's own.
package struct RunPolicy: Sendable, Hashable, Codable {
  package enum Order: String, Sendable, Codable, CaseIterable { case blocks, sequential }

  package enum DailyQuota: String, Sendable, Codable, CaseIterable {
    case pause
    case dropTarget = "drop_target"
    case stop
  }

  package enum Keep: String, Sendable, Codable, CaseIterable { case answers, nothing, failures }

  /// Repeats of each target × prompt × case.
  package var samples = 1
  /// Whether that is the most, and targets are asked no more once they cannot become the default.
  package var adaptive = false
  /// Requests per target before the measurement; stored, never counted.
  package var warmup = 0
  package var order = Order.blocks
  /// Nil draws a seed, which the run records.
  package var seed: UInt64?
  package var load = Load.closed
  package var http = HTTPVersion.http1
  package var timeouts = Timeouts()
  package var retry = RetryPolicy()
  package var dailyQuota = DailyQuota.pause
  /// Failed attempts in a row after which a target is given up.
  package var errorsInARow = 8
  package var budget = Budget()
  /// What of the text is stored.
  package var keep = Keep.answers
  /// Whether what is about to fail against the baseline is measured again first.
  package var confirm = false
  /// Requests in flight over all limits.
  package var concurrency = 64

  package init() {}
}

/// The HTTP version that requests ask for.
package enum HTTPVersion: String, Sendable, Hashable, Codable, CaseIterable {
  case http1 = "1.1"
  case http2 = "2"
}

/// Who decides when a request starts.
package enum Load: Sendable, Hashable, Codable {
  /// The next request waits for a free place.
  case closed
  /// Requests start on a schedule, whether or not earlier ones have ended.
  case open(OpenLoad)
}

/// A schedule of arrivals: how many a second, and how regular.
package struct OpenLoad: Sendable, Hashable, Codable {
  package enum Arrivals: String, Sendable, Codable, CaseIterable {
    /// Independent of each other, as those of many users are: exponential gaps.
    case poisson
    /// Equal gaps.
    case constant
  }

  package struct Step: Sendable, Hashable, Codable {
    /// Arrivals a second, over all targets.
    package var rate: Double
    /// Nil goes on until the plan is through; only the last step may.
    package var duration: Duration?

    package init(rate: Double, duration: Duration? = nil) {
      self.rate = rate
      self.duration = duration
    }
  }

  package var arrivals: Arrivals
  /// One after another; never empty.
  package var steps: [Step]

  package init(_ arrivals: Arrivals = .poisson, _ steps: [Step]) {
    self.arrivals = arrivals
    self.steps = steps
  }
}

/// Deadlines of one exchange; time spent waiting for limits never counts.
package struct Timeouts: Sendable, Hashable, Codable {
  package var connect = Duration.seconds(10)
  /// From the dispatch to the first token.
  package var firstToken = Duration.seconds(30)
  /// Between two events that carry something.
  package var stall = Duration.seconds(20)
  package var total = Duration.seconds(120)

  package init() {}
}

/// When a failed attempt is tried again.
package struct RetryPolicy: Sendable, Hashable, Codable {
  /// Attempts for each sample; a resume counts anew.
  package var attempts = 3
  /// Full jitter: the k-th wait is drawn between zero and the base doubled k−1 times, at most the cap.
  package var base = Duration.seconds(1)
  package var cap = Duration.seconds(60)
  /// The same for 429s of an upstream's shared pool, which stays full for minutes; no wait is shorter than the base.
  package var poolBase = Duration.seconds(60)
  package var poolCap = Duration.seconds(600)
  /// The longest wait asked for by a server that is obeyed; beyond it the attempt is final.
  package var maxServerWait = Duration.seconds(600)

  package init() {}
}

/// What a run may spend; reserved before each call at the worst case.
package struct Budget: Sendable, Hashable, Codable {
  package var usd: Double?
  package var requests: Int?
  /// Of one process: a resume counts anew.
  package var wall: Duration?

  package init() {}
}

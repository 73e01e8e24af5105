/// One sample as the store remembers it, without its text: what estimates are made of.
package struct SampleRecord: Sendable, Equatable {
  package var identity: SampleIdentity
  package var outcome: Grade.Outcome
  package var score: Double?
  package var reasons: [String] = []
  package var attempts = 0
  /// Of the last attempt; nil for an answered sample.
  package var failure: FailureKind?
  package var finishReason: String?
  package var servedModel: String?
  package var upstream: String?
  package var replacement: String?
  /// Nanoseconds, of the attempt that succeeded.
  package var latency: Int64?
  package var ttft: Int64?
  package var ttfa: Int64?
  package var queue: Int64?
  /// When the last attempt was dispatched, in nanoseconds since 1970, and how long after being due; nil where none was.
  package var dispatchedAt: Int64?
  package var lateness: Int64?
  /// Nanoseconds from being due to the end of the last attempt.
  package var total: Int64?
  /// Tokens per second after the first chunk.
  package var decodeRate: Double?
  package var usage = Usage()
  /// US dollars over all attempts; nil where any of them is unknown.
  package var usd: Double?
  package var cold = false
  package var resent = false
  /// Whether the harness was the bottleneck; nil where nobody looked.
  package var tainted: Bool?
  /// Whether the chunks came in one burst.
  package var buffered = false

  package init(identity: SampleIdentity, outcome: Grade.Outcome) {
    self.identity = identity
    self.outcome = outcome
  }

  /// Nanoseconds from when the attempt that succeeded was due to its last token.
  package var response: Int64? { queue.flatMap { queue in latency.map { queue + $0 } } }

  /// Whether an answer came, right or wrong.
  package var isAnswered: Bool {
    switch outcome {
    case .pass, .fail, .ungraded: true
    case .error, .skipped: false
    }
  }

  /// Whether its target was given up before its turn came.
  var wasNeverAsked: Bool { reasons.first?.hasPrefix(Grade.neverAsked) ?? false }

  /// What its last failure was, in words; `Grade.init(failure:)` puts the kind before them.
  package var failureMessage: String? {
    guard let failure, let reason = reasons.first else { return nil }
    let prefix = "\(failure.rawValue): "
    return reason.hasPrefix(prefix) ? String(reason.dropFirst(prefix.count)) : reason
  }
}

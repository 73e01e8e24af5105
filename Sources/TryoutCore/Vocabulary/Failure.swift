/// How an attempt can end other than well; the raw values are what the store and the reports say.
package enum FailureKind: String, Sendable, Codable, CaseIterable, Hashable {
  case badRequest = "bad_request"
  case contextLength = "context_length"
  case moderated
  case unsupported

  case modelGone = "model_gone"
  case freeEnded = "free_ended"
  case gated
  case notFound = "not_found"

  case auth
  case noCredit = "no_credit"
  case policyBlocked = "policy_blocked"
  case rateMinute = "rate_minute"
  case rateDay = "rate_day"
  case keyLimit = "key_limit"

  case rateUpstream = "rate_upstream"
  case overloaded
  case server

  case dns
  case connect
  case tls
  case reset
  case proxy

  case timeoutConnect = "timeout_connect"
  case timeoutFirstToken = "timeout_first_token"
  case timeoutStall = "timeout_stall"
  case timeoutTotal = "timeout_total"
  /// Due under open load when no place was free: never sent.
  case dropped

  case streamError = "stream_error"
  case truncatedStream = "truncated_stream"
  case malformed
  case empty
  case tooLarge = "too_large"

  case cancelled
  case budget

  /// Whom the failure is about, which decides what happens next.
  package var scope: FailureScope {
    switch self {
    case .badRequest, .contextLength, .moderated, .unsupported: .request
    case .modelGone, .freeEnded, .gated, .notFound: .model
    case .auth, .noCredit, .policyBlocked, .rateMinute, .rateDay, .keyLimit: .account
    case .rateUpstream, .overloaded, .server: .upstream
    case .dns, .connect, .tls, .reset, .proxy: .network
    case .timeoutConnect, .timeoutFirstToken, .timeoutStall, .timeoutTotal, .dropped: .time
    case .streamError, .truncatedStream, .malformed, .empty, .tooLarge: .stream
    case .cancelled, .budget: .harness
    }
  }
}

/// Whom a failure is about: the request, the model, the account, the way to it, or the harness itself.
package enum FailureScope: String, Sendable, Codable, CaseIterable, Hashable {
  case request, model, account, upstream, network, time, stream, harness

  /// Whether failures of this scope say something about the target.
  ///
  /// An account's quota or a cancelled run do not: their samples end as `skipped`, never as errors.
  package var countsAgainstTarget: Bool { self != .account && self != .harness }
}

/// One failure as it is told to users and stored.
package struct Failure: Error, Hashable, Codable {
  package var kind: FailureKind
  /// A sentence for people; free of keys and account ids.
  package var message: String
  /// A model id that the provider named instead of the one asked for.
  package var replacement: String?
  /// A scrubbed excerpt of what the provider sent.
  package var evidence: String?

  package init(
    _ kind: FailureKind, _ message: String, replacement: String? = nil, evidence: String? = nil
  ) {
    self.kind = kind
    self.message = message
    self.replacement = replacement
    self.evidence = evidence
  }
}

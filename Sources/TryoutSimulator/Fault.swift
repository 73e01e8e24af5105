/// Something that goes wrong with a share of a persona's requests.
package struct Fault: Equatable, Sendable {
  /// What goes wrong, as the script spells it.
  package enum Kind: String, CaseIterable, Sendable {
    case rateLimit = "rate_limit"
    case serverError = "server_error"
    case overloaded
    case html
    case auth
    case noCredit = "no_credit"
    case moderated
    case contextLength = "context_length"
    case notFound = "not_found"
    case freeEnded = "free_ended"
    case errorInOK = "error_in_200"
    case empty
    case cutStream = "cut_stream"
    case truncated
    case streamError = "stream_error"
    case lengthError = "length_error"
    case malformed
    case stall
  }

  /// What the client meets.
  package var kind: Kind
  /// The share of requests it befalls, 0 to 1.
  package var probability: Double
  /// Only the first so many times that the same messages are asked; `nil` is for ever.
  package var times: Int?
  /// Answer pieces sent before it happens; `nil` draws one at random.
  package var after: Int?
  /// What a rate limit or an overload promises in `Retry-After`, rounded up to seconds.
  package var retryAfter: Duration
  /// How long a stall lasts before the stream goes on.
  package var lasts: Duration

  /// A fault with the defaults of a script.
  package init(
    _ kind: Kind,
    probability: Double = 1,
    times: Int? = nil,
    after: Int? = nil,
    retryAfter: Duration = .seconds(1),
    lasts: Duration = .seconds(60)
  ) {
    self.kind = kind
    self.probability = probability
    self.times = times
    self.after = after
    self.retryAfter = retryAfter
    self.lasts = lasts
  }
}

extension [Fault] {
  /// The fault of one request, if any: shares are laid end to end and `roll` falls into one.
  ///
  /// - Parameters:
  ///   - occurrence: how often the same messages were asked before, from 0.
  ///   - roll: uniform in [0, 1).
  func struck(occurrence: Int, roll: Double) -> Fault? {
    var upper = 0.0
    for fault in self where occurrence < fault.times ?? .max {
      upper += fault.probability
      if roll < upper { return fault }
    }
    return nil
  }
}

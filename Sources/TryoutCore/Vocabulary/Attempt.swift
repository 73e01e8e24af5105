/// One HTTP exchange for a sample: the base record of everything.
package struct Attempt: Sendable, Equatable {
  package enum Status: String, Sendable, Codable { case started, ok, failed, cancelled }

  package var sample: SampleIdentity
  /// 1 for the first attempt of a sample, counted on over resumes.
  package var number: Int
  package var account: String
  /// What the account's quota belongs to, an `Account.quotaKey`.
  package var quota: String
  /// The limit that it was booked on.
  package var limit: String
  package var model: String
  package var status: Status
  /// Wall-clock time of the dispatch in nanoseconds since 1970, from the run's one anchor.
  package var startedAt: Int64
  /// Nanoseconds between being due and being handed to libcurl.
  package var queue: Int64
  package var exchange: Exchange
  package var cost: Cost?
  /// Whether its sample is not planned any more, since the run has another edition of its suite.
  package var isStale = false

  package init(
    sample: SampleIdentity, number: Int, account: String, quota: String, limit: String,
    model: String, status: Status = .started, startedAt: Int64, queue: Int64 = 0,
    exchange: Exchange = Exchange(), cost: Cost? = nil
  ) {
    self.sample = sample
    self.number = number
    self.account = account
    self.quota = quota
    self.limit = limit
    self.model = model
    self.status = status
    self.startedAt = startedAt
    self.queue = queue
    self.exchange = exchange
    self.cost = cost
  }
}

/// The coordinates of a sample and the id that its content gives it.
package struct SampleIdentity: Sendable, Hashable, Codable {
  package var id: String
  package var target: String
  package var prompt: String
  package var caseID: String
  package var repetition: Int
  package var warmup: Bool
  /// Whether it is a judge's vote: the target judges, the prompt is the judge's id, the case the judged sample's.
  package var vote: Bool

  package init(
    id: String, target: String, prompt: String, caseID: String, repetition: Int,
    warmup: Bool = false, vote: Bool = false
  ) {
    self.id = id
    self.target = target
    self.prompt = prompt
    self.caseID = caseID
    self.repetition = repetition
    self.warmup = warmup
    self.vote = vote
  }
}

/// US dollars with where the figure comes from.
package struct Cost: Sendable, Equatable, Codable {
  package enum Source: String, Sendable, Codable { case api, suite, catalogue }

  package var usd: Double
  package var source: Source

  package init(usd: Double, source: Source) {
    self.usd = usd
    self.source = source
  }

  /// What the API says, else what the suite's price or else the catalogue's makes of the tokens; nil where that is unknown.
  package init?(told usd: Double? = nil, of usage: Usage, price: Price?, listing: ModelListing?) {
    if let usd {
      self.init(usd: usd, source: .api)
    } else if let usd = price?.cost(of: usage) {
      self.init(usd: usd, source: .suite)
    } else if price == nil, let usd = listing?.cost(of: usage) {
      self.init(usd: usd, source: .catalogue)
    } else {
      return nil
    }
  }
}

/// How a sample ended, with its score and why; written once, when the sample is closed.
package struct Grade: Sendable, Equatable, Codable {
  package enum Outcome: String, Sendable, Codable, CaseIterable {
    /// `error`: no answer, and the target is to blame. `skipped`: not asked, or not the target's fault.
    case pass, fail, error, ungraded, skipped
  }

  /// How the reason of a sample begins whose target was given up before its turn came.
  static let neverAsked = "given up without being asked"

  package var outcome: Outcome
  /// The weighted mean of the scored checks, 0 to 1; nil where nothing was scored.
  package var score: Double?
  package var reasons: [String]
  /// What is to blame for an error or a skipped sample.
  package var failure: FailureKind?

  package init(
    _ outcome: Outcome, score: Double? = nil, reasons: [String] = [], failure: FailureKind? = nil
  ) {
    self.outcome = outcome
    self.score = score
    self.reasons = reasons
    self.failure = failure
  }
}

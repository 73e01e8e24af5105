/// What the store knows about one run besides its samples.
package struct RunRecord: Sendable, Equatable {
  package enum State: String, Sendable, Codable, CaseIterable {
    case running, finished, paused, interrupted, crashed
  }

  package var id: String
  package var suite: Suite
  /// SHA-256 of the resolved suite.
  package var digest: String
  package var seed: UInt64
  package var state: State
  /// Nanoseconds since 1970.
  package var startedAt: Int64
  package var endedAt: Int64?
  /// Samples that are counted, and how many of them have ended.
  package var planned: Int
  package var done: Int
  /// Samples that have ended and are not planned any more: kept as evidence, left out of every figure.
  package var stale = 0
  /// Why it ended as it did, for a paused or interrupted run.
  package var reason: String?
  /// Which program, libraries and system measured.
  package var environment: [String: String]
  /// How the program fared, of the last process that carried the run on; nil until one has ended in order.
  package var harness: HarnessRecord?
  /// What judges were asked; nil where none was.
  package var judging: JudgingRecord?

  package init(
    id: String, suite: Suite, seed: UInt64, startedAt: Int64, planned: Int,
    environment: [String: String] = [:]
  ) {
    self.id = id
    self.suite = suite
    self.digest = suite.digest
    self.seed = seed
    self.state = .running
    self.startedAt = startedAt
    self.planned = planned
    self.done = 0
    self.environment = environment
  }
}

/// What judging a run took, apart from what was judged.
package struct JudgingRecord: Sendable, Equatable {
  /// Those that may have been sent, as of a run.
  package var requests: Int
  /// Votes that came, readable or not.
  package var replies: Int
  /// As far as replies told; nil where none did.
  package var tokens: Int?
  /// US dollars; nil where the cost of any reply is unknown.
  package var usd: Double?
  /// Votes that never came, by target and kind of failure, in the order of their number.
  package var losses: [Loss] = []

  /// Votes that a judge's target owes for one kind of failure.
  package struct Loss: Sendable, Equatable {
    package var target: String
    package var failure: FailureKind
    package var votes: Int
    /// What one of them was told.
    package var message: String?

    package init(target: String, failure: FailureKind, votes: Int, message: String? = nil) {
      self.target = target
      self.failure = failure
      self.votes = votes
      self.message = message
    }
  }

  package init(requests: Int, replies: Int, tokens: Int? = nil, usd: Double? = nil) {
    self.requests = requests
    self.replies = replies
    self.tokens = tokens
    self.usd = usd
  }
}

extension RunRecord {
  /// Whose votes are missing and why, a sentence without a full stop for each target and kind; nothing of judges that the
  /// suite does not have any more.
  package var deadJudges: [String] {
    (judging?.losses ?? []).filter { loss in suite.judges.contains { $0.target == loss.target } }
      .map { loss in
        "judge \(loss.target) owes \(loss.votes) \(loss.votes == 1 ? "vote" : "votes")"
          + " (\(loss.failure.rawValue)\(loss.message.map { ": \($0)" } ?? ""))"
      }
  }
}

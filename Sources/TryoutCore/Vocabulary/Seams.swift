/// Asks a model; the only way from the core to a network.
package protocol ModelProvider: Sendable {
  /// Asks once. Never throws: a failure was measured too. Cancelling the task ends the exchange as `cancelled`.
  func ask(_ question: Question) async -> Exchange
}

/// Where attempts are kept; what it has acknowledged survives the process.
package protocol AttemptLog: Sendable {
  /// Keeps entries, all or none.
  ///
  /// Returns once they are committed, also in a cancelled task; throws where they cannot be.
  func append(_ entries: [LogEntry]) async throws
}

/// What the runner tells the log.
package enum LogEntry: Sendable, Equatable {
  /// An attempt is about to be dispatched; its quota may be spent from here on.
  case started(Attempt)
  /// An attempt ended; with a grade where it closed its sample, once more where that shows later.
  case ended(Attempt, Grade?)
  /// A sample ended without an attempt of its own.
  case closed(SampleIdentity, Grade)
}

extension Scheduler {
  /// Where one target stands.
  package struct LaneProgress: Sendable, Equatable {
    package var target: String
    /// Samples that have not ended, those in flight included.
    package var open: Int
    package var inFlight: Int
    package var waitingForRetry: Int
    package var givenUp: FailureKind?
    package var pausedUntil: Duration?
    /// Why its account's server could not be reached, where it waits for a resume for that.
    package var outage: FailureKind?
  }

  /// Where every target stands, in the suite's order.
  package var progress: [LaneProgress] {
    lanes.indices.map { index in
      let lane = lanes[index]
      var row = LaneProgress(
        target: lane.target,
        open: lane.openCount, inFlight: lane.inFlight, waitingForRetry: lane.retries.count)
      switch lane.standing {
      case .open: break
      case .paused(let pause, let until):
        row.pausedUntil = until
        if case .outage(_, let failure) = pause { row.outage = failure }
      case .ended(let failure): row.givenUp = failure
      case .settled: break
      }
      return row
    }
  }

  /// Targets that were given up, with the kind of failure that is to blame.
  package var givenUp: [(target: String, reason: FailureKind)] {
    progress.compactMap { row in row.givenUp.map { (row.target, $0) } }
  }
}

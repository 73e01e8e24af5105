/// All that `tryout selftest` found.
package struct SelftestResult: Sendable, Equatable {
  /// One row of the table of streams, as it was played.
  package struct StreamTrial: Sendable, Equatable {
    package var id: String
    /// How often it was played; the last time is what counts.
    package var plays: Int
    /// What was otherwise than promised.
    package var violations: [String]

    package init(id: String, plays: Int, violations: [String]) {
      self.id = id
      self.plays = plays
      self.violations = violations
    }
  }

  package var clocks: [ClockTrial]
  package var streams: [StreamTrial]
  /// More than one where the first gave alarm; the last is what counts.
  package var twins: [TwinTrial]

  package init(clocks: [ClockTrial], streams: [StreamTrial], twins: [TwinTrial]) {
    self.clocks = clocks
    self.streams = streams
    self.twins = twins
  }

  /// What does not hold, in words; empty where everything does.
  package var reasons: [String] {
    clocks.flatMap(\.reasons)
      + streams.flatMap { stream in stream.violations.map { "the stream \(stream.id): \($0)" } }
      + (twins.last?.reasons ?? ["the twins were not compared"])
  }
}

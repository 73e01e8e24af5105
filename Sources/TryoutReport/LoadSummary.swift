import TryoutCore
import TryoutStatistics

/// How an open load fared: what was offered, and what became of it.
package struct LoadSummary: Sendable, Equatable {
  /// Arrivals whose samples have ended.
  package let arrivals: Int
  /// Requests that were sent for them.
  package let sent: Int
  /// Arrivals that met no free place and were not sent.
  package let dropped: Int
  /// Arrivals a second over the whole schedule.
  package let offeredRate: Double?
  /// Requests a second that were really sent; nil until the run is finished.
  package let reachedRate: Double?
  /// Seconds between the moment that the schedule names and the dispatch, by nearest rank.
  package let latenessP50: Double?
  package let latenessP99: Double?
  /// Requests in flight at once, of the last process that carried the run on; nil where nobody counted.
  package let peakInFlight: Int?

  /// Gathers samples, in any order.
  struct Builder: Sendable {
    private var arrivals = 0
    private var dropped = 0
    private var lateness: [Double] = []
    private var last: (dispatchedAt: Int64, lateness: Int64)?

    mutating func add(_ sample: SampleRecord) {
      guard !sample.identity.warmup else { return }
      arrivals += 1
      if sample.failure == .dropped { dropped += 1 }
      guard let dispatchedAt = sample.dispatchedAt, let late = sample.lateness else { return }
      lateness.append(Double(late) / 1e9)
      if (dispatchedAt, late) > last ?? (.min, .min) { last = (dispatchedAt, late) }
    }

    /// Takes in what was added to another one.
    mutating func add(_ other: Builder) {
      arrivals += other.arrivals
      dropped += other.dropped
      lateness += other.lateness
      if let other = other.last, other > last ?? (.min, .min) { last = other }
    }

    /// The summary; nil for a closed load.
    func summary(of run: RunRecord) -> LoadSummary? {
      guard case .open(let load) = run.suite.run.load else { return nil }
      // The plan had as many samples as there were arrivals.
      let schedule = ArrivalSchedule(load, atMost: run.planned, seed: run.seed)
      // A loop that falls behind needs longer than the schedule.
      let seconds = Double(schedule.span + (last?.lateness ?? 0)) / 1e9
      let late = CensoredSample(successes: lateness, failures: 0)
      return LoadSummary(
        arrivals: arrivals, sent: lateness.count, dropped: dropped, offeredRate: schedule.rate,
        reachedRate: run.state == .finished && seconds > 0
          ? Double(lateness.count) / seconds : nil,
        latenessP50: lateness.isEmpty ? nil : late.quantile(.p50).value.number,
        latenessP99: lateness.isEmpty ? nil : late.quantile(.p99).value.number,
        peakInFlight: run.harness?.peakInFlight)
    }
  }

  /// Half a sentence: `offered 5.00/s, reached 4.90/s, sent 1.2 ms late at the median`.
  var sentence: String {
    func rate(_ value: Double?) -> String {
      value.map { Format.significant($0, 3) + "/s" } ?? "n/a"
    }
    var parts = ["offered \(rate(offeredRate))", "reached \(rate(reachedRate))"]
    if let latenessP50, let latenessP99 {
      let (p50, p99) = (
        Format.quantity(latenessP50, .seconds), Format.quantity(latenessP99, .seconds)
      )
      parts.append("sent \(p50) late at the median and \(p99) at p99")
    }
    if let peakInFlight { parts.append("at most \(peakInFlight) in flight") }
    return parts.joined(separator: ", ")
  }

  /// What a reader must know of what was not sent; nil where nothing was dropped.
  var warning: String? {
    dropped == 0
      ? nil
      : "\(dropped) of \(Format.count(arrivals, "arrival")) met no free place and were dropped:"
        + " they count as failures of their targets"
  }
}

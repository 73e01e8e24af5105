/// How the measuring program itself fared during a run: whether it was fast enough to be believed.
package struct HarnessRecord: Sendable, Equatable, Codable {
  /// How the times of one kind of lateness were spread, in nanoseconds.
  package struct Lag: Sendable, Equatable, Codable {
    package var p50: Int64
    package var p99: Int64
    package var max: Int64

    package init(p50: Int64, p99: Int64, max: Int64) {
      self.p50 = p50
      self.p99 = p99
      self.max = max
    }
  }

  /// How late the thread that reads the network was woken by its own beat; nil where it never beat.
  package var loopLag: Lag?
  /// From the decision to ask until the request was handed to the HTTP library; nil without requests.
  package var dispatchLag: Lag?
  /// How long first and last tokens may have waited for their stamps; nil without tokens.
  package var stampLag: Lag?
  /// Share of the run during which that thread was working, 0 to 1; nil where the system does not tell.
  package var engineShare: Double?
  /// Seconds of processor time that the process used for each second of the run.
  package var processors = 0.0
  /// Nanoseconds by which the wall clock moved against the monotonic one.
  package var clockDivergence: Int64 = 0
  /// Requests that were in flight at once: the most, and the mean over the run.
  package var peakInFlight = 0
  package var meanInFlight = 0.0

  package init() {}
}

/// How the measuring program itself fared during a run: whether it was fast enough to be believed.
package struct HarnessRecord: Sendable, Equatable, Codable {
  /// How late the thread that reads the network was woken by its own beat, in nanoseconds; nil where it never beat.
  package var loopLagP50: Int64?
  package var loopLagP99: Int64?
  package var loopLagMax: Int64?
  /// Share of the run during which that thread was working, 0 to 1; nil where the system does not tell.
  package var engineShare: Double?
  /// Seconds of processor time that the process used for each second of the run.
  package var processors: Double
  /// Nanoseconds by which the wall clock moved against the monotonic one.
  package var clockDivergence: Int64
  /// Requests that were in flight at once: the most, and the mean over the run.
  package var peakInFlight: Int
  package var meanInFlight: Double

  package init(
    loopLagP50: Int64? = nil, loopLagP99: Int64? = nil, loopLagMax: Int64? = nil,
    engineShare: Double? = nil, processors: Double = 0, clockDivergence: Int64 = 0,
    peakInFlight: Int = 0, meanInFlight: Double = 0
  ) {
    self.loopLagP50 = loopLagP50
    self.loopLagP99 = loopLagP99
    self.loopLagMax = loopLagMax
    self.engineShare = engineShare
    self.processors = processors
    self.clockDivergence = clockDivergence
    self.peakInFlight = peakInFlight
    self.meanInFlight = meanInFlight
  }
}

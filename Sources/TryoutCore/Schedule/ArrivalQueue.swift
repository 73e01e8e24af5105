/// The measured samples that an open load still has to offer, each with the moment when it is due.
struct ArrivalQueue: Sendable {
  /// In plan order.
  private let samples: [Int32]
  private let times: ArraySlice<Int64>
  /// Subtracted from the times: a run that is taken up again begins with its next arrival.
  private let offset: Int64
  private var position = 0
  /// Since the run began; nil until the warm-ups are over.
  var zero: Duration?

  /// What is left gets the last arrivals of the schedule, so that a resume goes on where the load was broken off.
  init(_ plan: Plan, _ schedule: ArrivalSchedule, done: Set<Int>) {
    samples = plan.samples.indices.filter { !plan.samples[$0].warmup && !done.contains($0) }
      .map(Int32.init)
    times = schedule.times.suffix(samples.count)
    offset = samples.count < schedule.times.count ? times.first ?? 0 : 0
  }

  /// The next arrival and when it is due, since the run began.
  var next: (sample: Int, due: Duration)? {
    guard let zero, position < samples.count else { return nil }
    return (
      Int(samples[position]), zero + .nanoseconds(times[times.startIndex + position] - offset)
    )
  }

  mutating func advance() { position += 1 }
}

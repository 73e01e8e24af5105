/// What fits into the quota of a day, and how many days the rest takes: forecasts of forecasts.
package struct Nights: Sendable {
  package let suite: Suite
  let seed: UInt64
  let anchor: Int64
  let serviceTime: Duration
  let prior: [Scheduler.Prior]
  let standing: @Sendable (Plan) -> Standing

  /// More are not looked for.
  package static let most = 60

  /// `standing` compares the plans that are tried with what an earlier run has done.
  package init(
    _ suite: Suite, seed: UInt64, anchor: Int64, serviceTime: Duration,
    prior: [Scheduler.Prior] = [],
    standing: @escaping @Sendable (Plan) -> Standing = { Standing(of: $0) }
  ) {
    self.suite = suite
    self.seed = seed
    self.anchor = anchor
    self.serviceTime = serviceTime
    self.prior = prior
    self.standing = standing
  }

  /// The most repeats, below those of the suite, with which a run would complete tonight; 0 where not even one fits.
  package var fittingRepeats: Int {
    func fits(_ repeats: Int) -> Bool {
      let plan = plan(repeats)
      let forecast = Forecast(
        plan, anchor: anchor, serviceTime: serviceTime, prior: prior, standing: standing(plan))
      return forecast.ending == .complete
    }
    // Steps that double cost no more than what fits, however much was asked for.
    var (low, high) = (0, 1)
    while high < suite.run.samples, fits(high) { (low, high) = (high, high * 2) }
    high = min(high, suite.run.samples)
    while high - low > 1 {
      let middle = (low + high) / 2
      if fits(middle) { low = middle } else { high = middle }
    }
    return low
  }

  /// Nights until so many repeats are done, where each night resumes the run of the night before with the quota of a
  /// new UTC day; nil where a budget stops it before, or where it takes more than `most`.
  package func needed(for repeats: Int) -> Int? {
    let plan = plan(repeats)
    var standing = standing(plan)
    var (anchor, prior) = (anchor, prior)
    for night in 1...Nights.most {
      let forecast = Forecast(
        plan, anchor: anchor, serviceTime: serviceTime, prior: prior, standing: standing)
      switch forecast.ending {
      case .complete: return night
      case .paused(.dailyQuota, _): break
      case .paused, .interrupted: return nil
      }
      let requests = forecast.requests.values.reduce(0, +)
      guard requests > 0 || night == 1 else { return nil }
      standing = Standing(standing, after: forecast, requests: requests)
      // Today's quota may have been used up; from the second night on they are all alike.
      let left = plan.samples.count - standing.done.count
      if night > 1, left > requests * (Nights.most - night) { return nil }
      // A midnight with a whole day before it: the quota is whole again, however it counts days.
      anchor = ((anchor + forecast.duration.nanoseconds) / Nights.day + 2) * Nights.day
      prior = []
    }
    return nil
  }

  private func plan(_ repeats: Int) -> Plan {
    var suite = suite
    suite.run.samples = repeats
    return Plan(suite, seed: seed)
  }

  private static let day: Int64 = 86_400_000_000_000
}

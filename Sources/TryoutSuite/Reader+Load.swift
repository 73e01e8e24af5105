import TryoutCore

extension Reader {
  func readLoad(_ cursor: Cursor) -> Load? {
    guard cursor.isMap else {
      let expected = "closed, or { rate: 5/s, arrivals: poisson, for: 60s }"
      return cursor.quantity(expected) { $0 == "closed" ? .closed : nil }
    }
    guard let fields = cursor.fields(["rate", "arrivals", "for", "steps"]) else { return nil }
    let arrivals = fields["arrivals"]?.choice(OpenLoad.Arrivals.self) ?? .poisson
    guard let steps = fields["steps"] else {
      return readStep(fields).map { .open(OpenLoad(arrivals, [$0])) }
    }
    for key in ["rate", "for"] {
      fields[key]?.error(
        "\(key) is written beside steps", expected: "\(key) in each step, or no steps")
    }
    let list = steps.listOrOne("a list of steps such as { rate: 2/s, for: 30s }") ?? []
    let read = list.compactMap { $0.fields(["rate", "for"]).flatMap(readStep) }
    for (cursor, step) in zip(list, read).dropLast() where step.duration == nil {
      cursor.error(
        "\(cursor.path) has no for, so that later steps are never reached",
        expected:
          "a duration such as for: 30s; only the last step may go on until the plan is through"
      )
    }
    if list.isEmpty { steps.error("\(steps.path) is empty", expected: "at least one step") }
    return read.isEmpty || read.count < list.count ? nil : .open(OpenLoad(arrivals, read))
  }

  private func readStep(_ fields: Fields) -> OpenLoad.Step? {
    let expected = "a rate such as 5/s or 90/min"
    let rate = fields.require("rate", expected)?
      .quantity(expected, unit: "5/s") { Units.rate($0) }
    let duration = fields["for"]?.duration()
    return rate.map { OpenLoad.Step(rate: $0, duration: duration) }
  }

  /// Gives each limit that the suite does not define its part of the places, so that a slow target takes none of
  /// another's.
  ///
  /// One request at a time, as under closed load, would drop nearly every arrival.
  mutating func shareConcurrency(of run: RunPolicy) {
    let own = limits.indices.filter { limitNames.places[limits[$0].id] == nil }
    for index in own { limits[index].concurrency = max(1, run.concurrency / own.count) }
  }

  /// Refuses a load that a quota cannot bear, and tells of one that the plan is too short for.
  func checkLoad(of suite: Suite) {
    guard let cursor = load, case .open(let load) = suite.run.load else { return }
    if let overload = suite.overload {
      cursor.error(overload.message, expected: overload.expected)
    }
    let planned = suite.samplesByTarget.values.reduce(0, +)
    guard let duration = load.duration else { return }
    let arrivals = load.mostArrivals(in: duration)
    // A Poisson process that is short of a few is no mistake.
    guard Double(planned) < arrivals - 3 * arrivals.squareRoot() else { return }
    cursor.warning(
      "the load would need \(Int(arrivals.rounded())) samples to last \(duration.brief), and"
        + " \(planned) are planned: it ends with them",
      advice: "raise run.samples, or take for out")
  }
}

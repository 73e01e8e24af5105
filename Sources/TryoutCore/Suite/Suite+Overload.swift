/// A quota that an open load is bound to exceed, known before anything is sent.
package struct Overload: Sendable, Equatable {
  package var limit: String
  package var window: Limit.Window
  /// Requests that the load would send on the limit within one window.
  package var requests: Int
  /// Arrivals a second over all targets that the window bears.
  package var mostPerSecond: Double
}

extension Overload {
  /// What is wrong, in half a sentence.
  package var message: String {
    "the load sends \(requests) requests in one window on the limit \"\(limit)\", which allows"
      + " \(window.count)/\(window.period.rawValue)"
  }

  /// What would do.
  package var expected: String {
    // Downwards, since it must fit.
    let thousandths = (mostPerSecond * 1000).rounded(.down)
    let (number, unit) =
      thousandths >= 100
      ? (thousandths / 1000, "s") : ((mostPerSecond * 3_600_000).rounded(.down) / 1000, "h")
    return "a rate of at most \(number)/\(unit), a shorter load, or a larger limit"
  }
}

extension Suite {
  /// The first window of requests that is too small for the load; nil under closed load.
  ///
  /// Windows of tokens cannot be known before: what does not fit into them is left out when it is due.
  package var overload: Overload? {
    guard case .open(let load) = run.load else { return nil }
    let samples = samplesByTarget
    let all = samples.values.reduce(0, +)
    for limit in limits {
      let own = targets.filter { $0.limit == limit.id }.map { samples[$0.id] ?? 0 }
      guard own.contains(where: { $0 > 0 }) else { continue }
      // One target after another has all arrivals for itself; in blocks everyone has its share.
      let share = run.order == .sequential ? 1 : Double(own.reduce(0, +)) / Double(all)
      for window in limit.windows where window.resource == .requests {
        let length = window.period == .day ? window.period.length : window.period.guardedLength
        let expected = min(load.mostArrivals(in: length) * share, Double(own.reduce(0, +)))
        guard expected > Double(window.count) * (1 + 1e-9) else { continue }
        return Overload(
          limit: limit.id, window: window, requests: Int(expected.rounded(.up)),
          mostPerSecond: Double(window.count) / length.inSeconds / share)
      }
    }
    return nil
  }
}

/// The smallest change that counts: a difference is held against these ratios, head by base, and not against 1.
package struct MinimumEffect: Sendable, Equatable {
  /// Above 1, or 1 where every difference counts.
  package let increase: Double
  /// Below 1, or 1 where every difference counts.
  package let decrease: Double

  package static let none = MinimumEffect(share: 0)

  /// So much more, or so much less: from 0.05 on a twentieth; less than 1.
  package init(share: Double) {
    increase = 1 + share
    decrease = 1 - share
  }

  /// What a suite's gates against the baseline let pass of a metric getting worse: the strictest, of those that fail a
  /// run if there are any, else of those that warn; nil where none looks at all of a target's samples.
  init?(of metric: Metric, _ target: String, gates: [Gate]) {
    let about = gates.filter { gate in
      guard gate.against != nil, gate.metric == metric else { return false }
      guard gate.filter == Gate.Filter() || gate.filter == Gate.Filter(target: target) else {
        return false
      }
      // A gate that demands an improvement says nothing of what is too little to count.
      return metric.isBetterWhenLarger
        ? gate.comparison == .atLeast && (0.001...1).contains(gate.limit)
        : gate.comparison == .atMost && gate.limit >= 1
    }
    let failing = about.filter { $0.severity == .fail }
    let factors = (failing.isEmpty ? about : failing).map { max($0.limit, 1 / $0.limit) }
    guard let strictest = factors.min() else { return nil }
    increase = strictest
    decrease = 1 / strictest
  }
}

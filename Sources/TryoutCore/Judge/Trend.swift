import TryoutStatistics

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// How one target fared from night to night, and where that changed.
package struct Trend: Sendable, Equatable {
  /// One night of the target.
  package struct Night: Sendable, Equatable {
    package let run: String
    /// Nanoseconds since 1970.
    package let startedAt: Int64
    package let n: Int
    package let answered: MetricEstimate?
    package let passRate: MetricEstimate?
    package let p50: MetricEstimate?
    package let p95: MetricEstimate?
    /// What was sent differently from this night on.
    package let edits: [String]
    /// What the provider listed otherwise about the target's model, seen since the night before.
    package let catalogue: [CatalogueChange]
  }

  /// A change between two nights, its size that of the medians before and after it.
  package struct Change: Sendable, Equatable {
    /// `latency` by the ratio of the nights, or a share by their difference.
    package let metric: Metric
    /// The position of the first night after it.
    package let night: Int
    /// After it by before it, or after it less before it.
    package let size: Double
    package let p: Double
  }

  package let target: String
  /// Oldest first.
  package let nights: [Night]
  /// In order of time.
  package let changes: [Change]
  /// What the provider listed otherwise about the model since the latest night.
  package let later: [CatalogueChange]

  /// Nights on either side without which no change can be seen.
  package static let shortest = 3

  /// Searches the latencies, answers and passes of a target's nights, oldest first, for changes.
  ///
  /// `family` is how many targets are searched: all their series together raise a false alarm in at most one search of
  /// twenty. Where something else is sent from a night on, nights before and after are no series. `catalogue` is what
  /// was seen to change where the target is asked; of that only what concerns its model is shown.
  package init(
    _ target: String, nights: [(run: RunRecord, answers: Answers)], family: Int = 1,
    catalogue: [CatalogueChange.Dated] = []
  ) {
    self.target = target
    let windows = Trend.windows(of: nights.map(\.run), target)
    func changes(_ index: Int) -> [CatalogueChange] {
      let (period, names) = windows[index]
      return catalogue.filter { period.contains($0.takenAt) && names.contains($0.change.model) }
        .map(\.change)
    }
    later = nights.isEmpty ? [] : changes(nights.count)
    var made: [Night] = []
    var starts: [Int] = []
    for (index, night) in nights.enumerated() {
      var tally = Tally()
      for sample in night.answers.samples.values.joined() { tally.add(sample) }
      let edits =
        index == 0
        ? []
        : Comparability.contentChanges(
          of: target, base: nights[index - 1].run.suite, head: night.run.suite)
      if index == 0 || !edits.isEmpty { starts.append(index) }
      made.append(
        Night(
          run: night.run.id, startedAt: night.run.startedAt, n: tally.n,
          answered: tally.estimate(of: .answered), passRate: tally.estimate(of: .passRate),
          p50: tally.estimate(of: .clock(.latency, .p50)),
          p95: tally.estimate(of: .clock(.latency, .p95)), edits: edits, catalogue: changes(index)))
    }
    self.nights = made
    var found: [Change] = []
    let significance = 0.05 / Double(3 * max(family, 1))
    for (start, end) in zip(starts, starts.dropFirst() + [made.count]) {
      let part = start..<end
      if let levels = RollingChoice.levels(of: nights[part].map(\.answers)) {
        found += Trend.changes(.paired(.latency), levels, from: start, significance, size: exp)
      }
      for (metric, path) in [
        (Metric.answered, \Night.answered), (.passRate, \Night.passRate),
      ] as [(Metric, KeyPath<Night, MetricEstimate?>)] {
        let shares = made[part].map { $0[keyPath: path].flatMap(\.share) }
        let known = shares.compactMap(\.self)
        guard known.count == shares.count else { continue }
        found += Trend.changes(metric, known, from: start, significance) { $0 }
      }
    }
    self.changes = found.sorted { ($0.night, $0.metric.name) < ($1.night, $1.metric.name) }
  }

  /// When a list must have been read to tell about a night, night by night, and how it may call the model; the last one
  /// is for what came after all nights.
  ///
  /// A run reads lists itself, so a night lasts until its end. Nothing is said of what was before the first. Where the
  /// model was edited, the earlier one counts too: that it vanished may be why.
  private static func windows(
    of runs: [RunRecord], _ target: String
  ) -> [(period: ClosedRange<Int64>, names: Set<String>)] {
    let names = runs.map { run in
      Set(run.suite.targets.filter { $0.id == target }.flatMap { Catalogue.names(asked: $0.model) })
    }
    let ends = runs.map { max($0.startedAt, $0.endedAt ?? $0.startedAt) }
    return (0...runs.count).map { index in
      let from = index == 0 ? ends.first ?? 0 : ends[index - 1] + 1
      let to = index < runs.count ? ends[index] : Int64.max
      let earlier = index == 0 ? [] : names[index - 1]
      return (
        min(from, to)...to,
        index == 0 ? [] : index < runs.count ? names[index].union(earlier) : earlier
      )
    }
  }

  private static func changes(
    _ metric: Metric, _ series: [Double], from start: Int, _ significance: Double,
    size: (Double) -> Double
  ) -> [Change] {
    let found = ChangePoint.all(
      in: series, significance: significance, shortest: shortest,
      permutations: max(199, Int((2 / significance).rounded(.up))), seed: 1)
    let borders = [0] + found.map(\.index) + [series.count]
    return found.enumerated().map { place, change in
      // Medians, since a night of failures among them is no measure of the others.
      let before = middle(of: series[borders[place]..<borders[place + 1]])
      let after = middle(of: series[borders[place + 1]..<borders[place + 2]])
      return Change(
        metric: metric, night: start + change.index, size: size(after - before), p: change.p)
    }
  }
}

/// The median of at least one value.
private func middle(of values: ArraySlice<Double>) -> Double {
  let sorted = values.sorted()
  return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}

private extension MetricEstimate {
  var share: Double? { if case .value(let value) = value { value } else { nil } }
}

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

  /// What is known of a target, to be searched together with others.
  package struct Course: Sendable {
    package let target: String
    /// Oldest first.
    package let nights: [(run: RunRecord, answers: Answers)]
    /// What was seen to change where the target is asked; of that only what concerns its model is shown.
    package let catalogue: [CatalogueChange.Dated]

    package init(
      _ target: String, nights: [(run: RunRecord, answers: Answers)],
      catalogue: [CatalogueChange.Dated] = []
    ) {
      self.target = target
      self.nights = nights
      self.catalogue = catalogue
    }
  }

  /// A change between two nights, its size that of the medians before and after it.
  package struct Change: Sendable, Equatable {
    /// `latency` by the ratio of the nights, or a share by their difference.
    package let metric: Metric
    /// The position of the first night after it.
    package let night: Int
    /// After it by before it, or after it less before it.
    package let size: Double
    /// Adjusted for all that was searched.
    package let p: Double
  }

  package let target: String
  /// Oldest first.
  package let nights: [Night]
  /// In order of time.
  package var changes: [Change] { search.changes }
  /// How many nights in a row a change of this target needs to show at all; nil where there are as many.
  package var needs: Int? { search.needs }
  /// What could not be searched, since of some night it is not known.
  package var unsearched: [Metric] { search.unsearched }
  /// What the provider listed otherwise about the model since the latest night.
  package let later: [CatalogueChange]

  private let search: TrendSearch.Result

  /// Nights on either side without which no change can be seen.
  package static let shortest = 3

  /// Searches the latencies, answers and passes of several targets' nights for changes, all as one family: where nothing
  /// has changed, at most one such search in twenty shows a change.
  package static func family(_ courses: [Course]) -> [Trend] {
    let nights = courses.map { self.nights(of: $0) }
    let results = TrendSearch.family(
      zip(courses, nights).map { TrendSearch.series(of: $0.nights.map(\.answers), $1) })
    return courses.indices.map { Trend(courses[$0], nights: nights[$0], search: results[$0]) }
  }

  private init(_ course: Course, nights: [Night], search: TrendSearch.Result) {
    target = course.target
    self.nights = nights
    self.search = search
    later = Trend.listed(course).last ?? []
  }

  private static func nights(of course: Course) -> [Night] {
    let listed = listed(course)
    return course.nights.enumerated().map { index, night in
      let tally = night.answers.tally
      let edits =
        index == 0
        ? []
        : Comparability.contentChanges(
          of: course.target, base: course.nights[index - 1].run.suite, head: night.run.suite)
      return Night(
        run: night.run.id, startedAt: night.run.startedAt, n: tally.n,
        answered: tally.estimate(of: .answered), passRate: tally.estimate(of: .passRate),
        p50: tally.estimate(of: .clock(.latency, .p50)),
        p95: tally.estimate(of: .clock(.latency, .p95)), edits: edits, catalogue: listed[index])
    }
  }

  /// What lists said otherwise, night by night, and last since the latest.
  private static func listed(_ course: Course) -> [[CatalogueChange]] {
    windows(of: course.nights.map(\.run), course.target).map { period, names in
      course.catalogue.filter { period.contains($0.takenAt) && names.contains($0.change.model) }
        .map(\.change)
    }
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
}

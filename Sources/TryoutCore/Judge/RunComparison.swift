/// A run held against another, or against a baseline of several: every target that both have.
package struct RunComparison: Sendable, Equatable {
  /// One target, or why it cannot be compared.
  package struct Line: Sendable, Equatable {
    package let target: String
    /// Nil where nothing pairs.
    package fileprivate(set) var comparison: Comparison?
    /// Runs on the base side.
    package let nights: Int
    /// Why nothing, or why no time, is compared: half sentences such as `HTTP library a → b`.
    package let obstacles: [String]
  }

  /// What head is compared with, in a few words: a run's id, a name, `12 nights`.
  package let base: String
  package let head: String
  package private(set) var lines: [Line]
  /// Targets, and prompt/case pairs, that base had and head does not plan.
  package let vanished: [String]
  package let notes: [String]

  /// Compares; all tests are one family.
  ///
  /// `force` compares times although what moves them has changed. Differences count from a minimum effect on, which
  /// is that of head's gates against the baseline unless it is given.
  package init(
    baseline: Baseline, head: RunRecord, answers: [String: Answers], force: Bool = false,
    minimum: MinimumEffect? = nil
  ) {
    base = baseline.title
    self.head = head.id
    vanished = baseline.vanished(from: head)
    notes = baseline.notes
    var lines = head.suite.targets.map { target -> Line in
      let id = target.id
      guard let side = baseline.sides[id] else {
        return Line(
          target: id, comparison: nil, nights: 0,
          obstacles: [baseline.reason(forMissing: id, in: head)])
      }
      let pairing = Pairing(base: side.answers, head: answers[id] ?? Answers(by: .content))
      guard pairing.questions > 0 else {
        let changes = side.contentChanges(of: id, in: head.suite)
        let reason = answers[id]?.isEmpty ?? true ? "no sample ended" : "every question was edited"
        return Line(
          target: id, comparison: nil, nights: side.runs.count,
          obstacles: changes.isEmpty ? [reason] : changes)
      }
      let alike = side.gradedAlike(as: head.suite)
      return Line(
        target: id,
        comparison: Comparison(
          pairing, isGradedAlike: { alike.contains($0.caseID) },
          timesAreComparable: force || side.obstacles.isEmpty,
          minimum: { minimum ?? MinimumEffect(of: $0, id, gates: head.suite.gates) ?? .none }),
        nights: side.runs.count, obstacles: force ? [] : side.obstacles)
    }
    let compared = lines.indices.filter { lines[$0].comparison != nil }
    var comparisons = compared.compactMap { lines[$0].comparison }
    Comparison.adjust(&comparisons)
    for (index, comparison) in zip(compared, comparisons) { lines[index].comparison = comparison }
    self.lines = lines
  }

  /// How many tests the family has.
  package var tests: Int {
    lines.compactMap(\.comparison).flatMap(\.findings).count { $0.p != nil }
  }

  /// What head is shown to be worse in, as `latency (steady)`.
  package var regressions: [String] { names(.worse) }

  package var improvements: [String] { names(.better) }

  /// What differs by too little to count.
  package var slight: [String] { names(.slight) }

  /// Whether any test could have shown a difference.
  package var isEvaluable: Bool {
    lines.contains { $0.comparison?.findings.contains { $0.verdict != .unknown } ?? false }
  }

  private func names(_ verdict: Comparison.Verdict) -> [String] {
    lines.flatMap { line in
      (line.comparison?.findings ?? []).filter { $0.verdict == verdict }
        .map { "\($0.metric.name) (\(line.target))" }
    }
  }
}

/// What a run is compared with: for each target the answers of one earlier run or of several.
package struct Baseline: Sendable {
  package enum Kind: Sendable, Equatable {
    /// The latest comparable nights.
    case rolling
    /// One run, by its id or by the name that somebody gave it.
    case run(name: String)
  }

  /// One target's part.
  package struct Side: Sendable {
    /// Oldest first; never empty.
    package let runs: [RunRecord]
    package let answers: Answers
    /// Why its times must not be compared with the run's, where that is so.
    package let obstacles: [String]

    package init(runs: [RunRecord], answers: Answers, obstacles: [String] = []) {
      self.runs = runs
      self.answers = answers
      self.obstacles = obstacles
    }

    /// Cases that every run of the side grades as a suite does.
    func gradedAlike(as suite: Suite) -> Set<String> {
      runs.reduce(Set(suite.cases.map(\.id))) {
        $0.intersection(suite.casesGradedAlike(as: $1.suite))
      }
    }

    /// What a suite sends the target otherwise than the side's last run did.
    func contentChanges(of target: String, in suite: Suite) -> [String] {
      runs.last.map { Comparability.contentChanges(of: target, base: $0.suite, head: suite) } ?? []
    }
  }

  package let kind: Kind
  package let sides: [String: Side]
  /// The run that says which targets and cases there should be; nil where none does.
  package let reference: RunRecord?
  /// Why a target has no side, where something is known about it.
  package let reasons: [String: String]
  package let notes: [String]

  package init(
    _ kind: Kind, sides: [String: Side], reference: RunRecord?, reasons: [String: String] = [:],
    notes: [String] = []
  ) {
    self.kind = kind
    self.sides = sides
    self.reference = reference
    self.reasons = reasons
    self.notes = notes
  }

  /// One run as the baseline of another.
  package init(
    _ run: RunRecord, called name: String, answers: [String: Answers], for head: RunRecord
  ) {
    let comparability = Comparability(base: run, head: head)
    var sides: [String: Side] = [:]
    for target in run.suite.targets {
      guard let answers = answers[target.id], !answers.isEmpty else { continue }
      sides[target.id] = Side(
        runs: [run], answers: answers,
        obstacles: comparability.obstacles
          + Comparability.obstacles(of: target.id, base: run.suite, head: head.suite))
    }
    self.init(
      .run(name: name), sides: sides, reference: run, notes: comparability.remarks)
  }

  /// In a few words.
  package var title: String {
    switch kind {
    case .run(let name): return name
    case .rolling:
      let nights = sides.values.map(\.runs.count).max() ?? 0
      return "baseline of \(nights) night\(nights == 1 ? "" : "s")"
    }
  }

  /// Why nothing is known of a target.
  func reason(forMissing target: String, in head: RunRecord) -> String {
    if let reason = reasons[target] { return reason }
    return reference == nil ? "there is no baseline yet" : "it is not in the baseline"
  }

  /// Targets, and prompts with cases, that the reference planned and a run does not, as `target steady` or `prompt
  /// terse, case 3`.
  package func vanished(from head: RunRecord) -> [String] {
    let cells = Set(head.suite.targets.flatMap { vanishedCells(of: $0.id, from: head.suite) })
    return vanishedTargets(from: head).map { "target \($0)" }
      + cells.sorted { ($0.prompt, $0.caseID) < ($1.prompt, $1.caseID) }.map(\.text)
  }

  /// Targets of the reference that a run does not have, unless it was narrowed on purpose.
  package func vanishedTargets(from head: RunRecord) -> [String] {
    guard let reference, !head.isNarrowed else { return [] }
    let ids = Set(head.suite.targets.map(\.id))
    return reference.suite.targets.map(\.id).filter { !ids.contains($0) }
  }

  /// A prompt with a case, by their names.
  package struct Cell: Sendable, Hashable {
    package let prompt: String
    package let caseID: String

    package var text: String { "prompt \(prompt), case \(caseID)" }
  }

  /// What the reference asked of a target and a suite does not, under any wording.
  package func vanishedCells(of target: String, from suite: Suite) -> [Cell] {
    guard let reference else { return [] }
    let planned = suite.cells(of: target)
    return reference.suite.cells(of: target).subtracting(planned)
      .sorted { ($0.prompt, $0.caseID) < ($1.prompt, $1.caseID) }
  }
}

extension RunRecord {
  /// Where a run says that it took only a part of its suite.
  package static let narrowed = "narrowed"

  /// Whether only some of the suite's targets were asked, so that the others have not vanished.
  package var isNarrowed: Bool { environment[RunRecord.narrowed] != nil }
}

private extension Suite {
  func cells(of target: String) -> Set<Baseline.Cell> {
    guard targets.contains(where: { $0.id == target }) else { return [] }
    var cells: Set<Baseline.Cell> = []
    for prompt in prompts {
      for item in cases
      where !excludes(target: target, prompt: prompt.id, caseID: item.id) {
        cells.insert(Baseline.Cell(prompt: prompt.id, caseID: item.id))
      }
    }
    return cells
  }
}

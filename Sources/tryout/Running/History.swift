import TryoutCore
import TryoutReport
import TryoutStore

/// Earlier runs as a run's baseline, read from the store.
struct History {
  let store: Store

  /// The word for the rolling baseline, which no run or name may have.
  static let rolling = "baseline"

  /// What a run is compared with: the rolling baseline, or another run by its id or name.
  func baseline(_ name: String?, for head: RunRecord) throws -> Baseline {
    guard let name, name != History.rolling else { return try rolling(for: head) }
    let run = try store.run(name)
    guard run.id != head.id else {
      throw UserError(
        .usage,
        "Both sides are run \(run.id). `tryout runs` lists others; `\(History.rolling)` means the nights before it."
      )
    }
    return Baseline(run, called: title(name, run), answers: try answers(of: run), for: head)
  }

  /// The answers of a run by target.
  func answers(of run: RunRecord, targets: Set<String>? = nil) throws -> [String: Answers] {
    var answers: [String: Answers] = [:]
    let graded = run.suite.gradedCases
    try store.forEachSample(of: run.id) { sample in
      let target = sample.identity.target
      guard targets?.contains(target) ?? true else { return }
      answers[target, default: Answers(by: .content)].add(
        sample, isToBeGraded: graded.contains(sample.identity.caseID))
    }
    return answers
  }

  /// What lists were seen to say otherwise about the models of the target `id`, wherever these runs asked it; oldest first.
  func catalogueChanges(
    of id: String, in runs: [RunRecord]
  ) throws -> [CatalogueChange.Dated] {
    var asked: [String: Set<String>] = [:]
    for run in runs {
      for target in run.suite.targets where target.id == id {
        let source = run.suite.account(of: target).catalogueSource
        asked[source, default: []].formUnion(Catalogue.names(asked: target.model))
      }
    }
    return try asked.sorted { $0.key < $1.key }.flatMap { source, models in
      try models.sorted().flatMap { try store.catalogueChanges(of: $0, at: source) }
    }.sorted { ($0.takenAt, $0.change.kind.rawValue) < ($1.takenAt, $1.change.kind.rawValue) }
  }

  /// What was measured again of a run's suspects.
  func confirmation(of run: RunRecord) throws -> BaselineJudge.Confirmation? {
    guard let again = try store.confirmation(of: run.id) else { return nil }
    return BaselineJudge.Confirmation(run: again, answers: try answers(of: again))
  }

  private func rolling(for head: RunRecord) throws -> Baseline {
    let ids = try store.nights(
      ofSuite: head.suite.name, before: head.startedAt, atMost: RollingChoice.horizon)
    // A night that cannot be read is an error: leaving it out would compare with something else in silence.
    let nights = try ids.map { try store.run($0) }
    let accepted = try store.baselineMarks().filter { $0.kind == .accepted }.map(\.run)
    let choice = RollingChoice(
      for: head, among: nights, regressions: try store.regressions(), accepted: Set(accepted))
    var answers: [String: [String: Answers]] = [:]
    for night in nights {
      let targets = choice.runs.filter { $0.value.contains { $0.id == night.id } }.map(\.key)
      if !targets.isEmpty {
        answers[night.id] = try self.answers(of: night, targets: Set(targets))
      }
    }
    return choice.baseline(answers)
  }

  private func title(_ name: String, _ run: RunRecord) -> String {
    name == run.id || run.id.hasPrefix(name) || name == Store.latest
      ? "run \(run.id)" : "\(name) (run \(run.id))"
  }
}

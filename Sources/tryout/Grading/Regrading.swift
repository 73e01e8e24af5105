import Foundation
import TryoutCore
import TryoutReport
import TryoutStore

/// One run whose stored answers are graded again.
struct Regrading {
  let run: RunRecord
  /// The run's own, with what is to be new.
  let suite: Suite
  let store: Store
  let programs: ProgramGrader?

  /// What became of it.
  struct Outcome {
    struct Row {
      var identity: SampleIdentity
      var before: Grade
      var after: Grade
    }

    var run: String
    var rows: [Row] = []
    /// Answers that were looked at, and attempts whose cost is another one.
    var answers = 0
    var repriced = 0
    /// How asking the judges ended, why it ended early, and the signal that made it.
    var ending = Scheduler.Ending.complete
    var reason: String?
    var signal: Int32?
  }

  /// Takes on the suite, prices and grades, and tells what has changed; sends requests only where judges may be asked.
  func carryOut(asking: Bool) async throws -> Outcome {
    guard run.state != .running else {
      throw UserError(
        .usage, "Run \(run.id) is still going on. Wait for its end, or stop it, then grade again.")
    }
    let before = try grades()
    if suite.digest != run.suite.digest {
      let plan = Plan(suite, seed: run.seed)
      let planned = Set(plan.samples.indices.map { plan.id(of: $0) })
      // Answers whose text is gone lose their grade only where their checks are others.
      let changed = suite.casesToRegrade(since: run.suite)
      try refuseLoss(of: changed, before.values)
      _ = try store.revise(
        run.id, as: suite, planned: run.planned, at: wallClock(),
        regrading: changed, isPlanned: planned.contains)
    }
    let grading = Grading(suite: suite, store: store, run: run.id, programs: programs)
    let prices = suite.targets.compactMap { target in target.price.map { (target.id, $0) } }
    let repriced = try store.reprice(
      run.id, Dictionary(prices, uniquingKeysWith: { first, _ in first }),
      listings: try store.listings(of: suite, before: run.endedAt))
    try await grading.askPrograms(again: true)
    var outcome = Outcome(run: run.id, answers: before.count, repriced: repriced)
    if asking {
      let signals = Signals()
      let session = Session(
        suite: suite, keys: try suite.keys(allowExec: programs != nil), store: store,
        signals: signals)
      let start = wallClock()
      outcome.ending = try await signals.handling { try await session.askOthersAlone(about: run) }
      outcome.reason = outcome.ending.state(resumeAnchor: start).1
      outcome.signal = signals.first
    }
    try grading.settle()
    let after = try grades()
    for (key, subject) in before.sorted(by: { $0.key < $1.key }) {
      guard let grade = after[key]?.grade, grade != subject.grade else { continue }
      outcome.rows.append(.init(identity: subject.identity, before: subject.grade, after: grade))
    }
    return outcome
  }

  /// Answers whose text is gone would lose the grades they have to checks that cannot be held against anything.
  private func refuseLoss(of changed: Set<String>, _ subjects: some Sequence<Subject>) throws {
    let lost = subjects.count {
      !$0.hasText && changed.contains($0.identity.caseID) && $0.grade.reasons != [Hearing.noText]
    }
    guard lost > 0 else { return }
    throw UserError(
      .usage,
      "Run \(run.id) did not keep the text (`run.keep`) of \(Format.count(lost, "answer")), which the new checks cannot "
        + "grade and which would lose the grades they have. Nothing was changed. Leave the checks of these cases as they "
        + "were, or make a new run with `keep: answers`.")
  }

  private func grades() throws -> [Int64: Subject] {
    Dictionary(
      try store.subjects(of: run.id).map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
  }
}

extension Suite {
  /// The suite of a run with the checks, prices, judges and gates of another edition.
  ///
  /// What was asked stays as it was: prompts, targets and the variables that prompts use.
  func taking(_ new: Suite, of run: RunRecord) throws -> Suite {
    guard new.name == name else {
      throw UserError(
        .usage,
        "Run \(run.id) is one of suite \(name), not of \(new.name). Name an edition of its own suite."
      )
    }
    var suite = self
    let asked = Set(prompts.flatMap { ($0.system?.variables ?? []) + $0.user.variables })
    let editions = Dictionary(
      new.cases.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    for index in suite.cases.indices {
      guard let edition = editions[suite.cases[index].id] else { continue }
      suite.cases[index].checks = edition.checks
      suite.cases[index].tags = edition.tags
      suite.cases[index].variables = edition.variables.filter { !asked.contains($0.key) }
        .merging(suite.cases[index].variables.filter { asked.contains($0.key) }) { new, _ in new }
    }
    let targets = Dictionary(
      new.targets.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    for index in suite.targets.indices {
      if let target = targets[suite.targets[index].id] { suite.targets[index].price = target.price }
    }
    suite.takeJudges(of: new)
    suite.gates = new.gates
    suite.recommendation = new.recommendation
    suite.reportFormats = new.reportFormats
    return suite
  }

  /// Takes judges over, with targets that the run does not have and that are only to judge.
  private mutating func takeJudges(of new: Suite) {
    judges = new.judges
    for target in new.targets where judges.contains(where: { $0.target == target.id }) {
      guard !targets.contains(where: { $0.id == target.id }) else { continue }
      targets.append(target)
      exclusions.append(Exclusion(target: target.id))
      accounts += new.accounts.filter {
        $0.id == target.account && !accounts.map(\.id).contains($0.id)
      }
      limits += new.limits.filter { $0.id == target.limit && !limits.map(\.id).contains($0.id) }
    }
  }
}

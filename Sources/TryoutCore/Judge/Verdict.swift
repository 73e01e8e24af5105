/// What a run comes to: one sentence and the exit code that says the same.
package struct Verdict: Sendable, Equatable {
  package enum Code: Int32, Sendable {
    case passed = 0
    case gateFailed = 1
    case noVerdict = 2
    case incomplete = 3
    case nothingMeasured = 69
    case interrupted = 130
  }

  package var code: Code
  package var sentence: String

  /// Weighs gates and the run's ending; the worst of what applies wins.
  ///
  /// `strict` makes inconclusive gates count as no verdict. Gates with `severity: warn` never decide.
  package init(
    run: RunRecord, tallies: [(target: String, tally: Tally)], gates: [GateResult],
    strict: Bool = false
  ) {
    let deciding = gates.filter { $0.severity == .fail }
    let failed = deciding.filter { $0.verdict == .fail }
    let unevaluated = deciding.filter { $0.verdict == .notEvaluable }
    let open = deciding.filter { $0.verdict == .inconclusive }
    // What could not be decided is so, as far as anybody knows, because the answers are not graded.
    let isOpen = tallies.contains { $0.tally.undecided + $0.tally.unscored > 0 }
    let dead = isOpen ? run.deadJudges.prefix(3).map { ". \($0)" }.joined() : ""
    let progress = "\(run.done) of \(run.planned) samples done, \(run.planned - run.done) left"
    if let nothing = Verdict.nothingMeasured(tallies) {
      self.init(code: .nothingMeasured, sentence: nothing)
    } else if run.state == .interrupted || run.state == .crashed {
      self.init(code: .interrupted, sentence: "\(run.state.rawValue): \(progress)")
    } else if let billed = Verdict.billed(run.suite.targets, tallies) {
      self.init(code: .gateFailed, sentence: billed)
    } else if !failed.isEmpty {
      let sentence = "\(Verdict.list(failed)) failed" + Verdict.deaths(tallies)
      self.init(code: .gateFailed, sentence: sentence)
    } else if run.state == .paused || run.state == .running {
      let reason = run.reason ?? run.state.rawValue
      self.init(code: .incomplete, sentence: "\(reason): \(progress)")
    } else if !unevaluated.isEmpty {
      self.init(
        code: .noVerdict,
        sentence: "\(Verdict.list(unevaluated)) could not be evaluated" + dead
          + Verdict.deaths(tallies))
    } else if strict, !open.isEmpty {
      self.init(code: .noVerdict, sentence: "\(Verdict.list(open)) inconclusive" + dead)
    } else if deciding.isEmpty {
      self.init(
        code: .passed,
        sentence: (gates.isEmpty
          ? run.suite.gates.isEmpty ? "no gate was set" : "no gate is about what was asked"
          : "no gate decides, all only warn") + Verdict.deaths(tallies))
    } else if !open.isEmpty {
      let passed = deciding.count - open.count
      self.init(
        code: .passed,
        sentence: "no gate failed: \(passed) passed, \(open.count) inconclusive" + dead
          + Verdict.deaths(tallies))
    } else {
      let all = deciding.count == 1 ? "the gate" : "all \(deciding.count) gates"
      self.init(code: .passed, sentence: "\(all) passed" + Verdict.deaths(tallies))
    }
  }

  private init(code: Code, sentence: String) {
    self.code = code
    self.sentence = sentence
  }

  /// A sentence where no attempt was answered and nothing can go on: the way to the models is to blame, or every model
  /// is gone.
  private static func nothingMeasured(_ tallies: [(target: String, tally: Tally)]) -> String? {
    guard tallies.allSatisfy({ $0.tally.answered == 0 }) else { return nil }
    var kinds: [FailureKind: Int] = [:]
    for (_, tally) in tallies {
      kinds.merge(tally.failures, uniquingKeysWith: +)
      kinds.merge(tally.skips, uniquingKeysWith: +)
    }
    // Where nothing came after the warm-ups, what they were told is all there is.
    if kinds.isEmpty {
      for (_, tally) in tallies {
        kinds.merge(tally.examples.mapValues { _ in 1 }, uniquingKeysWith: +)
      }
    }
    let isHopeless = kinds.keys.allSatisfy {
      $0.scope == .network || $0.scope == .model || Verdict.refusals.contains($0)
        || [.malformed, .timeoutConnect].contains($0)
    }
    guard !kinds.isEmpty, isHopeless else { return nil }
    let worst = kinds.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
    let told = tallies.lazy.compactMap { $0.tally.examples[worst[0].key] }.first
    let names = worst.map(\.key.rawValue).joined(separator: ", ")
    let replacement = Set(tallies.flatMap { $0.tally.replacements }).sorted().first
    return "nothing could be measured: \(names)" + (told.map { ": \($0)" } ?? "")
      + (replacement.map { " The provider names \($0) instead." } ?? "")
  }

  /// A sentence where a target that must be free was not; no gate has to say so.
  private static func billed(
    _ targets: [Target], _ tallies: [(target: String, tally: Tally)]
  ) -> String? {
    let free = Set(targets.filter(\.freeOnly).map(\.id))
    return tallies.first { $0.tally.isBilled && free.contains($0.target) }
      .map { "\($0.target) must be free, but its answer was billed" }
  }

  /// Which targets are dead, of what, and what the provider or the catalogue names instead.
  private static func deaths(_ tallies: [(target: String, tally: Tally)]) -> String {
    let dead = tallies.compactMap { target, tally -> String? in
      let kinds = tally.failures.keys.filter { $0.scope == .model }
      guard let kind = kinds.min(by: { $0.rawValue < $1.rawValue }) else { return nil }
      let told = tally.examples[kind].map { ": \($0)" } ?? "."
      let heir =
        tally.replacements.sorted().first
        .map { " The provider names \($0) instead." } ?? ""
      return " \(target) is dead (\(kind.rawValue))\(told)\(heir)"
    }
    guard !dead.isEmpty else { return "" }
    let rest = dead.count > 3 ? " \(dead.count - 3) more are dead." : ""
    return "." + dead.prefix(3).joined() + rest
  }

  /// Account failures that no waiting mends.
  private static let refusals: Set<FailureKind> = [.auth, .noCredit, .keyLimit, .policyBlocked]

  private static func list(_ results: [GateResult]) -> String {
    let shown = results.prefix(3).map { "\($0.gate) (\($0.target))" }.joined(separator: ", ")
    let rest = results.count > 3 ? " and \(results.count - 3) more" : ""
    return (results.count == 1 ? "gate " : "gates ") + shown + rest
  }
}

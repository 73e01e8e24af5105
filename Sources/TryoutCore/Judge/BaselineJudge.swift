import TryoutStatistics

/// Judges the gates of a run that compare it with a baseline, all as one family.
///
/// A gate fails where its interval lies wholly beyond the limit and its p against the limit, adjusted by Holm for the
/// other gates and targets of its severity, is at most 5 %. Where fresh samples were measured for those about to fail,
/// the fresh ones alone decide: pooled with the samples that raised the suspicion they would inherit its luck.
package struct BaselineJudge: Sendable {
  /// Samples measured again for the targets about to fail.
  package struct Confirmation: Sendable {
    package let run: RunRecord
    package let answers: [String: Answers]

    package init(run: RunRecord, answers: [String: Answers]) {
      self.run = run
      self.answers = answers
    }
  }

  /// A gate that would fail for a target.
  package struct Suspect: Sendable, Hashable {
    package let gate: String
    package let target: String
  }

  private let head: RunRecord
  private let baseline: Baseline?
  /// Every result, in the suite's order.
  package private(set) var results: [GateResult] = []
  /// What would fail on the run's own samples, warnings and what vanished left aside.
  package private(set) var suspects: [Suspect] = []

  package init(
    head: RunRecord, answers: [String: Answers], baseline: Baseline?,
    confirmation: Confirmation? = nil
  ) {
    self.head = head
    self.baseline = baseline
    let gates = head.suite.gates.filter { $0.against != nil }
    results = BaselineJudge.adjusted(gates.flatMap { judge($0, answers) })
    suspects = results.filter { $0.verdict == .fail && $0.severity == .fail }
      .map { Suspect(gate: $0.gate, target: $0.target) }
    if let confirmation { results = confirmed(by: confirmation) }
    for gate in gates { addVanished(to: gate) }
    let order = Dictionary(
      zip(gates.map(\.id), gates.indices), uniquingKeysWith: { first, _ in first })
    // Stable: within a gate, targets stay in order and vanished ones come last.
    results = results.enumerated()
      .sorted {
        (order[$0.element.gate] ?? 0, $0.offset) < (order[$1.element.gate] ?? 0, $1.offset)
      }
      .map(\.element)
  }

  private func judge(_ gate: Gate, _ answers: [String: Answers]) -> [GateResult] {
    head.suite.targets.filter { (gate.filter.target ?? $0.id) == $0.id }.map { target in
      judge(gate, target, answers[target.id])
    }
  }

  private func judge(_ gate: Gate, _ target: Target, _ answers: Answers?) -> GateResult {
    var result = GateResult(
      gate: gate.id, target: target.id, severity: gate.severity, verdict: .notEvaluable)
    guard let baseline, let side = baseline.sides[target.id] else {
      result.reason =
        baseline?.reason(forMissing: target.id, in: head) ?? "there is no baseline yet"
      return result
    }
    let matches = gate.filter.matcher(in: head.suite)
    let pairing = Pairing(base: side.answers, head: answers ?? Answers(by: .content)) {
      matches($0.prompt, $0.caseID)
    }
    guard pairing.questions > 0 else {
      let changes = side.contentChanges(of: target.id, in: head.suite)
      result.reason =
        changes.isEmpty
        ? "nothing that both were asked has ended"
        : "not comparable: \(changes.joined(separator: ", "))"
      return result
    }
    if gate.metric.isTime, !side.obstacles.isEmpty {
      result.reason = "not comparable: \(side.obstacles.joined(separator: ", "))"
      return result
    }
    guard let relation = RelativeEstimate(gate, pairing, side.gradedAlike(as: head.suite)) else {
      result.reason = "no \(gate.metric.name) was measured on both sides"
      return result
    }
    result.estimate = relation.estimate
    result.p = relation.p
    result.verdict = gate.verdict(on: relation.estimate)
    if result.verdict == .inconclusive { result.reason = gate.reasonForDoubt(relation.estimate) }
    return result
  }

  /// Holm over all results of one severity that have a p: what fails only by itself is inconclusive.
  private static func adjusted(_ results: [GateResult]) -> [GateResult] {
    var results = results
    for severity in Gate.Severity.allCases {
      let places = results.indices.filter {
        results[$0].severity == severity && results[$0].p != nil
      }
      let adjusted = holmAdjusted(places.compactMap { results[$0].p })
      for (place, p) in zip(places, adjusted) {
        results[place].p = p
        guard results[place].verdict == .fail, p > Comparison.level else { continue }
        results[place].verdict = .inconclusive
        results[place].reason =
          "beyond the limit by itself, but not as one of \(places.count) tests (Holm)"
      }
    }
    return results
  }

  /// Judges suspects by fresh samples alone.
  private func confirmed(by confirmation: Confirmation) -> [GateResult] {
    let gates = Dictionary(
      head.suite.gates.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let targets = Dictionary(
      head.suite.targets.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let asked = Set(confirmation.run.suite.targets.map(\.id))
    let tried = suspects.filter { asked.contains($0.target) }
    let fresh = BaselineJudge.adjusted(
      tried.compactMap { suspect in
        guard let gate = gates[suspect.gate], let target = targets[suspect.target] else {
          return nil
        }
        return judge(gate, target, confirmation.answers[suspect.target])
      })
    var results = results
    for var result in fresh {
      guard
        let place = results.firstIndex(where: {
          $0.gate == result.gate && $0.target == result.target
        })
      else { continue }
      let isComplete = confirmation.run.state == .finished
      switch result.verdict {
      case .fail: result.reason = "confirmed by fresh samples, which alone are shown"
      case .pass: result.reason = "suspected, and not confirmed by fresh samples"
      case .inconclusive where isComplete:
        result.reason = "suspected, and neither confirmed nor cleared by fresh samples"
      case .inconclusive, .notEvaluable:
        result.verdict = .notEvaluable
        result.reason =
          "suspected, and not measured again: \(confirmation.run.reason ?? confirmation.run.state.rawValue)"
      }
      results[place] = result
    }
    return results
  }

  /// What the baseline has and the run does not plan fails: it would be missed by nobody otherwise.
  private mutating func addVanished(to gate: Gate) {
    guard let baseline else { return }
    let advice = "`tryout baseline accept` where that is meant"
    for target in baseline.vanishedTargets(from: head)
    where (gate.filter.target ?? target) == target {
      results.append(
        GateResult(
          gate: gate.id, target: target, severity: gate.severity, verdict: .fail,
          reason: "the target has vanished from the suite; \(advice)"))
    }
    let matches = gate.filter.matcher(in: baseline.reference?.suite ?? head.suite)
    for place in results.indices where results[place].gate == gate.id {
      let cells = baseline.vanishedCells(of: results[place].target, from: head.suite)
        .filter { matches($0.prompt, $0.caseID) }
      guard head.suite.targets.contains(where: { $0.id == results[place].target }),
        let first = cells.first
      else { continue }
      let more = cells.count > 1 ? " and \(cells.count - 1) more" : ""
      results[place].verdict = .fail
      results[place].reason = "\(first.text)\(more) vanished from the suite; \(advice)"
    }
  }
}

extension Gate.Filter {
  /// Whether a filter lets a prompt with a case through, its target left aside.
  func matcher(in suite: Suite) -> (_ prompt: String, _ caseID: String) -> Bool {
    let cases = tag.map { tag in Set(suite.cases.filter { $0.tags.contains(tag) }.map(\.id)) }
    return { [prompt, caseID] askedPrompt, askedCase in
      (prompt ?? askedPrompt) == askedPrompt && (caseID ?? askedCase) == askedCase
        && (cases?.contains(askedCase) ?? true)
    }
  }
}

private extension Metric {
  /// Whether the network and the hour move it.
  var isTime: Bool {
    switch self {
    case .clock, .paired: true
    default: false
    }
  }
}

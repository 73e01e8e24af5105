package import TryoutCore
import TryoutStatistics

/// A recommendation in sentences that need no knowledge of statistics.
package struct RecommendationText {
  package let recommendation: Recommendation
  let report: Report

  init(_ recommendation: Recommendation, of report: Report) {
    self.recommendation = recommendation
    self.report = report
  }

  /// The exit code, and the sentence that says the same.
  package var outcome: (code: Verdict.Code, sentence: String) {
    let run = report.run
    if run.state != .finished {
      return (
        .incomplete,
        "run \(run.id) is not finished (\(run.reason ?? run.state.rawValue)); so far: \(headline)"
      )
    }
    let code: Verdict.Code =
      switch recommendation.decision {
      case .keep, .change: .passed
      case .nobody: .gateFailed
      case .undecided: .noVerdict
      }
    return (code, headline)
  }

  var tone: Tone { outcome.code.tone }

  /// The decision in one sentence, without a full stop.
  package var headline: String {
    let current = recommendation.current
    switch recommendation.decision {
    case .keep:
      return "keep \(current) as the default: it passes, and nothing is shown to be better"
    case .change(let target):
      return "make \(target) the default instead of \(current): \(reasonForChange(to: target))"
    case .nobody: return "no target may be the default: every one is shown not to pass"
    case .undecided: return "we do not know yet which target should be the default"
    }
  }

  private func reasonForChange(to target: String) -> String {
    let current = recommendation.current
    if recommendation.standing(of: current) == .rejected {
      return "\(current) \(failure(of: current))"
    }
    guard let bout = recommendation.contest.decision(target, current) else {
      return "\(current) is not shown to pass"
    }
    return "it is shown to be better in \(bout.key.name), \(evidence(bout, about: target))"
  }

  /// Everything that is to be said, the decision first.
  package var lines: [String] {
    var lines = [sentence(headline)]
    if report.run.state != .finished {
      lines.append("The run is not finished: this is what it comes to so far.")
    }
    lines += tie + chain
    lines += recommendation.candidates.compactMap { line(about: $0) }
    lines += cost
    if let validity { lines.append(validity) }
    let runs = recommendation.evidence
    lines.append("Evidence: run\(runs.count == 1 ? "" : "s") \(runs.joined(separator: ", ")).")
    return lines
  }

  private var keys: String {
    recommendation.rule.rankBy.map(\.name).joined(separator: ", ")
  }

  private var tie: [String] {
    let tied = recommendation.tied
    guard !tied.isEmpty, let choice = recommendation.choice else { return [] }
    let names = FindingText.list(tied)
    let rule =
      choice == recommendation.current
      ? "the current default stays" : "the first of the suite is taken"
    return [
      "Tied: between \(choice) and \(names) no difference is shown in \(keys), so \(rule)."
    ]
  }

  private var chain: [String] {
    guard recommendation.choice != nil, recommendation.rule.fallbackLength > 0 else { return [] }
    let differ = recommendation.rule.differIn.map(\.rawValue).joined(separator: " and ")
    let condition = differ.isEmpty ? "" : ", each of another \(differ)"
    guard !recommendation.fallbacks.isEmpty else {
      return [
        differ.isEmpty
          ? "Fallback: none; no other target passes."
          : "Fallback: none; no other target that passes is of another \(differ)."
      ]
    }
    return [
      "Fallback, in this order\(condition): \(recommendation.fallbacks.joined(separator: ", "))."
    ]
  }

  private func line(about candidate: Recommendation.Candidate) -> String? {
    let id = candidate.target.id
    guard id != recommendation.choice else { return closing(candidate) }
    let text: String
    switch candidate.standing {
    case .rejected: text = "Rejected: \(id) \(failure(of: id))"
    case .open: text = "Not known: \(id) \(doubt(about: candidate))"
    case .eligible:
      if let likeness = recommendation.alike.first(where: { $0.target == id }) {
        text =
          "Left out of the fallbacks: \(id) shares its \(likeness.shares.rawValue) with \(likeness.with)"
      } else if let choice = recommendation.choice,
        let bout = recommendation.contest.decision(id, choice), bout.winner == choice
      {
        text = "Behind \(choice): \(id), in \(bout.key.name), \(evidence(bout, about: id))"
      } else {
        return closing(candidate)
      }
    }
    return sentence(text)
      + (candidate.closing.map { " It was not asked the rest: \($0)." } ?? "")
  }

  private func closing(_ candidate: Recommendation.Candidate) -> String? {
    candidate.closing.map { "\(candidate.target.id) was not asked the rest: \($0)." }
  }

  /// Why a target is rejected, as what follows its name.
  private func failure(of id: String) -> String {
    guard let candidate = recommendation.candidate(id) else { return "is unknown" }
    let failed = candidate.gates.filter { $0.verdict == .fail }
    if failed.isEmpty, candidate.answered > 0 { return "cannot pass any more" }
    if failed.isEmpty {
      let kinds = report.targets.first { $0.target.id == id }?.failures.first?.kind.rawValue
      return "answered none of \(candidate.n) questions" + (kinds.map { " (\($0))" } ?? "")
    }
    return "fails " + failed.map { gate($0) }.joined(separator: " and ")
  }

  private func doubt(about candidate: Recommendation.Candidate) -> String {
    guard candidate.n > 0 else { return "was not asked" }
    let open = candidate.gates.filter { $0.verdict != .pass }
    return "is not shown to pass " + open.map { gate($0) }.joined(separator: " and ")
  }

  /// A gate with what was measured: `answered >= 95% (80.0 %, between 71.1 % and 86.7 %)`.
  private func gate(_ result: GateResult) -> String {
    guard let gate = report.gate(of: result) else { return result.gate }
    guard let estimate = result.estimate else {
      return gate.sentence + (result.reason.map { " (\($0))" } ?? "")
    }
    let unit: Metric.Unit = gate.against == nil ? gate.metric.unit : .ratio
    func text(_ bound: Bound) -> String {
      bound.text { unit == .ratio ? FindingText.ratio(.value($0)) : Format.quantity($0, unit) }
    }
    let value = text(estimate.value)
    let ends = [estimate.low, estimate.high].map(text)
    let isExact = estimate.low == estimate.value && estimate.high == estimate.value
    if isExact { return "\(gate.sentence) (\(value))" }
    if case .unavailable(let needs) = estimate.high {
      return "\(gate.sentence) (\(value); \(needs) samples show more)"
    }
    return "\(gate.sentence) (\(value), between \(ends[0]) and \(ends[1]))"
  }

  /// What tells two targets apart, seen from one of them.
  private func evidence(_ bout: Contest.Bout, about id: String) -> String {
    let other = bout.head == id ? bout.base : bout.head
    let own = figure(of: id, bout.key)
    let others = figure(of: other, bout.key)
    let median = bout.key.isPaired ? " at the median" : ""
    return "\(own) against \(others)\(median) (n=\(bout.ratio?.n ?? 0))"
  }

  private func figure(of id: String, _ key: Metric) -> String {
    guard let index = recommendation.rule.rankBy.firstIndex(of: key),
      let figure = recommendation.candidate(id)?.figures[index]
    else { return "n/a" }
    return figure.value.text { Format.quantity($0, key.headline.unit) }
  }

  private var cost: [String] {
    guard recommendation.decision == .undecided else { return [] }
    return recommendation.needs.map { need in
      let gate = report.run.suite.gates.first { $0.id == need.gate }?.sentence ?? need.gate
      guard let needs = need.needs else {
        return
          "What knowing would cost: of \(need.target) and \(gate) it cannot be foreseen, at \(need.has) samples."
      }
      return
        "What knowing would cost: of \(need.target) and \(gate) about \(Format.count(needs, "sample")), "
        + "of which there are \(need.has)."
    }
  }

  /// The last day on which the verdict should be believed, `YYYY-MM-DD`; nil where nothing is recommended.
  package var believedUntil: String? {
    guard recommendation.choice != nil else { return nil }
    let end = report.run.endedAt ?? report.run.startedAt
    let day = Format.instant(end + Int64(recommendation.lasts) * 86_400_000_000_000).prefix(10)
    return min(String(day), recommendation.expiries.values.min() ?? String(day))
  }

  private var validity: String? {
    guard let until = believedUntil else { return nil }
    if let (target, day) = recommendation.expiries.sorted(by: {
      ($0.value, $0.key) < ($1.value, $1.key)
    })
    .first, day == until {
      return "Believe this until \(until): the catalogue says that \(target) goes then."
    }
    let reason =
      recommendation.lasts == Recommendation.daysOfFree
      ? "of free models about one in seven is gone after two weeks"
      : "models are moved and renamed without notice"
    return "Believe this until \(until), then measure again: \(reason)."
  }

  private func sentence(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst() + "."
  }
}

extension Report {
  /// The recommendation in words; nil where there is none.
  package var recommendationText: RecommendationText? {
    recommendation.map { RecommendationText($0, of: self) }
  }
}

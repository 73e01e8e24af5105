import TryoutCore
import TryoutStatistics

extension RecommendationText {
  /// The recommendation as a JSON value in which every member is always present.
  var json: JSON {
    [
      "decision": .string(recommendation.decision.name),
      "sentence": .string(outcome.sentence),
      "default": JSON(recommendation.choice),
      "current": .string(recommendation.current),
      "tied": .array(recommendation.tied.map { .string($0) }),
      "fallbacks": .array(recommendation.fallbacks.map { .string($0) }),
      "believe_until": JSON(believedUntil),
      "evidence": .array(recommendation.evidence.map { .string($0) }),
      "lines": .array(lines.map { .string($0) }),
      "rule": [
        "eligible": .array(recommendation.rule.eligible.map { .string($0) }),
        "rank_by": .array(recommendation.rule.rankBy.map { .string($0.name) }),
        "differ_in": .array(recommendation.rule.differIn.map { .string($0.rawValue) }),
        "fallback_length": JSON(recommendation.rule.fallbackLength),
      ],
      "targets": .array(recommendation.candidates.map { json(of: $0) }),
      "comparisons": .array(recommendation.contest.bouts.map(\.json)),
      "left_out": .array(
        recommendation.alike.map {
          [
            "target": .string($0.target), "with": .string($0.with),
            "shares": .string($0.shares.rawValue),
          ]
        }),
      "cost": .array(
        recommendation.needs.map {
          [
            "target": .string($0.target), "gate": .string($0.gate), "has": JSON($0.has),
            "takes": JSON($0.needs),
          ]
        }),
    ]
  }

  private func json(of candidate: Recommendation.Candidate) -> JSON {
    let figures = zip(recommendation.rule.rankBy, candidate.figures).map { key, figure -> JSON in
      ["key": .string(key.name), "estimate": JSON(figure)]
    }
    return [
      "id": .string(candidate.target.id),
      "model": .string(candidate.target.model),
      "standing": .string(candidate.standing.name),
      "n": JSON(candidate.n),
      "answered": JSON(candidate.answered),
      "figures": .array(figures),
      "gates": .array(
        candidate.gates.map {
          ["id": .string($0.gate), "verdict": .string($0.verdict.rawValue)]
        }),
      "closed": JSON(candidate.closing),
      "expires": JSON(recommendation.expiries[candidate.target.id]),
    ]
  }
}

private extension Contest.Bout {
  var json: JSON {
    [
      "key": .string(key.name), "base": .string(base), "head": .string(head),
      "ratio": JSON(ratio), "p": JSON(p), "adjusted_p": JSON(adjustedP),
      "detectable": JSON(detectable), "winner": JSON(winner),
    ]
  }
}

extension Recommendation.Decision {
  /// The decision in a word for machines, such as `keep`.
  var name: String {
    switch self {
    case .keep: "keep"
    case .change: "change"
    case .undecided: "undecided"
    case .nobody: "nobody"
    }
  }
}

private extension Recommendation.Standing {
  var name: String {
    switch self {
    case .eligible: "eligible"
    case .rejected: "rejected"
    case .open: "open"
    }
  }
}

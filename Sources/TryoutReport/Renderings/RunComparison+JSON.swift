import TryoutCore
import TryoutStatistics

extension RunComparison {
  /// The comparison as a JSON value in which every member is always present.
  var json: JSON {
    [
      "base": .string(base),
      "head": .string(head),
      "sentence": .string(outcome.sentence),
      "tests": JSON(tests),
      "vanished": .array(vanished.map { .string($0) }),
      "notes": .array(notes.map { .string($0) }),
      "targets": .array(lines.map(\.json)),
    ]
  }
}

private extension RunComparison.Line {
  var json: JSON {
    [
      "id": .string(target),
      "runs": JSON(nights),
      "obstacles": .array(obstacles.map { .string($0) }),
      "unit": JSON(comparison?.unit.rawValue),
      "questions": JSON(comparison?.questions),
      "only_base": JSON(comparison?.onlyBase),
      "only_head": JSON(comparison?.onlyHead),
      "usd_per_answer": [
        "base": JSON(comparison?.usdPerAnswer.base), "head": JSON(comparison?.usdPerAnswer.head),
      ],
      "findings": .array((comparison?.findings ?? []).map(\.json)),
    ]
  }
}

private extension Comparison.Effect {
  var json: JSON {
    [
      "ratio": .number(limit), "low": JSON(low), "high": JSON(high), "p": .number(p),
      "adjusted_p": .number(adjustedP),
    ]
  }
}

private extension Comparison.Finding {
  var json: JSON {
    [
      "metric": .string(metric.name),
      "base": JSON(base),
      "head": JSON(head),
      "n": JSON(n),
      "p": JSON(p),
      "adjusted_p": JSON(adjustedP),
      "minimum_effect": effect.map(\.json) ?? .null,
      "verdict": .string(verdict.rawValue),
      "sentence": .string(sentence),
      "ratio": ratio,
      "points": points,
    ]
  }

  private var ratio: JSON {
    guard case .ratio(let ratio) = evidence else { return .null }
    return [
      "value": JSON(ratio.ratio), "low": JSON(ratio.low), "high": JSON(ratio.high),
      "detectable": JSON(ratio.detectable), "only_base_failed": JSON(ratio.onlyBaseFailed),
      "only_head_failed": JSON(ratio.onlyHeadFailed), "both_failed": JSON(ratio.bothFailed),
    ]
  }

  private var points: JSON {
    guard case .rates(let rates, let interval) = evidence else { return .null }
    return [
      "value": JSON(rates.difference), "low": JSON(interval.lowerBound),
      "high": JSON(interval.upperBound), "better": JSON(rates.better), "worse": JSON(rates.worse),
    ]
  }
}

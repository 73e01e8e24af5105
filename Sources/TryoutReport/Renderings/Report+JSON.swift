import TryoutCore
import TryoutStatistics

extension Report {
  /// The report as a JSON value in which every member is always present.
  var json: JSON {
    [
      "schema_version": .integer(JSONRendering.schemaVersion),
      "run": run.json,
      "verdict": [
        "exit_code": .integer(Int64(verdict.code.rawValue)),
        "name": .string(verdict.code.name),
        "sentence": .string(verdict.sentence),
      ],
      "gates": .array(gates.map { json(of: $0) }),
      "targets": .array(targets.map(\.json)),
      "load": load?.json ?? .null,
      "baseline": baseline?.json ?? .null,
      "recommendation": recommendationText?.json ?? .null,
      "notes": .array(
        notes.map { ["target": JSON($0.target), "text": .string($0.text)] }
      ),
      "method": .array(
        method.map { ["name": .string($0.name), "text": .string($0.text)] }
      ),
    ]
  }

  private func json(of result: GateResult) -> JSON {
    let gate = gate(of: result)
    return [
      "id": .string(result.gate),
      "target": .string(result.target),
      "severity": .string(result.severity.rawValue),
      "verdict": .string(result.verdict.rawValue),
      "reason": JSON(result.reason),
      "against": JSON(gate?.against),
      "p": JSON(result.p),
      "metric": JSON(gate?.metric.name),
      "comparison": JSON(gate?.comparison.rawValue),
      "limit": JSON(gate?.limit),
      "limit_text": JSON(gate?.limitText),
      "bound": JSON(gate?.bound.rawValue),
      "where": [
        "prompt": JSON(gate?.filter.prompt), "case": JSON(gate?.filter.caseID),
        "tag": JSON(gate?.filter.tag),
      ],
      "estimate": JSON(result.estimate),
    ]
  }
}

private extension RunRecord {
  var json: JSON {
    [
      "id": .string(id),
      "suite": .string(suite.name),
      "description": JSON(suite.description),
      "digest": .string(digest),
      // A string, since half of all seeds are too large for a number in JavaScript.
      "seed": .string(String(seed)),
      "state": .string(state.rawValue),
      "reason": JSON(reason),
      "started_at": .string(Format.instant(startedAt)),
      "ended_at": JSON(endedAt.map { Format.instant($0) }),
      "planned": JSON(planned),
      "stale": JSON(stale),
      "done": JSON(done),
      "environment": .object(environment.mapValues { .string($0) }),
      "harness": harness?.json ?? .null,
      "judging": judging?.json ?? .null,
    ]
  }
}

private extension JudgingRecord {
  var json: JSON {
    [
      "requests": JSON(requests), "replies": JSON(replies), "tokens": JSON(tokens),
      "usd": JSON(usd),
    ]
  }
}

private extension HarnessRecord.Lag {
  var json: JSON {
    [
      "p50": .number(Double(p50) / 1e6), "p99": .number(Double(p99) / 1e6),
      "max": .number(Double(max) / 1e6),
    ]
  }
}

private extension HarnessRecord {
  var json: JSON {
    [
      "loop_lag_ms": loopLag?.json ?? .null,
      "dispatch_lag_ms": dispatchLag?.json ?? .null,
      "stamp_lag_ms": stampLag?.json ?? .null,
      "engine_share": JSON(engineShare),
      "processors": .number(processors),
      "clock_divergence_ms": .number(Double(clockDivergence) / 1e6),
      "peak_in_flight": JSON(peakInFlight),
      "mean_in_flight": .number(meanInFlight),
    ]
  }
}

private extension LoadSummary {
  var json: JSON {
    [
      "arrivals": JSON(arrivals), "sent": JSON(sent), "dropped": JSON(dropped),
      "offered_per_second": JSON(offeredRate), "reached_per_second": JSON(reachedRate),
      "lateness_seconds": ["p50": JSON(latenessP50), "p99": JSON(latenessP99)],
      "peak_in_flight": JSON(peakInFlight),
    ]
  }
}

private extension TargetSummary {
  var json: JSON {
    [
      "id": .string(target.id),
      "model": .string(target.model),
      "account": .string(target.account),
      "limit": .string(target.limit),
      "stream": .bool(target.stream),
      "n": JSON(n),
      "answered": JSON(answered),
      "graded": JSON(graded),
      "passed": JSON(passed),
      "answered_rate": JSON(answeredRate),
      "pass_rate": JSON(passRate),
      "first_try_rate": JSON(firstTryRate),
      "latency_seconds": latency.json,
      "response_seconds": response.json,
      "ttft_seconds": ttft.json,
      "decode_tokens_per_second": ["p50": JSON(decodeRate)],
      "tokens": [
        "input": JSON(inputTokens), "output": JSON(outputTokens),
        "reasoning": JSON(reasoningTokens),
      ],
      "cost_usd": JSON(usd),
      "failures": .array(failures.map(\.json)),
      "skipped": JSON(skipped),
      "skips": .array(skips.map(\.json)),
      "attempts": JSON(attempts),
      "cold": JSON(cold),
      "resent": JSON(resent),
      "tainted": JSON(tainted), "buffered": JSON(buffered),
      "truncated": JSON(truncated),
      "served_models": .array(servedModels.map { .string($0) }),
      "upstreams": .array(upstreams.map { .string($0) }),
      "replacements": .array(replacements.map { .string($0) }),
    ]
  }
}

private extension TargetSummary.Percentiles {
  var json: JSON { ["p50": JSON(p50), "p95": JSON(p95)] }
}

private extension TargetSummary.FailureCount {
  var json: JSON {
    [
      "kind": .string(kind.rawValue), "scope": .string(kind.scope.rawValue), "count": JSON(count),
      "example": JSON(example),
    ]
  }
}

extension JSON {
  init(_ text: String?) { self = text.map { .string($0) } ?? .null }

  init(_ number: Int?) { self = number.map { .integer(Int64($0)) } ?? .null }

  init(_ number: Double?) { self = number.map { .number($0) } ?? .null }

  init(_ estimate: MetricEstimate?) {
    guard let estimate else {
      self = .null
      return
    }
    self = [
      "n": JSON(estimate.n), "value": JSON(estimate.value), "low": JSON(estimate.low),
      "high": JSON(estimate.high), "confidence": JSON(estimate.confidence),
      "success_only": JSON(estimate.successOnly),
    ]
  }

  init(_ bound: Bound) {
    switch bound {
    case .value(let value): self = .number(value)
    case .unbounded: self = "unbounded"
    case .unavailable(let needs): self = ["needs": JSON(needs)]
    }
  }
}

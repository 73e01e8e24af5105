import TryoutCore
import TryoutReport

/// One sample with its attempts, as a person reads it.
struct SampleView {
  let sample: SampleRecord
  let attempts: [Attempt]
  /// The attempts of judges about its answer.
  let votes: [Attempt]

  var json: JSON {
    [
      "sample": sample.json, "attempts": .array(attempts.map(\.json)),
      "votes": .array(
        votes.map { vote in
          guard case .object(var members) = vote.json else { return .null }
          members["judge"] = .string(vote.sample.prompt)
          members["vote"] = .integer(Int64(vote.sample.repetition))
          return .object(members)
        }),
    ]
  }

  var text: String {
    let identity = sample.identity
    var lines = [
      "sample \(identity.id): \(sample.outcome.rawValue)",
      "  target \(identity.target), prompt \(identity.prompt), case \(identity.caseID), repeat "
        + "\(identity.repetition)\(identity.warmup ? " (warm-up)" : "")",
    ]
    lines += sample.reasons.map { "  \($0)" }
    for attempt in attempts { lines += [""] + describe(attempt) }
    for vote in votes {
      let title = "vote \(vote.sample.repetition) of judge \(vote.sample.prompt), "
      lines += [""] + describe(vote, title: title)
    }
    return lines.map { indented($0) + "\n" }.joined()
  }

  private func describe(_ attempt: Attempt, title: String = "") -> [String] {
    let (exchange, time) = (attempt.exchange, attempt.exchange.timeline)
    var lines = [
      "\(title)attempt \(attempt.number): \(attempt.status.rawValue) at \(timestamp(attempt.startedAt))"
    ]
    let times = [
      ("queue", attempt.queue), ("connect", time.sent), ("ttft", time.firstToken),
      ("ttfa", time.firstAnswer), ("latency", time.lastToken), ("end", time.end),
    ]
    lines.append(
      "  "
        + times.compactMap { name, value in value.map { "\(name) \(Format.time($0))" } }
        .joined(separator: ", ")
    )
    var facts: [String] = []
    if let status = exchange.httpStatus { facts.append("HTTP \(status)") }
    if let reason = exchange.finishReason { facts.append("finished: \(reason)") }
    if let model = exchange.servedModel { facts.append("served by \(model)") }
    if let upstream = exchange.upstream { facts.append("through \(upstream)") }
    if let tokens = exchange.usage.completion { facts.append("\(tokens) completion tokens") }
    if let cost = attempt.cost {
      facts.append("\(Format.quantity(cost.usd, .usd)) (\(cost.source.rawValue))")
    }
    if !facts.isEmpty { lines.append("  " + facts.joined(separator: ", ")) }
    if let failure = exchange.failure {
      lines.append("  \(failure.kind.rawValue): \(failure.message)")
      if let replacement = failure.replacement { lines.append("  named instead: \(replacement)") }
      if let evidence = failure.evidence { lines.append("  evidence: \(evidence)") }
    }
    lines += quote("reasoning", exchange.reasoning) + quote("answer", exchange.answer)
    return lines
  }

  private func quote(_ title: String, _ text: String) -> [String] {
    guard !text.isEmpty else { return [] }
    return ["  \(title):"] + text.split(whereSeparator: \.isNewline).map { "    \($0)" }
  }

  /// The line made safe for a terminal, with its own indentation.
  private func indented(_ line: String) -> String {
    String(line.prefix { $0 == " " }) + VisibleText.line(line)
  }
}

extension SampleRecord {
  /// For `--json`; times in milliseconds, null where unknown.
  var json: JSON {
    [
      "sample_id": .string(identity.id), "target": .string(identity.target),
      "prompt": .string(identity.prompt), "case_id": .string(identity.caseID),
      "repeat": .integer(Int64(identity.repetition)), "warmup": .bool(identity.warmup),
      "outcome": .string(outcome.rawValue), "attempts": .integer(Int64(attempts)),
      "failure": failure.map { .string($0.rawValue) } ?? .null,
      "score": score.map { .number($0) } ?? .null, "latency_ms": milliseconds(latency),
      "ttft_ms": milliseconds(ttft), "total_ms": milliseconds(total),
      "reasons": .array(reasons.map { .string($0) }),
    ]
  }
}

extension Attempt {
  /// For `--json`; times in milliseconds, null where unknown.
  var json: JSON {
    let (exchange, time) = (exchange, exchange.timeline)
    return [
      "attempt": .integer(Int64(number)), "status": .string(status.rawValue),
      "started_at": .string(timestamp(startedAt)), "model": .string(model),
      "failure": (exchange.failure?.kind.rawValue).map { .string($0) } ?? .null,
      "message": (exchange.failure?.message).map { .string($0) } ?? .null,
      "evidence": (exchange.failure?.evidence).map { .string($0) } ?? .null,
      "http_status": exchange.httpStatus.map { .integer(Int64($0)) } ?? .null,
      "queue_ms": milliseconds(queue), "ttft_ms": milliseconds(time.firstToken),
      "ttfa_ms": milliseconds(time.firstAnswer), "latency_ms": milliseconds(time.lastToken),
      "end_ms": milliseconds(time.end), "served_model": text(exchange.servedModel),
      "upstream": text(exchange.upstream), "generation_id": text(exchange.generationID),
      "finish_reason": text(exchange.finishReason),
      "replacement": text(exchange.failure?.replacement),
      "prompt_tokens": whole(exchange.usage.prompt),
      "completion_tokens": whole(exchange.usage.completion),
      "reasoning_tokens": whole(exchange.usage.reasoning),
      "cost_usd": cost.map { .number($0.usd) } ?? .null,
      "cost_source": text(cost?.source.rawValue),
      "answer": .string(exchange.answer), "reasoning": .string(exchange.reasoning),
    ]
  }
}

/// Null where unknown.
func milliseconds(_ nanoseconds: Int64?) -> JSON {
  nanoseconds.map { .number(Double($0) / 1e6) } ?? .null
}

private func text(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }

private func whole(_ count: Int?) -> JSON { count.map { .integer(Int64($0)) } ?? .null }

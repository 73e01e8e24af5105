import TryoutCore
import TryoutReport
import TryoutStatistics

/// The outcome of a selftest for people and for programs.
struct SelftestView {
  let result: SelftestResult

  var text: String {
    let failed = result.streams.filter { !$0.violations.isEmpty }
    let sections = [
      "CLOCKS  error against the server's stamps; a chunk every 25 ms\n"
        + TextTable.render(header: Self.clockHeader, rows: result.clocks.flatMap(clockRows)),
      "STREAMS  \(result.streams.count - failed.count) of \(result.streams.count) are read as "
        + "docs/streams.md says\n"
        + failed.map { "  \($0.id): \($0.violations.joined(separator: "; "))\n" }.joined(),
      "TWINS  one model entered twice, the second by the first\n"
        + TextTable.render(
          header: ["clock", "pairs", "ratio", "interval", "would have seen", "verdict"],
          rows: (result.twins.last?.verdicts ?? []).map(twinRow)),
    ]
    return sections.joined(separator: "\n")
  }

  // MARK: Clocks

  private static let percentiles = ["p5", "p50", "p95", "p99"].compactMap(Percentile.init(label:))

  private static let clockHeader =
    ["at once", "answers", "clock", "min"] + percentiles.map(\.label)
    + ["max", "p50 allowed", "chunks/s", "possible"]

  private func clockRows(_ trial: ClockTrial) -> [[String]] {
    [("ttft", trial.ttft), ("latency", trial.latency)].map { clock, errors in
      let values =
        [errors.min] + Self.percentiles.map { errors[$0] } + [errors.max, trial.tolerance]
      return ["\(trial.streams)", "\(trial.answers)", clock]
        + values.map { $0.map(Self.time) ?? "n/a" }
        + ["\(Int(trial.rate))", "\(Int(trial.possibleRate))"]
    }
  }

  private static func time(_ nanoseconds: Int64) -> String {
    let sign = nanoseconds < 0 ? "-" : ""
    return sign + Format.time(Int64(nanoseconds.magnitude))
  }

  // MARK: Twins

  private func twinRow(_ verdict: TwinTrial.Verdict) -> [String] {
    let comparison = verdict.comparison
    let ends = [comparison.low, comparison.high].map(Self.ratio)
    return [
      verdict.clock.rawValue, "\(comparison.n)", Self.ratio(comparison.ratio),
      "[\(ends[0]), \(ends[1])]",
      comparison.detectable.map { Self.ratio(.value($0)) } ?? "n/a",
      verdict.isDifferent ? "different" : "no difference",
    ]
  }

  private static func ratio(_ bound: Bound) -> String {
    switch bound {
    case .value(let value): Format.quantity(value, .ratio)
    case .unbounded: "∞"
    case .unavailable: "–"
    }
  }

  // MARK: JSON

  var json: JSON {
    [
      "holds": .bool(result.reasons.isEmpty),
      "reasons": .array(result.reasons.map { .string($0) }),
      "clocks": .array(result.clocks.map(clock)),
      "streams": .array(
        result.streams.map {
          [
            "id": .string($0.id), "plays": .integer(Int64($0.plays)),
            "violations": .array($0.violations.map { .string($0) }),
          ]
        }),
      "twins": .array((result.twins.last?.verdicts ?? []).map(twin)),
    ]
  }

  private func clock(_ trial: ClockTrial) -> JSON {
    [
      "streams": .integer(Int64(trial.streams)), "answers": .integer(Int64(trial.answers)),
      "chunks_per_s": .number(trial.rate), "possible_chunks_per_s": .number(trial.possibleRate),
      "tolerance_ns": .integer(trial.tolerance), "ttft_error_ns": errors(trial.ttft),
      "latency_error_ns": errors(trial.latency),
    ]
  }

  private func errors(_ errors: ClockTrial.Errors) -> JSON {
    var members: [String: JSON] = [:]
    for percentile in Self.percentiles {
      members[percentile.label] = errors[percentile].map { .integer($0) } ?? .null
    }
    members["min"] = errors.min.map { .integer($0) } ?? .null
    members["max"] = errors.max.map { .integer($0) } ?? .null
    return .object(members)
  }

  private func twin(_ verdict: TwinTrial.Verdict) -> JSON {
    let comparison = verdict.comparison
    return [
      "clock": .string(verdict.clock.rawValue), "pairs": .integer(Int64(comparison.n)),
      "ratio": number(comparison.ratio), "low": number(comparison.low),
      "high": number(comparison.high), "confidence": .number(comparison.confidence),
      "detectable": comparison.detectable.map { .number($0) } ?? .null,
      "different": .bool(verdict.isDifferent),
    ]
  }

  private func number(_ bound: Bound) -> JSON {
    if case .value(let value) = bound { .number(value) } else { .null }
  }
}

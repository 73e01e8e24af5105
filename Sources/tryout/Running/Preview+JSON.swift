import TryoutCore
import TryoutStatistics

extension Preview {
  /// For programs; what is unknown is null.
  var json: JSON {
    let late = forecast.missed.filter { $0.key != .dropped }.values.reduce(0, +)
    return [
      "suite": .string(suite.name),
      "samples": JSON(plan.measuredCount),
      "warmups": JSON(plan.warmupCount),
      "adaptive": .bool(suite.run.adaptive),
      "most_votes": JSON(extra.votes.values.reduce(0, +)),
      "most_confirming": JSON(extra.confirming.values.reduce(0, +)),
      // A string as in reports, since half of all seeds are too large for a number in JavaScript.
      "seed": seed.map { .string(String($0)) } ?? .null,
      "seconds": .number(forecast.duration.inSeconds),
      "completes": .bool(forecast.ending == .complete),
      "service_seconds": .number(serviceTime.inSeconds),
      "resume": resumeJSON,
      "targets": .array(zip(costs, resolution.samples).map { $0.json(samples: $1) }),
      "limits": .array(suite.limits.map(json)),
      "provider_quotas": .array(
        circumstances.readings.sorted { $0.key < $1.key }.map { account, reading in
          [
            "account": .string(account), "taken_at": .string(timestamp(reading.takenAt)),
            "reading": reading.0.json,
          ]
        }),
      "dropped": JSON(forecast.missed[.dropped] ?? 0),
      "without_quota": JSON(late),
      "comparison": comparisonJSON,
      "unreachable_gates": shortfallJSON,
      "advice": advice?.json ?? .null,
    ]
  }

  private var resumeJSON: JSON {
    guard let run = circumstances.resumed?.run else { return .null }
    let done = standing.doneCount(in: plan)
    return [
      "run_id": .string(run.id), "state": .string(run.state.rawValue), "done": JSON(done),
      "stale": JSON(standing.stale), "missing": JSON(plan.measuredCount - done),
    ]
  }

  private func json(of limit: Limit) -> JSON {
    let windows: [JSON] = limit.windows.map { window in
      let used = used(window, of: limit)
      let left = left(of: window, of: limit)
      return [
        "resource": .string(window.resource.rawValue), "count": JSON(window.count),
        "period": .string(window.period.rawValue), "used": JSON(used),
        "left": JSON(left?.count),
        "left_by": left.map { $0.isProviders ? "provider" : "database" } ?? .null,
      ]
    }
    return [
      "id": .string(limit.id), "account": .string(limit.account),
      "requests": JSON(forecast.requests[limit.id] ?? 0),
      "most_votes": JSON(extra.votes[limit.id] ?? 0),
      "most_confirming": JSON(extra.confirming[limit.id] ?? 0),
      "sent_in_last_day": JSON(circumstances.prior.count { $0.limit == limit.id }),
      "concurrency": JSON(limit.concurrency), "windows": .array(windows),
    ]
  }

  private var shortfallJSON: JSON {
    .array(
      resolution.shortfalls.map {
        ["id": .string($0.gate), "samples": JSON($0.samples), "needed": JSON($0.needed)]
      })
  }

  private var comparisonJSON: JSON {
    guard let pairs = resolution.pairs else { return .null }
    return [
      "pairs": JSON(pairs), "spread": .number(spread),
      "spread_source": circumstances.experience?.pairedSpread == nil
        ? "assumed" : "earlier runs",
      "detectable_ratio": resolution.detectableRatio(spread: spread).map { .number($0) } ?? .null,
    ]
  }
}

private extension Preview.Cost {
  func json(samples: Int) -> JSON {
    let intervals = Resolution.percentiles.map { percentile in
      (percentile.label, JSON.bool(Resolution.needed(for: percentile) <= samples))
    }
    return [
      "id": .string(target), "samples": JSON(samples), "missing": JSON(missing),
      "worst_usd": worst.map { .number($0) } ?? .null,
      "expected_usd": expected.map { .number($0) } ?? .null,
      "intervals": .object(Dictionary(uniqueKeysWithValues: intervals)),
    ]
  }
}

private extension Preview.Advice {
  var json: JSON {
    [
      "fitting_repeats": JSON(fitting), "nights": JSON(nights),
      "repeats_for_p95": JSON(repeatsForP95), "nights_for_p95": JSON(nightsForP95),
    ]
  }
}

private extension JSON {
  init(_ count: Int?) { self = count.map { .integer(Int64($0)) } ?? .null }
}

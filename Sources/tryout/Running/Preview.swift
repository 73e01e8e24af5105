import TryoutCore
import TryoutReport
import TryoutStatistics

/// A plan in numbers: requests, time under the limits, worst cost, and what the samples can show.
struct Preview {
  let plan: Plan
  let serviceTime: Duration
  let prior: [Scheduler.Prior]
  let forecast: Forecast

  init(plan: Plan, anchor: Int64, serviceTime: Duration, prior: [Scheduler.Prior]) {
    self.plan = plan
    self.serviceTime = serviceTime
    self.prior = prior
    forecast = Forecast(plan, anchor: anchor, serviceTime: serviceTime, prior: prior)
  }

  private var suite: Suite { plan.suite }

  /// Measured samples of each target.
  private var perTarget: [(id: String, samples: Int)] {
    var counts = Array(repeating: 0, count: suite.targets.count)
    for index in plan.samples.indices where !plan.samples[index].warmup {
      counts[plan.targetIndex(of: index)] += 1
    }
    return zip(suite.targets, counts).map { ($0.id, $1) }
  }

  /// US dollars if every answer uses its whole allowance; nil for a target without a price.
  private var worstCost: [(id: String, usd: Double?)] {
    var costs: [Double?] = suite.targets.map { target in
      let hasLimit = target.parameters["max_tokens"] ?? target.parameters["max_completion_tokens"]
      let isFree = target.freeOnly || suite.account(of: target).baseURL == nil
      return isFree || target.price != nil && hasLimit != nil ? 0 : nil
    }
    var cells: [Int32: Double] = [:]
    for sample in plan.samples {
      let target = Int(plan.cells[Int(sample.cell)].target)
      guard let price = suite.targets[target].price, !suite.targets[target].freeOnly else {
        continue
      }
      let cost =
        cells[sample.cell]
        ?? {
          let question = Plan.question(for: plan.cells[Int(sample.cell)], in: suite)
          let prompt = question.estimatedPromptTokens
          return price.cost(
            of: Usage(prompt: prompt, completion: question.estimatedTokens - prompt)
          ) ?? 0
        }()
      cells[sample.cell] = cost
      costs[target] = costs[target].map { $0 + cost }
    }
    return zip(suite.targets, costs).map { ($0.id, $1) }
  }

  private var attention: [String] {
    perTarget.compactMap { id, samples in
      let needed = Percentile.p95.minimumCount(confidence: 0.95)
      guard samples < needed else { return nil }
      return "\(id): \(samples) samples; a two-sided 95 % interval for p95 needs \(needed)"
    }
  }

  private var loadText: [String]? {
    guard let arrivals = plan.arrivals else { return nil }
    let rate = arrivals.rate.map { Format.significant($0, 3) + "/s" } ?? "n/a"
    let time = Duration.nanoseconds(arrivals.span).brief
    let dropped = forecast.missed[.dropped] ?? 0
    let late = forecast.missed.values.reduce(0, +) - dropped
    return ["\(plan.measuredCount) arrivals in \(time), \(rate)"]
      + (dropped > 0
        ? [
          "\(dropped) would be dropped, since no place is free if every answer takes \(serviceTime.brief)"
        ]
        : [])
      + (late > 0 ? ["\(late) would be left out, since no quota is left for them"] : [])
  }

  var text: String {
    var lines = [
      "\(suite.name): \(suite.targets.count) targets × \(suite.prompts.count) prompts × "
        + "\(suite.cases.count) cases × \(suite.run.samples) repeats",
      "  \(plan.measuredCount) samples, \(plan.warmupCount) warm-ups, seed \(plan.seed)", "",
      "Targets",
    ]
    for ((id, samples), (_, usd)) in zip(perTarget, worstCost) {
      let cost = usd.map { $0 == 0 ? "free" : "at most $\(Preview.dollars($0))" } ?? "cost unknown"
      lines.append("  \(id): \(samples) samples, \(cost)")
    }
    lines += ["", "Limits"]
    for limit in suite.limits {
      let windows = limit.windows.map {
        "\($0.count) \($0.resource.rawValue)/\($0.period.rawValue)"
      }
      let terms = (windows + ["\(limit.concurrency) at once"]).joined(separator: ", ")
      let used = prior.count { $0.limit == limit.id }
      let history = used > 0 ? "; \(used) sent in the last day" : ""
      lines.append(
        "  \(limit.id): \(forecast.requests[limit.id] ?? 0) requests (\(terms))\(history)"
      )
    }
    if let load = loadText { lines += ["", "Load"] + load.map { "  " + $0 } }
    lines += ["", "Time"]
    let time = forecast.duration.brief
    switch forecast.ending {
    case .complete:
      lines.append("  \(time) if every answer takes \(serviceTime.brief) and none fails")
    default:
      let (_, reason) = forecast.ending.state(resumeAnchor: 0)
      let asked = forecast.requests.values.reduce(0, +)
      lines.append(
        "  would pause after \(time) and \(asked) requests: "
          + (reason?.split(separator: ",").first.map(String.init) ?? "a limit")
      )
    }
    if !attention.isEmpty {
      lines += ["", "What the samples cannot show"] + attention.map { "  " + $0 }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  var json: JSON {
    let targets: [JSON] = zip(perTarget, worstCost).map { row, cost in
      [
        "id": .string(row.id), "samples": .integer(Int64(row.samples)),
        "worst_usd": cost.usd.map { .number($0) } ?? .null,
      ]
    }
    let limits: [JSON] = suite.limits.map { limit in
      [
        "id": .string(limit.id), "account": .string(limit.account),
        "requests": .integer(Int64(forecast.requests[limit.id] ?? 0)),
        "sent_in_last_day": .integer(Int64(prior.count { $0.limit == limit.id })),
        "concurrency": .integer(Int64(limit.concurrency)),
      ]
    }
    return [
      "suite": .string(suite.name), "samples": .integer(Int64(plan.measuredCount)),
      "warmups": .integer(Int64(plan.warmupCount)),
      "seconds": .number(forecast.duration.inSeconds),
      "completes": .bool(forecast.ending == .complete), "targets": .array(targets),
      "limits": .array(limits),
      "dropped": .integer(Int64(forecast.missed[.dropped] ?? 0)),
      "without_quota": .integer(
        Int64(forecast.missed.filter { $0.key != .dropped }.values.reduce(0, +))),
    ]
  }

  private static func dollars(_ usd: Double) -> String {
    // Upwards, as befits an `at most`; the small subtrahend keeps 0.3 from becoming 0.3001.
    let cents = (usd * 10_000 - 1e-6).rounded(.up) / 10_000
    return "\(max(cents, 0))"
  }
}

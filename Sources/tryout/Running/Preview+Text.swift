import TryoutCore
import TryoutReport
import TryoutStatistics

extension Preview {
  /// For people.
  var text: String {
    let counts = [
      Format.count(suite.targets.count, "target"), Format.count(suite.prompts.count, "prompt"),
      Format.count(suite.cases.count, "case"), Format.count(suite.run.samples, "repeat"),
    ]
    let seed = seed.map { "seed \($0)" } ?? "seed drawn at run time"
    var lines = [
      "\(suite.name): \(counts.joined(separator: " × "))",
      "  \(most)\(Format.count(plan.measuredCount, "sample")), \(Format.count(plan.warmupCount, "warm-up")), \(seed)",
    ]
    let sections: [(String, [String])] = [
      ("Resume", resumeText), ("Targets", targetText),
      ("On top", extraText), ("Limits", limitText + quotaText),
      ("Load", loadText), ("Time", [timeText]), ("What the samples can show", resolutionText),
      ("What would fit", adviceText),
    ]
    for (title, section) in sections where !section.isEmpty {
      lines += ["", title] + section.map { "  " + $0 }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var resumeText: [String] {
    guard let run = circumstances.resumed?.run else { return [] }
    let done = standing.doneCount(in: plan)
    let missing = plan.measuredCount - done
    return [
      "run \(run.id) (\(run.state.rawValue)): \(done) done, \(standing.stale) stale, \(missing) missing",
      missing == 0
        ? "nothing is left to ask"
        : "a resume asks what is missing; what is stale is kept and left out of the report",
    ]
  }

  private var targetText: [String] {
    var lines = costs.map { cost -> String in
      guard cost.samples > 0 else {
        let isJudge = suite.judges.contains { $0.target == cost.target }
        return "\(cost.target): " + (isJudge ? "only judges" : "no sample")
      }
      let missing = cost.missing < cost.samples ? ", \(cost.missing) missing" : ""
      return
        "\(cost.target): \(most)\(Format.count(cost.samples, "sample"))\(missing), \(cost.text)"
    }
    let isFree = costs.allSatisfy { $0.worst == 0 }
    if costs.count > 1, !isFree { lines.append("all targets together: \(totalCost.text)") }
    if let usd = suite.run.budget.usd { lines.append("budget: $\(Cost.dollars(usd))") }
    return lines
  }

  /// An adaptive run may end earlier.
  private var most: String { suite.run.adaptive ? "at most " : "" }

  private var extraText: [String] {
    let votes = extra.votes.values.reduce(0, +)
    let confirming = extra.confirming.values.reduce(0, +)
    var lines: [String] = []
    if votes > 0 {
      lines.append(
        "at most \(Format.count(votes, "vote")) about answers, asked for when the samples are through"
      )
    }
    if confirming > 0 {
      lines.append(
        "at most \(Format.count(confirming, "request")) to measure again what is about to fail against the baseline"
      )
    }
    if !lines.isEmpty {
      lines.append("these are requests, time and cost that come on top of the figures here")
    }
    return lines
  }

  private func extraText(on limit: Limit) -> String {
    let parts = [
      extra.votes[limit.id].map { Format.count($0, "vote") },
      extra.confirming[limit.id].map { "\($0) to measure again" },
    ].compactMap(\.self)
    return parts.isEmpty ? "" : ", at most \(parts.joined(separator: " and "))"
  }

  private var totalCost: Cost {
    var total = Cost(target: "", samples: 0, missing: 0, worst: 0, expected: 0)
    for cost in costs {
      total.worst = total.worst.flatMap { sum in cost.worst.map { sum + $0 } }
      total.expected = total.expected.flatMap { sum in cost.expected.map { sum + $0 } }
    }
    return total
  }

  private var limitText: [String] {
    suite.limits.flatMap { limit -> [String] in
      let requests = Format.count(forecast.requests[limit.id] ?? 0, "request")
      let head =
        "\(limit.id), account \(limit.account): \(most)\(requests)\(extraText(on: limit)), \(limit.concurrency) at once"
      return [head]
        + limit.windows.map { window in
          let terms = "\(window.count) \(window.resource.rawValue)/\(window.period.rawValue)"
          guard let used = used(window, of: limit), let left = left(of: window, of: limit)
          else { return "  \(terms)" }
          let day = window.period == .day ? "today" : "since this time yesterday"
          let whose = left.isProviders ? " by its provider's figure, which is planned with" : ""
          return "  \(terms): \(used) used \(day), \(left.count) left\(whose)"
        }
    }
  }

  /// The providers' own figures, which know of requests that this database does not.
  private var quotaText: [String] {
    circumstances.readings.sorted { $0.key < $1.key }.compactMap { account, reading in
      reading.0.remainingText.map {
        "\(account): \($0), its provider said at \(timestamp(reading.takenAt))"
      }
    }
  }

  private var loadText: [String] {
    guard let arrivals = plan.arrivals else { return [] }
    let rate = arrivals.rate.map { Format.significant($0, 3) + "/s" } ?? "n/a"
    let time = Duration.nanoseconds(arrivals.span).brief
    let dropped = forecast.missed[.dropped] ?? 0
    let late = forecast.missed.values.reduce(0, +) - dropped
    var lines = ["\(plan.measuredCount) arrivals in \(time), \(rate)"]
    if dropped > 0 {
      lines.append(
        "\(dropped) would be dropped, since no place is free if every answer takes \(serviceTime.brief)"
      )
    }
    if late > 0 { lines.append("\(late) would be left out, since no quota is left for them") }
    return lines
  }

  private var timeText: String {
    let time = forecast.duration.brief
    if forecast.ending == .complete {
      let isMeasured =
        circumstances.serviceTime == nil && circumstances.experience?.serviceTime != nil
      let source = isMeasured ? ", as in earlier runs," : ""
      return "\(most)\(time) if every answer takes \(serviceTime.brief)\(source) and none fails"
    }
    let (_, reason) = forecast.ending.state(resumeAnchor: 0)
    let asked = Format.count(forecast.requests.values.reduce(0, +), "request")
    return "\(most.isEmpty ? "would" : "may") pause after \(time) and \(asked): "
      + (reason?.split(separator: ",").first.map(String.init) ?? "a limit")
  }

  private var resolutionText: [String] {
    var lines: [String] = []
    // Of what only judges nothing will be shown.
    let asked = zip(suite.targets, resolution.samples).filter { $1 > 0 }
    for count in Set(asked.map(\.1)).sorted() {
      let names = asked.filter { $1 == count }.map(\.0.id)
      let whose = names.count == asked.count ? "each target" : names.joined(separator: ", ")
      lines.append("\(whose), \(Format.count(count, "sample")): " + Preview.intervals(of: count))
    }
    lines += resolution.shortfalls.map { shortfall in
      let needs = shortfall.needed.map { "it takes \($0)" } ?? "no number of samples can"
      return
        "the gate \(shortfall.gate) cannot pass with \(Format.count(shortfall.samples, "sample")), "
        + "however good: \(needs)"
    }
    guard let pairs = resolution.pairs else { return lines }
    let source = circumstances.experience?.pairedSpread == nil ? "assumed" : "as in earlier runs"
    let ratio = resolution.detectableRatio(spread: spread)
    lines.append(
      ratio.map {
        "two targets, \(pairs) pairs: a latency ratio of \(Format.significant($0, $0 < 1.05 ? 5 : 3)) is seen four times in five"
          + " (spread \(Format.significant(spread, 2)), \(source))"
      }
        ?? "two targets, \(Format.count(pairs, "pair")): nothing can be promised of fewer than 10"
    )
    return lines
  }

  private static func intervals(of count: Int) -> String {
    let all = Resolution.percentiles.map { ($0.label, Resolution.needed(for: $0)) }
    let there = all.filter { $1 <= count }.map(\.0).joined(separator: ", ")
    let missing = all.filter { $1 > count }.map { "\($0) needs \($1)" }.joined(separator: ", ")
    let parts = [there.isEmpty ? "" : "95 % intervals for \(there)", missing].filter { !$0.isEmpty }
    return (there.isEmpty ? "no 95 % interval; " : "") + parts.joined(separator: "; ")
  }

  private var adviceText: [String] {
    guard let advice else { return [] }
    var lines: [String] = []
    if let fitting = advice.fitting {
      let all = Format.count(suite.run.samples, "repeat")
      lines.append(
        fitting == 0
          ? "not even one repeat fits tonight"
          : "\(Format.count(fitting, "repeat")) \(fitting == 1 ? "fits" : "fit") tonight: --samples \(fitting)"
      )
      if let nights = advice.nights {
        lines.append(
          "\(all) take\(suite.run.samples == 1 ? "s" : "") \(Format.count(nights, "night")), resumed with --resume"
        )
      }
    }
    if let repeats = advice.repeatsForP95 {
      let nights = advice.nightsForP95.map { $0 == 1 ? "tonight" : "after \($0) nights" }
      lines.append(
        "p95 is bounded with \(Format.count(repeats, "repeat"))\(nights.map { ", " + $0 } ?? "")")
    }
    return lines
  }
}

extension Preview.Cost {
  var text: String {
    if let refusal { return refusal }
    guard worst != 0 else { return missing == 0 ? "nothing to pay" : "free" }
    let most = worst.map { "at most $\(Self.dollars($0))" } ?? "worst cost unknown"
    let usual = expected.map { "expected $\(Self.dollars($0))" } ?? "expected cost n/a"
    return "\(most), \(usual)"
  }

  static func dollars(_ usd: Double) -> String {
    if usd == 0 { return "0" }
    // Upwards, as befits an `at most`; the small subtrahend keeps 0.3 from becoming 0.3001.
    let cents = (usd * 10_000 - 1e-6).rounded(.up) / 10_000
    return "\(max(cents, 0.0001))"
  }
}

import TryoutCore

/// Something that a reader must know before trusting a figure.
package struct Note: Sendable, Equatable {
  /// The target that it is about; nil for the run as a whole.
  package let target: String?
  /// One sentence without a full stop; names in it come from suites and providers, unescaped.
  package let text: String

  static func about(_ run: RunRecord, _ load: LoadSummary?, strangers: Int) -> [Note] {
    var texts: [String] = []
    if run.state != .finished {
      texts.append(
        "the run is \(run.state.rawValue): \(run.done) of \(run.planned) samples are done,"
          + " and the figures cover only those"
      )
    }
    if run.suite.run.order == .sequential, run.suite.targets.count > 1 {
      texts.append(
        "the targets were asked one after another, so that a drift over time looks like a"
          + " difference between them"
      )
    }
    if let harness = run.harness { texts += about(harness) }
    if let warning = load?.warning { texts.append(warning) }
    let judging = Set(run.suite.judges.map(\.target))
    for target in run.suite.targets.map(\.id)
    where run.suite.unasked.contains(target) && !judging.contains(target) {
      texts.append("\(target) is left out: the suite's matrix excludes it from everything")
    }
    if run.stale > 0 {
      texts.append(
        "\(Format.count(run.stale, "sample")) of an earlier version of the suite left out,"
          + " since the plan does not have them any more"
      )
    }
    if let judging = run.judging {
      let cost =
        judging.usd.map { ", which cost \(Format.quantity($0, .usd))" } ?? ", at an unknown cost"
      texts.append(
        "judges were asked \(Format.count(judging.requests, "time"))\(cost); no target's figures hold any of it"
      )
    }
    texts += run.deadJudges.map { $0 + ": what it was to grade is ungraded" }
    if strangers > 0 {
      texts.append("\(Format.count(strangers, "sample")) of targets outside the suite left out")
    }
    return texts.map { Note(target: nil, text: $0) }
  }

  /// What makes a reader doubt every time of a run.
  private static func about(_ harness: HarnessRecord) -> [String] {
    var texts: [String] = []
    if let share = harness.engineShare, share > 0.8 {
      texts.append(
        "the network thread was busy for \(Format.fixed(share * 100, 0)) % of the time:"
          + " with fewer requests at once the times would be shorter"
      )
    }
    if let lag = harness.loopLag?.p99, lag > 5_000_000 {
      texts.append(
        "the machine was short of processors: one wake-up in a hundred came more than"
          + " \(Format.time(lag)) late"
      )
    }
    if abs(harness.clockDivergence) > 1_000_000_000 {
      let seconds = Double(harness.clockDivergence) / 1e9
      texts.append(
        "the wall clock was moved by \(Format.significant(seconds, 3)) s during the run: latencies are right,"
          + " but times of day and daily quotas may be off"
      )
    }
    return texts
  }

  /// About a gate that looks at nothing of its target.
  static func about(_ result: GateResult) -> Note {
    Note(
      target: result.target,
      text:
        "not judged by \(result.gate): the suite's matrix excludes it from all that the gate looks at"
    )
  }

  static func about(_ summary: TargetSummary) -> [Note] {
    var texts: [String] = []
    if summary.n == 0 { texts.append("no sample ended, so that nothing can be said") }
    if summary.skipped > 0 {
      let kinds = summary.skips.map { "\($0.kind.rawValue) \($0.count)" }
      texts.append(
        "skipped and not counted: " + Format.count(summary.skipped, "sample")
          + (kinds.isEmpty ? "" : " (\(kinds.joined(separator: ", ")))")
      )
    }
    if let gap = summary.gap {
      // An answer may have its grade and lack only the score.
      let (count, what) =
        summary.undecided > 0 ? (summary.undecided, "ungraded") : (summary.unscored, "not scored")
      texts.append(
        "\(what): \(Format.count(count, "answer")) (\(gap)); intervals of pass_rate and score cover whatever"
          + " they would get"
      )
    }
    if !summary.replacements.isEmpty {
      texts.append(
        "the provider names a replacement: \(summary.replacements.joined(separator: ", "))"
      )
    }
    if summary.servedModels.count > 1 {
      texts.append(
        "served by \(summary.servedModels.count) models, of which the figures are a mix"
      )
    }
    if summary.upstreams.count > 1 {
      texts.append(
        "served by \(summary.upstreams.count) upstreams, of which the times are a mix"
      )
    }
    if let tainted = summary.tainted, tainted > 0 {
      texts.append(
        "the harness itself was the bottleneck during \(Format.count(tainted, "answer")),"
          + " whose times are in the figures and too long"
      )
    }
    if summary.buffered > 0 {
      texts.append(
        "all chunks at once in \(Format.count(summary.buffered, "answer")): something on the way held them back,"
          + " so that ttft says little and the decode rate nothing"
      )
    }
    if summary.resent > 0 {
      texts.append(
        "the HTTP library sent the request again for \(Format.count(summary.resent, "answer")),"
          + " whose times include both"
      )
    }
    if summary.truncated > 0 {
      texts.append("cut at the token limit: \(Format.count(summary.truncated, "answer"))")
    }
    if summary.starved > 0 {
      texts.append(
        "\(Format.count(summary.starved, "answer")) stayed empty because the tokens were used up, mostly by reasoning:"
          + " raise max_tokens, or lower the reasoning effort"
      )
    }
    if !summary.target.stream {
      texts.append("not streamed: there is no time to first token and no decode rate")
    } else if summary.answered > 0, summary.decodeRate == nil, summary.buffered == 0 {
      texts.append("no decode rate: answers came in one chunk, or nobody counted their tokens")
    }
    return texts.map { Note(target: summary.target.id, text: $0) }
  }
}

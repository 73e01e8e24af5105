package import TryoutCore
import TryoutStatistics

/// Rows for spreadsheets and data frames: RFC 4180 with CRLF, times in milliseconds, unknown empty.
///
/// Columns have the names and the order of the store's public views, followed by what those lack.
package struct CSVRendering: Sendable {
  package init() {}

  /// One row for each target, below a header.
  package func render(_ report: Report) -> String {
    let run = report.run.id
    let rows = report.targets.map { summary in
      let contrast = report.baseline?.lines.first { $0.target == summary.target.id }
      return CSVRendering.line(of: summary, run: run, contrast).text
    }
    let blank = TargetSummary(Target(id: "", account: "", model: "", limit: ""), Tally())
    return ([CSVRendering.line(of: blank, run: run).header] + rows).joined()
  }

  /// The header of the rows that `row(_: SampleRecord, run:)` makes.
  package static let samplesHeader = line(
    of: SampleRecord(identity: blankIdentity, outcome: .skipped),
    run: ""
  ).header

  /// The header of the rows that `row(_: Attempt, run:)` makes.
  package static let attemptsHeader = line(
    of: Attempt(
      sample: blankIdentity, number: 1, account: "", quota: "", limit: "", model: "",
      startedAt: 0),
    run: ""
  ).header

  /// One sample, with its line end.
  package static func row(_ sample: SampleRecord, run: String) -> String {
    line(of: sample, run: run).text
  }

  /// One attempt, with its line end.
  package static func row(_ attempt: Attempt, run: String) -> String {
    line(of: attempt, run: run).text
  }

  private static let blankIdentity = SampleIdentity(
    id: "",
    target: "",
    prompt: "",
    caseID: "",
    repetition: 0
  )

  private static func line(
    of summary: TargetSummary, run: String, _ contrast: RunComparison.Line? = nil
  ) -> CSVLine {
    var line = CSVLine()
    line.add("run_id", text: run)
    line.add("target", text: summary.target.id)
    line.add("n", summary.n)
    line.add("ok", summary.answered)
    let errors = Proportion(successes: summary.n - summary.answered, trials: summary.n)
    line.add("error_rate", errors.rate)
    line.add("error_rate_low", errors.rate.map { _ in errors.wilson().lowerBound })
    line.add("error_rate_high", errors.rate.map { _ in errors.wilson().upperBound })
    line.add("pass_rate", bound: summary.passRate?.value)
    line.add("pass_rate_low", bound: summary.passRate?.low)
    line.add("pass_rate_high", bound: summary.passRate?.high)
    line.add("p50", seconds: summary.latency.p50)
    line.add("p95", seconds: summary.latency.p95)
    line.add("ttft_p50", seconds: summary.ttft.p50)
    line.add("ttft_p95", seconds: summary.ttft.p95)
    line.add("tokens", summary.tokens)
    line.add("cost_usd", summary.usd)
    line.add("model", text: summary.target.model)
    line.add("first_try_rate", bound: summary.firstTryRate?.value)
    line.add("decode_rate_p50", bound: summary.decodeRate?.value)
    line.add("prompt_tokens", summary.inputTokens)
    line.add("completion_tokens", summary.outputTokens)
    line.add("reasoning_tokens", summary.reasoningTokens)
    line.add("attempts", summary.attempts)
    line.add("skipped", summary.skipped)
    line.add("cold", summary.cold)
    line.add("resent", summary.resent)
    line.add("tainted", summary.tainted)
    line.add("buffered", summary.buffered)
    line.add("truncated", summary.truncated)
    line.add("failures", text: summary.failures.list)
    line.add("skips", text: summary.skips.list)
    line.add("served_models", text: summary.servedModels.joined(separator: " "))
    line.add("upstreams", text: summary.upstreams.joined(separator: " "))
    line.add("replacements", text: summary.replacements.joined(separator: " "))
    line.add("response_p50", seconds: summary.response.p50)
    line.add("response_p95", seconds: summary.response.p95)
    line.add("baseline_runs", contrast?.nights)
    line.add("baseline_latency", contrast?.comparison?[.paired(.latency)])
    line.add("baseline_ttft", contrast?.comparison?[.paired(.ttft)])
    line.add("baseline_answered", contrast?.comparison?[.answered])
    line.add("baseline_pass_rate", contrast?.comparison?[.passRate])
    return line
  }

  private static func line(of sample: SampleRecord, run: String) -> CSVLine {
    var line = CSVLine()
    line.add("run_id", text: run)
    line.add("sample_id", text: sample.identity.id)
    line.add("target", text: sample.identity.target)
    line.add("prompt", text: sample.identity.prompt)
    line.add("case_id", text: sample.identity.caseID)
    line.add("repeat", sample.identity.repetition)
    line.add("outcome", text: sample.outcome.rawValue)
    line.add("attempts", sample.attempts)
    line.add("latency_ms", nanoseconds: sample.latency)
    line.add("ttft_ms", nanoseconds: sample.ttft)
    line.add("total_ms", nanoseconds: sample.total)
    line.add("score", sample.score)
    line.add("warmup", sample.identity.warmup)
    line.add("failure", text: sample.failure?.rawValue)
    line.add("scope", text: sample.failure?.scope.rawValue)
    line.add("finish_reason", text: sample.finishReason)
    line.add("served_model", text: sample.servedModel)
    line.add("upstream", text: sample.upstream)
    line.add("queue_ms", nanoseconds: sample.queue)
    line.add("ttfa_ms", nanoseconds: sample.ttfa)
    line.add("decode_rate", sample.decodeRate)
    line.add(sample.usage)
    line.add("cost_usd", sample.usd)
    line.add("cold", sample.cold)
    line.add("resent", sample.resent)
    line.add("tainted", sample.tainted)
    line.add("buffered", sample.buffered)
    line.add("replacement", text: sample.replacement)
    line.add("reasons", text: sample.reasons.joined(separator: "; "))
    line.add("response_ms", nanoseconds: sample.response)
    return line
  }

  /// The columns of the store's `attempts` view, but `vote`; one that has not ended has no measurements.
  private static func line(of attempt: Attempt, run: String) -> CSVLine {
    let ended = attempt.status == .started ? nil : attempt.exchange
    let timeline = ended?.timeline
    var line = CSVLine()
    line.add("run_id", text: run)
    line.add("sample_id", text: attempt.sample.id)
    line.add("attempt", attempt.number)
    line.add("target", text: attempt.sample.target)
    line.add("account", text: attempt.account)
    line.add("model", text: attempt.model)
    line.add("served_model", text: ended?.servedModel)
    line.add("upstream", text: ended?.upstream)
    line.add("prompt", text: attempt.sample.prompt)
    line.add("case_id", text: attempt.sample.caseID)
    line.add("repeat", attempt.sample.repetition)
    line.add("warmup", attempt.sample.warmup)
    line.add("status", text: attempt.status.rawValue)
    line.add("failure", text: ended?.failure?.kind.rawValue)
    line.add("scope", text: ended?.failure?.kind.scope.rawValue)
    line.add("http_status", ended?.httpStatus)
    line.add("finish_reason", text: ended?.finishReason)
    line.add("started_at", text: Format.instant(attempt.startedAt, milliseconds: true))
    line.add("queue_ms", nanoseconds: attempt.queue)
    line.add("connect_ms", nanoseconds: timeline?.sent)
    line.add("ttfb_ms", nanoseconds: timeline?.firstByte)
    line.add("ttft_ms", nanoseconds: timeline?.firstToken)
    line.add("ttfa_ms", nanoseconds: timeline?.firstAnswer)
    line.add("latency_ms", nanoseconds: attempt.status == .ok ? timeline?.lastToken : nil)
    line.add("end_ms", nanoseconds: timeline?.end)
    line.add("chunks", ended?.chunks)
    line.add(ended?.usage ?? Usage())
    line.add("cost_usd", attempt.cost?.usd)
    line.add("cost_source", text: attempt.cost?.source.rawValue)
    line.add("cold", ended?.connection.cold)
    line.add("resent", ended.map { $0.connection.sends > 1 })
    line.add("tainted", ended?.tainted)
    line.add("generation_id", text: ended?.generationID)
    line.add("replacement", text: ended?.failure?.replacement)
    line.add("dns_ms", nanoseconds: ended?.connection.dns)
    line.add("tcp_ms", nanoseconds: ended?.connection.tcp)
    line.add("tls_ms", nanoseconds: ended?.connection.tls)
    line.add("resumed", ended?.connection.resumed)
    line.add("http_version", text: ended?.connection.httpVersion)
    line.add("events", ended?.events)
    line.add("reads", ended?.reads)
    line.add("buffered", ended?.buffered)
    line.add("harness_ms", nanoseconds: ended?.harness)
    line.add("stale", attempt.isStale)
    return line
  }
}

private extension TargetSummary {
  var tokens: Int? {
    guard let inputTokens, let outputTokens else { return nil }
    return inputTokens + outputTokens
  }
}

private extension [TargetSummary.FailureCount] {
  /// `server:2 reset:1`.
  var list: String { map { "\($0.kind.rawValue):\($0.count)" }.joined(separator: " ") }
}

import GRDB
import TryoutCore

extension SampleIdentity {
  init(_ row: Row) {
    let isVote: Bool = row["vote"]
    self.init(
      id: row["sample_id"], target: row["target"], prompt: row["prompt"], caseID: row["case_id"],
      repetition: row["repetition"], warmup: row["warmup"] && !isVote, vote: isVote)
  }
}

extension Attempt {
  /// Reads a row of `attempt` joined with its route and its result, and with its texts where they were asked for.
  init(_ row: Row, texts: Bool) {
    self.init(
      sample: SampleIdentity(row), number: AttemptKey(value: row["id"]).number,
      account: row["account"], quota: row["quota_key"], limit: row["limit_id"],
      model: row["model"],
      status: Status(rawValue: row["status"]) ?? .failed,
      startedAt: (row["started_at"] as Int64).asMoment,
      queue: row.span("queue_ns") ?? 0, exchange: Exchange(row, texts: texts))
    isStale = row["stale"]
    if let usd = row["cost_usd"] as Double?,
      let source = (row["cost_source"] as String?).flatMap(Cost.Source.init(rawValue:))
    {
      cost = Cost(usd: usd, source: source)
    }
  }
}

private extension Exchange {
  init(_ row: Row, texts: Bool) {
    self.init()
    timeline.handover = row.span("handover_ns") ?? 0
    timeline.sent = row.span("sent_ns")
    timeline.headers = row.span("headers_ns")
    timeline.firstByte = row.span("first_byte_ns")
    timeline.firstToken = row.span("first_token_ns")
    timeline.firstAnswer = row.span("first_answer_ns")
    timeline.lastToken = row.span("last_token_ns")
    timeline.end = row.span("end_ns") ?? 0
    connection.cold = row["cold"] ?? false
    connection.sends = row["sends"] ?? 0
    connection.dns = row["dns_ns"]
    connection.tcp = row["tcp_ns"]
    connection.tls = row["tls_ns"]
    connection.resumed = row["resumed"]
    connection.httpVersion = row["http_version"]
    httpStatus = row["http_status"]
    finishReason = row["finish_reason"]
    servedModel = row["served_model"]
    upstream = row["upstream"]
    generationID = row["generation_id"]
    chunks = row["chunks"] ?? 0
    events = row["events"] ?? 0
    reads = row["reads"] ?? 0
    harness = row["harness_ns"]
    usage = Usage(
      prompt: row["prompt_tokens"], completion: row["completion_tokens"],
      reasoning: row["reasoning_tokens"], cached: row["cached_tokens"],
      total: row["total_tokens"])
    if let kind = (row["failure"] as String?).flatMap(FailureKind.init(rawValue:)) {
      failure = Failure(
        kind, texts ? row["message"] ?? "" : "", replacement: row["replacement"],
        evidence: texts ? row["evidence"] : nil)
    }
    guard texts else { return }
    answer = row["answer"] ?? ""
    reasoning = row["reasoning"] ?? ""
  }
}

private extension Row {
  func span(_ column: String) -> Int64? { (self[column] as Int64?)?.asSpan }
}

import TryoutCore

extension Report.Fact {
  /// How a run measured: what its suite asked for, what each clock means, and on which machine.
  static func method(of run: RunRecord) -> [Report.Fact] {
    execution(run) + definitions
      + run.environment.sorted { $0.key < $1.key }.map {
        Report.Fact("harness \($0.key)", $0.value)
      } + (run.harness.map(harness) ?? [])
  }

  /// How the program itself fared: whether it was fast enough to be believed.
  private static func harness(_ record: HarnessRecord) -> [Report.Fact] {
    func lag(_ name: String, _ what: String, _ lag: HarnessRecord.Lag?) -> Report.Fact? {
      lag.map {
        Report.Fact(
          name,
          "\(what) \(Format.time($0.p50)) at the median, \(Format.time($0.p99)) at p99, \(Format.time($0.max)) at most"
        )
      }
    }
    var facts = [
      Report.Fact(
        "in flight",
        "\(Format.significant(record.meanInFlight, 3)) requests on average, \(record.peakInFlight) at most"
      )
    ]
    facts += [
      lag("harness lag", "woken late by", record.loopLag),
      lag("dispatch lag", "requests waited to be sent", record.dispatchLag),
      lag("stamp lag", "tokens waited for their stamps no longer than", record.stampLag),
    ].compactMap(\.self)
    let engine = record.engineShare.map {
      ", of which the network thread used \(Format.fixed($0 * 100, 0)) % of one"
    }
    facts.append(
      Report.Fact(
        "harness load",
        "\(Format.significant(record.processors, 2)) processors\(engine ?? "")"))
    return facts
  }

  private static func execution(_ run: RunRecord) -> [Report.Fact] {
    let policy = run.suite.run
    let order =
      switch policy.order {
      case .blocks: "randomised blocks over the targets, seed \(run.seed)"
      case .sequential: "one target after another, seed \(run.seed)"
      }
    let unstreamed = run.suite.targets.filter { !$0.stream }.map(\.id)
    let retry = policy.retry
    let timeouts = policy.timeouts
    return [
      Report.Fact("load", load(policy.load)),
      Report.Fact("order", order),
      Report.Fact("samples", "\(policy.samples) for each target × prompt × case"),
      Report.Fact(
        "warm-up",
        policy.warmup == 0
          ? "none" : "\(Format.count(policy.warmup, "request")) for each target, never counted"
      ),
    ] + run.suite.limits.map { Report.Fact("limit \($0.id)", limit($0)) } + [
      Report.Fact(
        "retries",
        retry.attempts <= 1 || policy.load != .closed
          ? "none: one attempt for each sample"
          : "up to \(retry.attempts) attempts for each sample, full jitter from"
            + " \(retry.base.brief) to \(retry.cap.brief); a server's wait up to"
            + " \(retry.maxServerWait.brief) is obeyed"
      ),
      Report.Fact(
        "timeouts",
        "connect \(timeouts.connect.brief), first token \(timeouts.firstToken.brief),"
          + " stall \(timeouts.stall.brief), total \(timeouts.total.brief);"
          + " waiting for a limit never counts"
      ),
      Report.Fact(
        "streaming",
        unstreamed.isEmpty
          ? "on for every target" : "off for \(unstreamed.joined(separator: ", "))"
      ),
      Report.Fact("http", "version \(policy.http.rawValue) asked for, over TLS"),
    ]
  }

  private static func load(_ load: Load) -> String {
    switch load {
    case .closed:
      "closed: the next request waits for a free place, so that queueing is not measured"
    case .open(let load):
      "open: requests are sent when they are due, "
        + load.steps.map(step).joined(separator: ", then ")
        + ", \(load.arrivals == .poisson ? "Poisson" : "constant") arrivals;"
        + " what meets no free place is dropped and counts as a failure"
    }
  }

  private static func step(_ step: OpenLoad.Step) -> String {
    "\(Format.significant(step.rate, 3)) a second"
      + (step.duration.map { " for \($0.brief)" } ?? "")
  }

  private static func limit(_ limit: Limit) -> String {
    let windows = limit.windows.map { "\($0.count) \($0.resource.rawValue)/\($0.period.rawValue)" }
    return (["concurrency \(limit.concurrency)"] + windows).joined(separator: ", ")
  }

  private static let definitions = [
    Report.Fact("clock", "one monotonic clock, one reading for each event, in nanoseconds"),
    Report.Fact(
      "latency",
      "from the dispatch to the last token of the attempt that succeeded;"
        + " without queue, back-off and the late usage chunk"
    ),
    Report.Fact(
      "response", "from the moment when a request was due to its last token: queue and latency"
    ),
    Report.Fact(
      "ttft",
      "from the dispatch to the first non-empty delta of any kind, reasoning included"
    ),
    Report.Fact("decode rate", "tokens after the first chunk by the time they took"),
    Report.Fact(
      "percentiles",
      "nearest rank, failures above every success; 95 % intervals from order statistics"
    ),
    Report.Fact("rates", "95 % intervals by Wilson's score"),
    Report.Fact(
      "cost",
      "the provider's own figure, else the suite's price, else the catalogue's, else unknown"),
  ]
}

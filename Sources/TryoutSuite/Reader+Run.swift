import TryoutCore

extension Reader {
  mutating func readRun(_ cursor: Cursor?) -> RunPolicy {
    var run = RunPolicy()
    guard
      let fields = cursor?.fields([
        "samples", "warmup", "order", "seed", "load", "http", "timeout", "retry", "daily_quota",
        "give_up", "budget", "keep", "concurrency", "confirm",
      ])
    else { return run }
    if let cursor = fields["samples"] { readSamples(cursor, &run) }
    set(&run.warmup, fields["warmup"]?.integer(0...1000))
    set(&run.order, fields["order"]?.choice(RunPolicy.Order.self))
    run.seed = fields["seed"]?.quantity("a whole number from 0") { UInt64($0) }
    load = fields["load"]
    set(&run.load, load.flatMap(readLoad))
    set(&run.http, fields["http"]?.choice(HTTPVersion.self))
    if let cursor = fields["timeout"] { readTimeouts(cursor, &run.timeouts) }
    if let cursor = fields["retry"] { readRetry(cursor, &run.retry) }
    set(&run.dailyQuota, fields["daily_quota"]?.choice(RunPolicy.DailyQuota.self))
    let giveUp = fields["give_up"]?.fields(["errors_in_a_row"])
    set(&run.errorsInARow, giveUp?["errors_in_a_row"]?.integer(1...1_000_000))
    if let cursor = fields["budget"] { readBudget(cursor, &run) }
    set(&run.keep, fields["keep"]?.choice(RunPolicy.Keep.self))
    set(&run.confirm, fields["confirm"]?.bool())
    set(&run.concurrency, fields["concurrency"]?.integer(1...10_000))
    return run
  }

  /// A number, `adaptive`, or a map with the most repeats of an adaptive run.
  private mutating func readSamples(_ cursor: Cursor, _ run: inout RunPolicy) {
    if cursor.isMap {
      adaptive = cursor
      run.adaptive = true
      let most = cursor.fields(["adaptive"])?.require("adaptive", "the most repeats")
      set(&run.samples, most?.integer(1...1_000_000))
    } else if cursor.isWord("adaptive") {
      adaptive = cursor
      run.adaptive = true
    } else {
      set(&run.samples, cursor.integer(1...1_000_000))
    }
  }

  /// Leaves the default where nothing, or nothing readable, is written.
  private func set<Value>(_ field: inout Value, _ value: Value?) {
    if let value { field = value }
  }

  private func readTimeouts(_ cursor: Cursor, _ timeouts: inout Timeouts) {
    let fields = cursor.fields(["connect", "first_token", "stall", "total"])
    set(&timeouts.connect, fields?["connect"]?.duration())
    set(&timeouts.firstToken, fields?["first_token"]?.duration())
    set(&timeouts.stall, fields?["stall"]?.duration())
    set(&timeouts.total, fields?["total"]?.duration())
  }

  private func readRetry(_ cursor: Cursor, _ retry: inout RetryPolicy) {
    let fields = cursor.fields(["attempts", "wait", "pool_wait", "max_server_wait"])
    set(&retry.attempts, fields?["attempts"]?.integer(1...100))
    let expected = "a range of durations such as 1s..60s"
    if let wait = fields?["wait"]?.quantity(expected, unit: "1s..60s", Units.range) {
      (retry.base, retry.cap) = (wait.lowerBound, wait.upperBound)
    }
    if let wait = fields?["pool_wait"]?.quantity(expected, unit: "1m..10m", Units.range) {
      (retry.poolBase, retry.poolCap) = (wait.lowerBound, wait.upperBound)
    }
    set(&retry.maxServerWait, fields?["max_server_wait"]?.duration(zero: true))
  }

  private func readBudget(_ cursor: Cursor, _ run: inout RunPolicy) {
    guard let fields = cursor.fields(["usd", "requests", "wall"]) else { return }
    run.budget.usd = fields["usd"]?.number(0...1e9, "US dollars as a number such as 1.00")
    run.budget.requests = fields["requests"]?.count(1...Int(1e12))
    run.budget.wall = fields["wall"]?.duration()
    if let cursor = fields["wall"], let wall = run.budget.wall, wall < run.timeouts.total {
      cursor.error(
        "no request could start: it may take \(run.timeouts.total.brief), more than the whole budget",
        expected: "a budget of at least run.timeout.total",
        advice: "lengthen run.budget.wall, or write timeout: { total: … }"
      )
    }
    guard let usd = fields["usd"], run.budget.usd != nil else { return }
    let unpriced = targets.filter { target in
      !target.freeOnly && target.price == nil
        && accounts.contains { $0.id == target.account && $0.provider != .simulator }
    }
    if !unpriced.isEmpty {
      usd.error(
        "nothing is known about the price of \(listed(unpriced.map { quoted($0.id) }))",
        expected: "a price for every target, so that the budget can be reserved",
        advice: "write price: { input: …, output: …, per: 1M }, or free_only: true"
      )
    }
    let unbounded = targets.filter { target in
      let provider = accounts.first { $0.id == target.account }?.provider
      return target.price != nil && provider?.allowance(in: target.parameters) == nil
    }
    if !unbounded.isEmpty {
      usd.error(
        "an answer of \(listed(unbounded.map { quoted($0.id) })) may cost anything",
        expected: "a bound, so that the worst case can be reserved",
        advice: "write params: { max_tokens: … }"
      )
    }
  }
}

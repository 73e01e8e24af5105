import TryoutCore

extension Reader {
  /// Checks that an adaptive run has something to decide, and takes its most samples from the budget where it names none.
  func settleSamples(of suite: inout Suite) {
    guard let cursor = adaptive else { return }
    guard let rule = suite.recommendation else {
      return cursor.error(
        "nothing says what an adaptive run is to decide", expected: "recommend: with rank_by")
    }
    if suite.run.load != .closed {
      cursor.error("an open load cannot be adaptive", expected: "a closed load, or a number")
    }
    if suite.run.order != .blocks {
      cursor.error("only blocks can be adaptive", expected: "order: blocks")
    }
    if suite.asksOthers {
      cursor.error(
        "judges and programs grade after the run, too late for an adaptive one",
        expected: "checks that grade at once, or a number")
    }
    let relative = suite.gates.filter { $0.against != nil && rule.eligible.contains($0.id) }
    if let gate = relative.first {
      cursor.error(
        "the gate \(quoted(gate.id)) compares with a baseline, which an adaptive run cannot wait for",
        expected: "eligible gates without against:")
    }
    guard !cursor.isMap else { return }
    let samples = suite.samplesByTarget.values.filter { $0 > 0 }
    let cells = samples.reduce(0, +) / max(1, suite.run.samples)
    guard let requests = suite.run.budget.requests, cells > 0 else {
      return cursor.error(
        "an adaptive run needs a maximum",
        expected: "samples: { adaptive: 30 }, or run.budget.requests")
    }
    // Warm-ups are paid for as well.
    let warmups = suite.run.warmup * samples.count
    let repeats = (requests - warmups) / cells
    guard repeats > 0 else {
      return cursor.error(
        "the budget of \(requests) requests pays for no repeat, which takes \(cells + warmups)",
        expected: "run.budget.requests: \(cells + warmups) or more")
    }
    suite.run.samples = min(repeats, 1_000_000)
  }
}

import TryoutCore

enum MadeUpAttempts {
  /// One that is in flight, one that succeeded on a resent request, and one that timed out.
  static var all: [Attempt] {
    let identity = SampleIdentity(
      id: "9f2c",
      target: "quick",
      prompt: "terse",
      caseID: "even",
      repetition: 2
    )
    let flying = Attempt(
      sample: identity,
      number: 1,
      account: "sim",
      quota: "embedded:sim none",
      limit: "shared",
      model: "vendor/quick:free",
      startedAt: MadeUpRuns.start + 1_500_000_000,
      queue: 250_000
    )

    var well = flying
    well.number = 2
    well.status = .ok
    well.cost = Cost(usd: 0.00125, source: .suite)
    well.exchange.httpStatus = 200
    well.exchange.finishReason = "stop"
    well.exchange.servedModel = "vendor/quick, \"new\""
    well.exchange.chunks = 12
    well.exchange.usage = Usage(prompt: 20, completion: 50)
    well.exchange.connection.cold = true
    well.exchange.connection.sends = 2
    well.exchange.timeline.sent = 40_000_000
    well.exchange.timeline.firstByte = 300_000_001
    well.exchange.timeline.firstToken = 310_500_000
    well.exchange.timeline.firstAnswer = 310_500_000
    well.exchange.timeline.lastToken = 1_240_000_000
    well.exchange.timeline.end = 1_250_000_000

    var late = well
    late.number = 3
    late.status = .failed
    late.cost = nil
    late.isStale = true
    late.exchange.failure = Failure(.timeoutTotal, "too slow", replacement: "=1+1")
    return [flying, well, late]
  }
}

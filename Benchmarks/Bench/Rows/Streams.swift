import Foundation

extension Measurement {
  /// Processor time of a whole `tryout run` for 10,000 requests, without its start and its end: a short run is
  /// subtracted.
  static func cpu(
    _ name: String, _ what: String, _ pacing: StreamServer.Pacing, requests: Int, few: Int,
    atOnce: Int, bar: Double
  ) -> Measurement {
    Measurement(name: name, rows: [Row("CPU for 10,000 requests, \(what)", in: "s", .ratio(bar))]) {
      workshop in
      try workshop.serving(pacing) { port in
        let short = try workshop.run(requests: few, atOnce: atOnce, port: port)
        let long = try workshop.run(requests: few + requests, atOnce: atOnce, port: port)
        let own = (long.cpu - short.cpu) * 10_000 / Double(requests)
        let spread = Int(pacing.first + Int64(pacing.chunks) * pacing.gap) / 1000 / atOnce
        let yardstick = try workshop.yardstick(
          requests: requests, atOnce: atOnce, port: port, spread: spread)
        return [Reading(own, against: yardstick?.cpu_per_10k)]
      }
    }
  }

  /// How far the time to the first token lies behind the server's own stamp, with everything recorded.
  static let ttft1000 = Measurement(
    name: "ttft1000",
    rows: [
      Row("ttft error p50, 1000 streams at 25 ms", in: "µs", .atMost(60)),
      Row("ttft error p99, 1000 streams at 25 ms", in: "µs", .atMost(1000)),
    ]
  ) { workshop in
    try workshop.serving(.init(first: 50_000_000, gap: 25_000_000)) { port in
      let own = try workshop.ask(requests: 4000, atOnce: 1000, port: port, spread: 2500)
      let yardstick = try workshop.yardstick(
        requests: 3000, atOnce: 1000, port: port, spread: 2500)
      return [
        Reading(own.p50, against: yardstick?.ttft_err_us.p50),
        Reading(own.p99, against: yardstick?.ttft_err_us.p99),
      ]
    }
  }

  static let ttft256 = Measurement(
    name: "ttft256",
    rows: [
      Row("ttft error p95, 256 streams at 2 ms", in: "µs", .atMost(5000)),
      Row("share of the possible rate, 256 streams at 2 ms", in: "%", .atLeast(95)),
    ]
  ) { workshop in
    let pacing = StreamServer.Pacing(first: 20_000_000, gap: 2_000_000)
    return try workshop.serving(pacing) { port in
      let own = try workshop.ask(requests: 5000, atOnce: 256, port: port, spread: 850)
      let yardstick = try workshop.yardstick(requests: 5000, atOnce: 256, port: port, spread: 850)
      let length = Double(pacing.first + Int64(pacing.chunks - 1) * pacing.gap) / 1e9
      let possible = 256 / length
      return [
        Reading(own.p95),
        Reading(own.rate / possible * 100, against: yardstick.map { $0.rps / possible * 100 }),
      ]
    }
  }

  /// The most memory of a `tryout run`, and that it does not grow with the number of requests.
  static let memory = Measurement(
    name: "memory",
    rows: [
      Row("memory, 10,000 streams at once", in: "MB", .atMost(250)),
      Row("the same for twice as many requests", in: "%", .atMost(110)),
    ]
  ) { workshop in
    let pacing = StreamServer.Pacing(chunks: 10, first: 300_000_000, gap: 300_000_000)
    return try workshop.serving(pacing) { port in
      let once = try workshop.run(requests: 20_000, atOnce: 10_000, port: port)
      let twice = try workshop.run(requests: 40_000, atOnce: 10_000, port: port)
      return [Reading(twice.memory), Reading(twice.memory / once.memory * 100)]
    }
  }
}

private extension Workshop {
  func ask(requests: Int, atOnce: Int, port: UInt16, spread: Int) throws -> StampFigures {
    let outcome = try run([
      bench, "ask", "--port", "\(port)", "--requests", "\(requests)", "--at-once", "\(atOnce)",
      "--spread", "\(spread)", "--db", freshDatabase(),
    ])
    return try JSONDecoder().decode(StampFigures.self, from: Data(outcome.output.utf8))
  }
}

package import TryoutStatistics

/// How far the clocks were from the server's, with so many stamped streams at once.
package struct ClockTrial: Sendable, Equatable {
  /// Errors of one clock, in nanoseconds.
  package struct Errors: Sendable, Equatable {
    private let sorted: [Int64]

    /// Takes errors in any order.
    package init(_ errors: [Int64]) { sorted = errors.sorted() }

    /// By nearest rank; nil without any.
    package subscript(percentile: Percentile) -> Int64? {
      sorted.isEmpty ? nil : sorted[percentile.rank(of: sorted.count) - 1]
    }

    package var min: Int64? { sorted.first }
    package var max: Int64? { sorted.last }
  }

  /// How many streams there were at once.
  package let streams: Int
  /// How many answers were read over all rounds.
  package let answers: Int
  package let ttft: Errors
  package let latency: Errors
  /// Chunks that came each second, from the first to the last of each round.
  package let rate: Double
  /// Chunks that would have come each second from a server without any delay.
  package let possibleRate: Double
  /// Why streams could not be read, in words; each once.
  package let problems: [String]

  /// Gathers rounds of `streams` answers each, every one of which sent `chunks` chunks with a
  /// `pause` between.
  package init(
    streams: Int, chunks: Int, pause: Duration,
    rounds: [[Result<StampedAnswer, StampedAnswer.Unreadable>]]
  ) {
    let answers = rounds.flatMap { $0.compactMap { try? $0.get() } }
    self.streams = streams
    self.answers = answers.count
    ttft = Errors(answers.map(\.firstToken))
    latency = Errors(answers.map(\.lastToken))
    let seconds = rounds.map { round in
      let spans = round.compactMap { try? $0.get().span }
      let first = spans.map(\.lowerBound).min() ?? 0
      let last = spans.map(\.upperBound).max() ?? 0
      return Double(last - first) / 1e9 + pause / .seconds(1)
    }
    rate = Double(answers.count * chunks) / seconds.reduce(0, +)
    possibleRate = Double(streams) / (pause / .seconds(1))
    let told = rounds.flatMap { $0.compactMap { $0.problem?.description } }
    problems = Set(told).sorted()
  }

  /// The largest median error that is still right, in nanoseconds: 1 ms, and 5 ms beyond 100
  /// streams.
  ///
  /// A machine that has other things to do keeps this. It tells whether the clocks are read at the
  /// right places, and is no claim of how quick they are.
  package var tolerance: Int64 { streams > 100 ? 5_000_000 : 1_000_000 }

  /// Whether a token was stamped before it was sent, which no busy machine explains.
  package var isImpossible: Bool { [ttft.min, latency.min].contains { ($0 ?? 0) < 0 } }

  /// What does not hold, in words.
  package var reasons: [String] {
    var reasons = problems.map { "with \(streams) at once: \($0)" }
    for (clock, errors) in [("ttft", ttft), ("latency", latency)] {
      guard let least = errors.min, let median = errors[.p50] else { continue }
      if least < 0 {
        reasons.append("with \(streams) at once a \(clock) ended before its token was sent")
      }
      if median > tolerance {
        reasons.append(
          "with \(streams) at once the median error of \(clock) is above \(tolerance / 1_000_000) ms"
        )
      }
    }
    if answers == 0, reasons.isEmpty { reasons.append("with \(streams) at once no answer came") }
    return reasons
  }
}

private extension Result {
  var problem: Failure? { if case .failure(let error) = self { error } else { nil } }
}

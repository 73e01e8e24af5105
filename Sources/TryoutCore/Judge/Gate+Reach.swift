extension Gate {
  /// The fewest samples that pass it, if none of them could be better; `.max` where ten thousand do not, and nil where
  /// the values themselves decide or a baseline does.
  package var fewestToPass: Int? {
    guard against == nil, isQuicklyJudged else { return nil }
    guard passes(perfect: Gate.most) else { return .max }
    var (failing, passing) = (0, Gate.most)
    while passing - failing > 1 {
      let middle = (failing + passing) / 2
      if passes(perfect: middle) { passing = middle } else { failing = middle }
    }
    return passing
  }

  private static let most = 10_000

  private func passes(perfect count: Int) -> Bool {
    let identity = SampleIdentity(id: "", target: "", prompt: "", caseID: "", repetition: 1)
    var tally = Tally()
    for _ in 0..<count { tally.add(.perfect(identity)) }
    return judge(tally, target: "").verdict == .pass
  }

  /// Whether judging it takes no resampling.
  var isQuicklyJudged: Bool {
    switch metric {
    case .answered, .errorRate, .passRate, .truncatedRate, .emptyRate, .firstTryRate: true
    case .clock(let clock, let statistic): clock != .decodeRate && statistic != .mean
    default: false
    }
  }
}

extension SampleRecord {
  /// What no answer can surpass.
  static func perfect(_ identity: SampleIdentity) -> SampleRecord {
    var sample = SampleRecord(identity: identity, outcome: .pass)
    sample.attempts = 1
    (sample.latency, sample.ttft, sample.ttfa, sample.queue, sample.total) = (1, 1, 1, 1, 1)
    sample.usd = 0
    sample.score = 1
    return sample
  }
}

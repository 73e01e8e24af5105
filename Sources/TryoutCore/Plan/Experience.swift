/// What earlier runs tell about a suite that is about to run: tokens, cost and time of an answer, and how much answers
/// to the same question differ.
package struct Experience: Sendable {
  /// The sums over a target's answers.
  struct Record: Sendable {
    var answers = 0
    var seconds = 0.0
    /// Answers whose tokens and whose cost are known, with the sums over these.
    var counted = 0
    var prompt = 0
    var completion = 0
    var priced = 0
    var usd = 0.0
  }

  private let suite: Suite
  private var records: [Record]
  private var spread = PairSpread()
  package private(set) var runs = 0

  /// Knows nothing yet about the targets of a suite.
  package init(of suite: Suite) {
    self.suite = suite
    records = Array(repeating: Record(), count: suite.targets.count)
  }

  /// Takes in the samples of one run, which the body hands over.
  ///
  /// They tell only about targets that are asked the same way today, whatever their prompts were.
  package mutating func add(
    _ run: RunRecord, _ forEachSample: ((SampleRecord) -> Void) throws -> Void
  ) rethrows {
    var indices: [String: (index: Int, isPricedAlike: Bool)] = [:]
    for (index, target) in suite.targets.enumerated() {
      guard let earlier = run.suite.targets.first(where: { $0.id == target.id }),
        run.suite.content(of: earlier) == suite.content(of: target)
      else { continue }
      indices[target.id] = (index, earlier.price == target.price)
    }
    guard !indices.isEmpty else { return }
    runs += 1
    var pairs = PairSpread.Run(targets: suite.targets.count)
    var records = records
    try forEachSample { sample in
      guard !sample.identity.warmup, sample.isAnswered,
        let (index, isPricedAlike) = indices[sample.identity.target]
      else { return }
      records[index].add(sample, isPricedAlike: isPricedAlike)
      pairs.add(sample, of: index)
    }
    self.records = records
    spread.add(pairs)
  }

  /// Seconds that an answer took on average, over all targets; nil before the first.
  package var serviceTime: Duration? {
    let answers = records.reduce(0) { $0 + $1.answers }
    guard answers > 0 else { return nil }
    return .seconds(records.reduce(0) { $0 + $1.seconds } / Double(answers))
  }

  /// US dollars that an answer of a target cost on average: as billed where every answer's cost is known, else its
  /// tokens at the suite's price; nil where neither is known.
  package func usdPerAnswer(ofTarget index: Int) -> Double? {
    let record = records[index]
    if record.answers > 0, record.priced == record.answers {
      return record.usd / Double(record.answers)
    }
    guard record.counted > 0, let price = suite.targets[index].price else { return nil }
    return (Double(record.prompt) * price.input + Double(record.completion) * price.output)
      / Double(record.counted)
  }

  /// The standard deviation of ln(a / b) over the latencies of two targets for the same question, from pair to pair;
  /// nil below ten pairs.
  package var pairedSpread: Double? { spread.deviation }
}

private extension Experience.Record {
  mutating func add(_ sample: SampleRecord, isPricedAlike: Bool) {
    answers += 1
    seconds += Double(sample.latency ?? 0) / 1e9
    if let prompt = sample.usage.prompt, let completion = sample.usage.completion {
      counted += 1
      self.prompt += prompt
      self.completion += completion
    }
    if isPricedAlike, let usd = sample.usd {
      priced += 1
      self.usd += usd
    }
  }
}

package import TryoutStatistics

/// What the samples of a plan can show, known before they are asked.
package struct Resolution: Sendable {
  /// Percentiles of which a plan says whether they will have an interval.
  package static let percentiles = [Percentile.p50, .p90, .p95, .p99]

  /// Measured samples of each target, in the suite's order.
  package let samples: [Int]
  /// Questions that two targets share, for the two that share the fewest but any; nil with one target.
  package let pairs: Int?
  /// Repeats from which on every target has an interval for p95; nil where the number of samples is not a matter of
  /// repeats, or enough are planned.
  package let repeatsForP95: Int?
  /// Gates that some target cannot pass with what is planned, in the suite's order.
  package let shortfalls: [Shortfall]

  /// A gate, the planned samples of the target that has the fewest for it, and how many it takes.
  package struct Shortfall: Sendable, Equatable {
    package var gate: String
    package var samples: Int
    /// If none of them could be better; nil where no number is known that is enough.
    package var needed: Int?

    package init(gate: String, samples: Int, needed: Int?) {
      self.gate = gate
      self.samples = samples
      self.needed = needed
    }
  }

  /// Counts what a plan has.
  package init(_ plan: Plan) {
    let suite = plan.suite
    var samples = Array(repeating: 0, count: suite.targets.count)
    for index in plan.samples.indices where !plan.samples[index].warmup {
      samples[plan.targetIndex(of: index)] += 1
    }
    self.samples = samples
    pairs = Resolution.fewestPairs(plan, samples)
    let needed = Percentile.p95.minimumCount(confidence: Resolution.confidence)
    var cells = Array(repeating: 0, count: suite.targets.count)
    for cell in plan.cells { cells[Int(cell.target)] += 1 }
    let fewest = cells.filter { $0 > 0 }.min() ?? 0
    let isShort = samples.contains { 0 < $0 && $0 < needed }
    repeatsForP95 =
      plan.arrivals == nil && isShort ? (needed + fewest - 1) / max(fewest, 1) : nil
    shortfalls = suite.gates.compactMap { Resolution.shortfall(of: $0, plan, samples) }
  }

  private static func shortfall(of gate: Gate, _ plan: Plan, _ samples: [Int]) -> Shortfall? {
    guard let needed = gate.fewestToPass else { return nil }
    let suite = plan.suite
    let matches = gate.filter.matcher(in: suite)
    let graded = gate.metric == .passRate ? suite.gradedCases : nil
    var cells = Array(repeating: 0, count: suite.targets.count)
    for cell in plan.cells {
      let item = suite.cases[Int(cell.caseIndex)].id
      guard graded?.contains(item) ?? true else { continue }
      if matches(suite.prompts[Int(cell.prompt)].id, item) { cells[Int(cell.target)] += 1 }
    }
    let counts = suite.targets.indices.map { index in
      gate.filter.target ?? suite.targets[index].id == suite.targets[index].id
        ? min(cells[index] * suite.run.samples, samples[index]) : 0
    }
    // Who is not asked is not judged.
    guard let fewest = counts.filter({ $0 > 0 }).min(), fewest < needed else { return nil }
    return Shortfall(gate: gate.id, samples: fewest, needed: needed == .max ? nil : needed)
  }

  /// Samples that a two-sided interval of a percentile takes.
  package static func needed(for percentile: Percentile) -> Int {
    percentile.minimumCount(confidence: confidence)
  }

  /// The smallest ratio of two targets' latencies that is seen four times in five; nil below ten pairs.
  package func detectableRatio(spread: Double) -> Double? {
    pairs.flatMap { PairedDesign(spread: spread).ratio(detectableWith: $0) }
  }

  private static let confidence = 0.95

  private static func fewestPairs(_ plan: Plan, _ samples: [Int]) -> Int? {
    let suite = plan.suite
    guard suite.targets.count > 1 else { return nil }
    // Without exclusions everybody is asked everything; a schedule may cut the last block.
    if suite.exclusions.isEmpty { return samples.min() }
    var questions = Array(repeating: Set<Int64>(), count: suite.targets.count)
    for cell in plan.cells {
      questions[Int(cell.target)].insert(Int64(cell.prompt) << 32 | Int64(cell.caseIndex))
    }
    var fewest: Int?
    for (index, some) in questions.enumerated() {
      for (offset, others) in questions[(index + 1)...].enumerated() {
        let shared = some.intersection(others).count * suite.run.samples
        let most = min(samples[index], samples[index + 1 + offset])
        if shared > 0 { fewest = min(fewest ?? shared, shared, most) }
      }
    }
    return fewest
  }
}

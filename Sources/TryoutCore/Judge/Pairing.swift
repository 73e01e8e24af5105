package import TryoutStatistics

/// Two sides' answers to the same questions: what every comparison is made of.
///
/// Each question counts once, whatever its repeats: they share what makes the question slow or hard that night, and are
/// no further evidence about other questions. Below ten questions that would leave nothing to compare, so there each
/// repeat counts, paired with one of the other side by its number, and nothing follows for other questions.
package struct Pairing: Sendable {
  /// What counts once.
  package enum Unit: String, Sendable, Codable { case question, request }

  /// From so many on each question counts once.
  package static let fewestQuestions = 10

  private struct Entry: Sendable {
    var base: [SampleRecord]
    var head: [SampleRecord]
    /// As many of either side, in pairs.
    var drawn: [(base: SampleRecord, head: SampleRecord)]
    /// Whether its checks demand a grade on either side.
    var isToBeGraded: Bool

    /// Whether answers without a grade are a gap: they are not where cases have no checks.
    func isGraded(for metric: Metric) -> Bool {
      isToBeGraded || (base + head).contains { $0.share(of: metric) != nil }
    }
  }

  package let unit: Unit
  private let entries: [Entry]
  /// Questions that only one side was asked.
  package let onlyBase: [Answers.Question]
  package let onlyHead: [Answers.Question]

  /// Pairs what a filter lets through; the same answers give the same pairs.
  package init(
    base: Answers, head: Answers, where isIncluded: (Answers.Question) -> Bool = { _ in true }
  ) {
    let questions = Set(base.samples.keys).union(head.samples.keys).filter(isIncluded).sorted()
    let isToBeGraded = base.graded.union(head.graded)
    var random = SplitMix64(seed: 1)
    var entries: [Entry] = []
    var (onlyBase, onlyHead): ([Answers.Question], [Answers.Question]) = ([], [])
    for question in questions {
      switch (base.samples[question], head.samples[question]) {
      case (let base?, let head?):
        entries.append(
          Entry(
            base: base, head: head, drawn: Pairing.draw(base, head, &random),
            isToBeGraded: isToBeGraded.contains(question)))
      case (_?, nil): onlyBase.append(question)
      case (nil, _): onlyHead.append(question)
      }
    }
    self.entries = entries
    self.onlyBase = onlyBase
    self.onlyHead = onlyHead
    unit = entries.count >= Pairing.fewestQuestions ? .question : .request
  }

  /// How many questions both sides were asked.
  package var questions: Int { entries.count }

  /// Samples of either side that take part.
  package var requests: (base: Int, head: Int) {
    (entries.reduce(0) { $0 + $1.base.count }, entries.reduce(0) { $0 + $1.head.count })
  }

  /// Gives every sample of the smaller side a partner: one of the same number where there is one, drawn where several
  /// runs have it.
  ///
  /// Partners are single answers and no means of several: a mean would hide the failures of one side only.
  private static func draw(
    _ base: [SampleRecord], _ head: [SampleRecord], _ random: inout SplitMix64
  ) -> [(base: SampleRecord, head: SampleRecord)] {
    var left: [Int: [SampleRecord]] = [:]
    for sample in base { left[sample.identity.repetition, default: []].append(sample) }
    var pairs: [(base: SampleRecord, head: SampleRecord)] = []
    var alone: [SampleRecord] = []
    for sample in head.sorted(by: { $0.identity.repetition < $1.identity.repetition }) {
      let number = sample.identity.repetition
      if var candidates = left[number], !candidates.isEmpty {
        pairs.append((candidates.remove(at: random.index(below: candidates.count)), sample))
        left[number] = candidates
      } else {
        alone.append(sample)
      }
    }
    var rest = left.sorted { $0.key < $1.key }.flatMap(\.value)
    for sample in alone where !rest.isEmpty {
      pairs.append((rest.remove(at: random.index(below: rest.count)), sample))
    }
    return pairs
  }
}

extension Pairing {
  /// The ratio of a clock, or of a kind of tokens, head by base; nil where it was measured on no pair.
  ///
  /// `p` of the comparison is against `limit`. A failure is longer than every success; of queues, rates and tokens a
  /// failure has none, and such pairs are left out.
  package func ratio(
    of metric: Metric, confidence: Double = 0.95, against limit: Double = 1
  ) -> PairedComparison? {
    var logRatios: [Double] = []
    var bothFailed = 0
    func add(_ base: [Reading?], _ head: [Reading?]) {
      let (base, head) = (base.compactMap(\.self), head.compactMap(\.self))
      guard !base.isEmpty, !head.isEmpty else { return }
      let value = PairedComparison.logRatio(
        ofRepeats: base.map(\.value), head: head.map(\.value))
      if let value {
        logRatios.append(value)
      } else {
        bothFailed += 1
      }
    }
    for entry in entries {
      let base = entry.drawn.map { $0.base.reading(of: metric) }
      let head = entry.drawn.map { $0.head.reading(of: metric) }
      switch unit {
      case .question: add(base, head)
      case .request: for (base, head) in zip(base, head) { add([base], [head]) }
      }
    }
    guard !logRatios.isEmpty || bothFailed > 0 else { return nil }
    return PairedComparison(
      ofLogRatios: logRatios, bothFailed: bothFailed, confidence: confidence, against: limit)
  }

  /// How often something holds on both sides, such as `answered` and `pass_rate`; nil where it was asked of no pair.
  ///
  /// A question's share is that of all its samples; a sample that was not graded is in no pass rate.
  ///
  /// `ungraded` are the shares to assume of those instead, in questions that are to be graded or were on either side.
  package func rates(
    of metric: Metric, where isIncluded: (SampleIdentity) -> Bool = { _ in true },
    ungraded: (base: Double, head: Double)? = nil
  ) -> PairedRates? {
    var pairs: [PairedRates.Pair] = []
    func add(_ base: [SampleRecord], _ head: [SampleRecord]) {
      guard
        let base = base.compactMap({ $0.share(of: metric, ungraded: ungraded?.base) }).mean,
        let head = head.compactMap({ $0.share(of: metric, ungraded: ungraded?.head) }).mean
      else { return }
      // A sum of shares may be off by its rounding.
      pairs.append(.init(base: min(1, max(0, base)), head: min(1, max(0, head))))
    }
    for entry in entries where entry.head.first.map({ isIncluded($0.identity) }) ?? false {
      if ungraded != nil, !entry.isGraded(for: metric) { continue }
      switch unit {
      case .question: add(entry.base, entry.head)
      case .request: for pair in entry.drawn { add([pair.base], [pair.head]) }
      }
    }
    return pairs.isEmpty ? nil : PairedRates(of: pairs)
  }

  /// The rates should ungraded answers be all against head, and all for it; nil where none is ungraded.
  func extremes(
    of metric: Metric, where isIncluded: (SampleIdentity) -> Bool
  ) -> (worst: PairedRates, best: PairedRates)? {
    let hasGaps = entries.contains { entry in
      entry.isGraded(for: metric)
        && (entry.base + entry.head).contains {
          isIncluded($0.identity) && $0.isAnswered && $0.share(of: metric) == nil
        }
    }
    guard hasGaps,
      let worst = rates(of: metric, where: isIncluded, ungraded: (1, 0)),
      let best = rates(of: metric, where: isIncluded, ungraded: (0, 1))
    else { return nil }
    return (worst, best)
  }

  /// What the samples of the common questions add up to on either side.
  package var tallies: (base: Tally, head: Tally) {
    var (base, head) = (Tally(), Tally())
    for entry in entries {
      for sample in entry.base { base.add(sample, isToBeGraded: entry.isToBeGraded) }
      for sample in entry.head { head.add(sample, isToBeGraded: entry.isToBeGraded) }
    }
    return (base, head)
  }
}

/// What was measured of one sample.
private enum Reading {
  case measured(Double)
  /// Longer than anything that was measured.
  case failed

  var value: Double? {
    if case .measured(let value) = self { value } else { nil }
  }
}

private extension SampleRecord {
  /// What was measured of a clock or counter; nil where nothing can be said.
  func reading(of metric: Metric) -> Reading? {
    let value: Double?
    switch metric {
    case .paired(.queue): value = queue.map { Double($0) }
    case .paired(.decodeRate): value = decodeRate
    case .paired(let clock):
      guard isAnswered else { return .failed }
      value = nanoseconds(of: clock).map { Double($0) }
    case .tokens(.input): value = usage.prompt.map { Double($0) }
    case .tokens(.output): value = usage.completion.map { Double($0) }
    case .tokens(.reasoning): value = usage.reasoning.map { Double($0) }
    default: value = nil
    }
    // What was not read, or not used at all, has no ratio.
    return value.flatMap { $0 > 0 && isAnswered ? .measured($0) : nil }
  }

  private func nanoseconds(of clock: Metric.Clock) -> Int64? {
    switch clock {
    case .ttft: ttft
    case .ttfa: ttfa
    case .latency: latency
    case .response: response
    case .total: total
    case .queue, .decodeRate: nil
    }
  }

  /// Whether something holds of it, 1 or 0, or its score; `ungraded` of an answer that has neither grade nor score.
  func share(of metric: Metric, ungraded: Double? = nil) -> Double? {
    func share(_ holds: Bool) -> Double { holds ? 1 : 0 }
    switch metric {
    case .answered: return share(isAnswered)
    case .errorRate(let kind):
      return share(!isAnswered && (kind.map { $0 == failure } ?? true))
    case .passRate:
      if outcome == .ungraded { return ungraded }
      return isAnswered ? share(outcome == .pass) : nil
    case .score: return isAnswered ? score ?? ungraded : nil
    case .truncatedRate: return isAnswered ? share(finishReason == "length") : nil
    case .emptyRate: return share(!isAnswered && failure == .empty)
    case .firstTryRate: return share(isAnswered && attempts == 1)
    default: return nil
    }
  }
}

import TryoutStatistics

/// Every sample of a suite in the order in which it shall be asked: a value made from the suite and a seed.
package struct Plan: Sendable {
  /// One combination of target, prompt and case, as positions in the suite's lists.
  package struct Cell: Sendable, Hashable {
    package var target: Int32
    package var prompt: Int32
    package var caseIndex: Int32
    /// A hash of what is really sent, with the names that results are grouped by.
    package var digest: UInt64
  }

  /// One sample: a cell and which of its repeats.
  ///
  /// Warm-ups are counted apart, from 1 as well.
  package struct Sample: Sendable, Hashable {
    package var cell: Int32
    package var repetition: Int32
    package var warmup: Bool
  }

  package let suite: Suite
  package let seed: UInt64
  package let cells: [Cell]
  /// Warm-ups first, then the blocks.
  package let samples: [Sample]
  /// When each of the measured samples is due under open load, in their order; nil under closed load.
  package let arrivals: ArrivalSchedule?
  /// Whether its samples are the votes of judges.
  let isJudging: Bool

  /// Expands targets × prompts × cases × repeats and puts them in order.
  ///
  /// A block holds every target once, for one prompt, case and repeat. Blocks are shuffled within a repeat and
  /// targets within a block, so that a drift of the network or the hour favours no target. An open load that is over
  /// earlier leaves out the rest.
  package init(_ suite: Suite, seed: UInt64) {
    self.suite = suite
    self.seed = seed
    let (cells, blocks) = Plan.expand(suite)
    self.cells = cells
    var random = SplitMix64(seed: seed)
    var measured = Plan.measured(blocks, cells, suite, random: &random)
    if case .open(let load) = suite.run.load {
      let schedule = ArrivalSchedule(load, atMost: measured.count, seed: seed)
      measured.removeLast(measured.count - schedule.times.count)
      arrivals = schedule
    } else {
      arrivals = nil
    }
    self.samples = Plan.warmups(cells, suite) + measured
    isJudging = false
  }

  /// The votes of judges, of whom each cell asks one about one answer.
  init(judging suite: Suite, seed: UInt64, cells: [Cell], votes: [Sample]) {
    self.suite = suite
    self.seed = seed
    self.cells = cells
    samples = votes
    arrivals = nil
    isJudging = true
  }

  /// Samples that are counted.
  package var measuredCount: Int { samples.count - warmupCount }

  /// Samples that are stored and not counted.
  package var warmupCount: Int { samples.prefix { $0.warmup }.count }

  /// The id and the coordinates of a sample.
  package func identity(of index: Int) -> SampleIdentity {
    let sample = samples[index]
    let cell = cells[Int(sample.cell)]
    return SampleIdentity(
      id: id(of: index), target: suite.targets[Int(cell.target)].id,
      prompt: suite.prompts[Int(cell.prompt)].id, caseID: suite.cases[Int(cell.caseIndex)].id,
      repetition: Int(sample.repetition), warmup: sample.warmup, vote: isJudging)
  }

  /// The sample's id: 16 hexadecimal digits of content and the repeat, `w` marking warm-ups and `v` votes.
  package func id(of index: Int) -> String {
    let sample = samples[index]
    return Plan.id(
      cells[Int(sample.cell)].digest, marker: isJudging ? "v" : sample.warmup ? "w" : "",
      repetition: Int(sample.repetition))
  }

  static func id(_ digest: UInt64, marker: String, repetition: Int) -> String {
    let digits = String(digest, radix: 16)
    let padding = String(repeating: "0", count: 16 - digits.count)
    return "\(padding)\(digits).\(marker)\(repetition)"
  }

  /// Whether an id, as `id(of:)` makes them, is that of a warm-up or a vote, which are never counted.
  package static func isUncounted(_ id: String) -> Bool { id.contains("w") || id.contains("v") }

  /// The position of a sample's target in the suite.
  package func targetIndex(of index: Int) -> Int {
    Int(cells[Int(samples[index].cell)].target)
  }

  /// The case of a sample.
  package func caseOf(_ index: Int) -> Case {
    suite.cases[Int(cells[Int(samples[index].cell)].caseIndex)]
  }

  /// The most tokens that a sample of a limit reserves.
  package func mostTokens(on limit: String) -> Int {
    cells.filter { suite.targets[Int($0.target)].limit == limit }
      .map { Plan.question(for: $0, in: suite).estimatedTokens }.max() ?? 0
  }

  /// What is really sent for a sample.
  package func question(for index: Int) -> Question {
    Plan.question(for: cells[Int(samples[index].cell)], in: suite)
  }

  /// What is really sent for a cell.
  package static func question(for cell: Cell, in suite: Suite) -> Question {
    let target = suite.targets[Int(cell.target)]
    let prompt = suite.prompts[Int(cell.prompt)]
    let variables = suite.cases[Int(cell.caseIndex)].variables
    var question = Question(
      account: suite.account(of: target), model: target.model,
      system: prompt.system?.rendered(with: variables),
      user: prompt.user.rendered(with: variables), stream: target.stream,
      parameters: target.parameters, route: target.route, freeOnly: target.freeOnly)
    question.timeouts = suite.run.timeouts
    question.http = suite.run.http
    return question
  }
}

extension Plan {
  /// Cells, and for each prompt × case the cells of its targets.
  private static func expand(_ suite: Suite) -> (cells: [Cell], blocks: [Range<Int>]) {
    let targets = suite.targets.map { SHA256.digest(of: suite.content(of: $0)).prefix }
    var cells: [Cell] = []
    var blocks: [Range<Int>] = []
    for (promptIndex, prompt) in suite.prompts.enumerated() {
      for (caseIndex, item) in suite.cases.enumerated() {
        let start = cells.count
        let messages = SHA256.digest(of: suite.content(of: prompt, item)).prefix
        for (targetIndex, target) in suite.targets.enumerated() {
          if suite.excludes(target: target.id, prompt: prompt.id, caseID: item.id) { continue }
          var hash = SHA256()
          for word in [targets[targetIndex], messages] {
            for shift in stride(from: 56, through: 0, by: -8) {
              hash.update(CollectionOfOne(UInt8(truncatingIfNeeded: word >> UInt64(shift))))
            }
          }
          cells.append(
            Cell(
              target: Int32(targetIndex), prompt: Int32(promptIndex),
              caseIndex: Int32(caseIndex), digest: hash.finish().prefix))
        }
        if cells.count > start { blocks.append(start..<cells.count) }
      }
    }
    return (cells, blocks)
  }

  private static func warmups(_ cells: [Cell], _ suite: Suite) -> [Sample] {
    guard suite.run.warmup > 0 else { return [] }
    return suite.targets.indices.flatMap { target -> [Sample] in
      guard let cell = cells.firstIndex(where: { $0.target == target }) else { return [] }
      return (1...suite.run.warmup).map {
        Sample(cell: Int32(cell), repetition: Int32($0), warmup: true)
      }
    }
  }

  private static func measured(
    _ blocks: [Range<Int>], _ cells: [Cell], _ suite: Suite, random: inout SplitMix64
  ) -> [Sample] {
    guard suite.run.samples > 0 else { return [] }
    var samples: [Sample] = []
    samples.reserveCapacity(cells.count * suite.run.samples)
    switch suite.run.order {
    case .sequential:
      for target in suite.targets.indices {
        for repetition in 1...suite.run.samples {
          for cell in cells.indices where cells[cell].target == target {
            samples.append(
              Sample(cell: Int32(cell), repetition: Int32(repetition), warmup: false))
          }
        }
      }
    case .blocks:
      var blocks = blocks
      for repetition in 1...suite.run.samples {
        random.shuffle(&blocks)
        for block in blocks {
          var order = Array(block)
          random.shuffle(&order)
          for cell in order {
            samples.append(
              Sample(cell: Int32(cell), repetition: Int32(repetition), warmup: false))
          }
        }
      }
    }
    return samples
  }
}

import Synchronization
import TryoutStatistics

/// What an adaptive run has decided so far: whom it need not ask any more, and how far it may go before it looks again.
///
/// The looks are planned: after equal numbers of blocks. What they may conclude follows from the samples that were stored
/// until then and from nothing else, so that a resume and a report decide as the run did. A difference is shown where
/// its p holds over all looks and the whole family (`SequentialDesign.repeatedP`, Holm).
package struct Adaptation: Sendable {
  /// Why a target is asked no more.
  package enum Closing: Sendable, Equatable {
    /// Whatever the rest of its samples brought, it would not pass.
    case cannotPass(gate: String)
    case beaten(by: String, in: Metric)
    /// It will hardly be shown to be better than a target that is preferred to it.
    case noBetter(than: String)
    /// It is the default.
    case chosen

    package var text: String {
      switch self {
      case .cannotPass(let gate): "it cannot pass \(gate) any more"
      case .beaten(let other, let key): "\(other) is shown to be better in \(key.name)"
      case .noBetter(let other): "it is not expected to show itself better than \(other)"
      case .chosen: "it is the default, whatever the rest would bring"
      }
    }
  }

  /// By the target's position in the suite.
  package private(set) var closings: [Int: Closing] = [:]
  /// The first sample of the plan that must wait for the next look.
  package private(set) var horizon: Int
  private(set) var looks: Looks

  private let plan: Plan
  private let rule: RecommendationRule
  private let design: SequentialDesign
  /// Targets that are compared.
  private let measured: [Int]
  /// Where in the plan each look comes.
  private let ends: [Int]
  private var places: [String: Int] = [:]
  private var records: [Int: SampleRecord] = [:]

  /// Looks are many enough to stop early, and few enough that each has pairs to compare.
  private static let mostLooks = 6
  private static let blocksForALook = 6

  /// Knows nothing yet: the first look is to come.
  package init(_ plan: Plan) {
    self.plan = plan
    let suite = plan.suite
    rule = suite.recommendation ?? RecommendationRule()
    let blocks = Adaptation.blockEnds(of: plan)
    let count = max(1, min(Adaptation.mostLooks, blocks.count / Adaptation.blocksForALook))
    ends =
      blocks.isEmpty
      ? [] : (1...count).map { blocks[(blocks.count * $0 + count - 1) / count - 1] }
    design = Adaptation.design(looks: count)
    looks = Looks(design)
    let unasked = suite.unasked
    measured = suite.targets.indices.filter { !unasked.contains(suite.targets[$0].id) }
    for index in plan.samples.indices where !plan.samples[index].warmup {
      places[plan.id(of: index)] = index
    }
    horizon = ends.first ?? .max
  }

  /// Takes in samples that have ended, in any order, and carries out every look that they allow.
  package mutating func take(_ samples: some Sequence<SampleRecord>) {
    for sample in samples { places[sample.identity.id].map { records[$0] = sample } }
    while looks.answers.count < ends.count {
      horizon = ends[looks.answers.count]
      let isThere = (plan.warmupCount..<horizon).allSatisfy {
        records[$0] != nil || closings[plan.targetIndex(of: $0)] != nil
      }
      guard isThere else { return }
      let seen = records.filter { $0.key < horizon }.sorted { $0.key < $1.key }.map(\.value)
      looks.look(at: seen)
      decide(at: looks.answers.count, seen, horizon)
    }
    horizon = .max
  }

  /// Limits take an integration to find, so each is found once.
  private static func design(looks: Int) -> SequentialDesign {
    designs.withLock { known in
      if let design = known[looks] { return design }
      let design = SequentialDesign(looks: looks, shape: .pocock)
      known[looks] = design
      return design
    }
  }

  private static let designs = Mutex<[Int: SequentialDesign]>([:])

  /// Where each block ends: all targets with one prompt, case and repeat.
  private static func blockEnds(of plan: Plan) -> [Int] {
    var ends: [Int] = []
    var last: (prompt: Int32, caseIndex: Int32, repetition: Int32)?
    for index in plan.samples.indices.dropFirst(plan.warmupCount) {
      let sample = plan.samples[index]
      let cell = plan.cells[Int(sample.cell)]
      let block = (cell.prompt, cell.caseIndex, sample.repetition)
      if let last, last == block {
        ends[ends.count - 1] = index + 1
      } else {
        ends.append(index + 1)
      }
      last = block
    }
    return ends
  }

  // MARK: One look

  private enum Standing: Equatable {
    case passes, open
    case cannotPass(gate: String)
  }

  private enum Relation: Equatable {
    case better(Metric), worse, tied
  }

  private mutating func decide(at look: Int, _ seen: [SampleRecord], _ end: Int) {
    let suite = plan.suite
    var standings: [Int: Standing] = [:]
    for target in measured {
      if case .cannotPass(let gate)? = closings[target] {
        standings[target] = .cannotPass(gate: gate)
      } else {
        standings[target] = standing(of: target, at: look, seen, end)
      }
      if case .cannotPass(let gate)? = standings[target], closings[target] == nil {
        closings[target] = .cannotPass(gate: gate)
      }
    }
    let rivals = measured.filter { standings[$0] == .passes || standings[$0] == .open }
    let current = measured.first { suite.targets[$0].id == rule.current } ?? measured.first
    let isCurrentIn = current.map { rivals.contains($0) } ?? false
    let contest = Contest(
      of: rivals.map { suite.targets[$0].id }, by: rule.rankBy,
      current: isCurrentIn ? current.map { suite.targets[$0].id } : nil, in: suite, looks: looks)

    func relation(_ one: Int, _ other: Int) -> Relation? {
      let (one, other) = (suite.targets[one].id, suite.targets[other].id)
      for bout in contest.bouts(one, other) {
        if let winner = bout.winner { return winner == one ? .better(bout.key) : .worse }
        guard isTied(bout, at: look) else { return nil }
      }
      return .tied
    }
    /// Whether `other` is preferred to `one`, should the two be tied.
    func yields(_ one: Int, to other: Int) -> Bool {
      guard let current, isCurrentIn else { return other < one }
      if other == current { return true }
      guard one != current, other < one, case .better? = relation(other, current) else {
        return false
      }
      return true
    }
    func closing(of target: Int) -> Closing? {
      // Whether it may stand in for the default is still to be seen.
      if rule.fallbackLength > 0, standings[target] == .open { return nil }
      for other in rivals where other != target && standings[other] == .passes {
        if case .better(let key)? = relation(other, target) {
          return .beaten(by: suite.targets[other].id, in: key)
        }
        if closings[other] == nil, yields(target, to: other), relation(other, target) == .tied {
          return .noBetter(than: suite.targets[other].id)
        }
      }
      return nil
    }
    for target in rivals where closings[target] == nil {
      if let reason = closing(of: target) { closings[target] = reason }
    }
    let left = rivals.filter { closings[$0] == nil }
    if left.count == 1, standings[left[0]] == .passes { closings[left[0]] = .chosen }
  }

  /// Whether a key will hardly tell two targets apart any more.
  private func isTied(_ bout: Contest.Bout, at look: Int) -> Bool {
    if bout.key.unit == .usd { return true }
    guard let p = bout.latestP, 5 * look >= 2 * design.looks else { return false }
    return design.conditionalPower(of: p, at: look) < 0.1
  }

  private func standing(
    of target: Int, at look: Int, _ seen: [SampleRecord], _ end: Int
  ) -> Standing {
    let id = plan.suite.targets[target].id
    let own = seen.filter { $0.identity.target == id }
    let gates = plan.suite.gates.filter {
      rule.eligible.contains($0.id) && ($0.filter.target ?? id) == id
    }
    var isOpen = !own.contains(where: \.isAnswered)
    for gate in gates {
      let matches = gate.filter.matcher(in: plan.suite)
      var tally = Tally()
      for sample in own where matches(sample.identity.prompt, sample.identity.caseID) {
        tally.add(sample)
      }
      let verdict = gate.judge(tally, target: id, confidence: 1 - design.level(at: look)).verdict
      if verdict == .fail { return .cannotPass(gate: gate.id) }
      if verdict != .pass {
        isOpen = true
        // Where only perfect answers came from now on: an exact bound, on which chance has no hold.
        guard gate.isQuicklyJudged else { continue }
        for index in end..<plan.samples.count where plan.targetIndex(of: index) == target {
          let identity = plan.identity(of: index)
          if matches(identity.prompt, identity.caseID) { tally.add(.perfect(identity)) }
        }
        if gate.judge(tally, target: id).verdict != .pass { return .cannotPass(gate: gate.id) }
      }
    }
    return isOpen ? .open : .passes
  }
}

private extension Gate {
  /// Whether judging it takes no resampling.
  var isQuicklyJudged: Bool {
    switch metric {
    case .answered, .errorRate, .passRate, .truncatedRate, .emptyRate, .firstTryRate: true
    case .clock(let clock, let statistic): clock != .decodeRate && statistic != .mean
    default: false
    }
  }
}

private extension SampleRecord {
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

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
    /// Another is shown to be better by a key, and it will hardly be shown to be better by one before that.
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
      case .chosen: "it is the default, since no other is expected to show itself better"
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
  /// Cases whose answers demand a grade.
  private let graded: Set<String>
  /// Targets that are compared.
  private let measured: [Int]
  /// Where in the plan each look comes.
  private let ends: [Int]
  private var places: [String: Int] = [:]
  private var records: [SampleRecord?]

  /// Looks are many enough to stop early, and few enough that each has pairs to compare.
  private static let mostLooks = 6
  private static let blocksForALook = 6
  /// Who is less likely to be shown to be better has no hope: little beside the one in five that a plan of 80 % power
  /// misses anyway.
  private static let leastHope = 0.05

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
    looks = Looks(design, in: suite)
    graded = suite.gradedCases
    records = Array(repeating: nil, count: plan.samples.count)
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
    while looks.count < ends.count {
      let start = looks.count > 0 ? ends[looks.count - 1] : plan.warmupCount
      horizon = ends[looks.count]
      let isThere = (plan.warmupCount..<horizon).allSatisfy {
        records[$0] != nil || closings[plan.targetIndex(of: $0)] != nil
      }
      guard isThere else { return }
      looks.look(at: records[start..<horizon].lazy.compactMap(\.self))
      decide()
    }
    horizon = .max
  }

  /// Limits take an integration to find, so each is found once.
  private static func design(looks: Int, level: Double = Comparison.level) -> SequentialDesign {
    let terms = Terms(looks: looks, level: level)
    return designs.withLock { known in
      if let design = known[terms] { return design }
      let design = SequentialDesign(looks: looks, shape: .pocock, confidence: 1 - level)
      known[terms] = design
      return design
    }
  }

  private struct Terms: Hashable {
    let looks: Int
    let level: Double
  }

  private static let designs = Mutex<[Terms: SequentialDesign]>([:])

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

  /// What a target may still come to against another.
  private enum Prospect: Equatable {
    case beaten(in: Metric)
    /// It will hardly be shown to be better.
    case hopeless
    /// It is shown to be better, or may be.
    case hopeful
  }

  private mutating func decide() {
    let suite = plan.suite
    var standings: [Int: Standing] = [:]
    for target in measured {
      if case .cannotPass(let gate)? = closings[target] {
        standings[target] = .cannotPass(gate: gate)
      } else {
        standings[target] = standing(of: target)
      }
      if case .cannotPass(let gate)? = standings[target], closings[target] == nil {
        closings[target] = .cannotPass(gate: gate)
      }
    }
    let rivals = measured.filter { standings[$0] == .passes || standings[$0] == .open }
    let current = (measured.first { suite.targets[$0].id == rule.current } ?? measured.first)
      .flatMap { rivals.contains($0) ? $0 : nil }
    let contest = Contest(
      of: rivals.map { suite.targets[$0].id }, by: rule.rankBy,
      current: current.map { suite.targets[$0].id }, in: suite, looks: looks)
    looks.remember(contest)

    func isShownBetter(_ one: Int, than other: Int) -> Bool {
      contest.isBetter(suite.targets[one].id, than: suite.targets[other].id)
    }
    /// Whether one that `other` is not worse than would not become the default.
    func yields(_ one: Int, to other: Int) -> Bool {
      guard let current else { return other < one }
      if one == current || other == current { return other == current }
      return other < one && isShownBetter(other, than: current)
    }
    func closing(of target: Int) -> Closing? {
      // Whether it may stand in for the default is still to be seen.
      if rule.fallbackLength > 0, standings[target] == .open { return nil }
      for other in rivals where other != target && standings[other] == .passes {
        let name = suite.targets[other].id
        switch prospect(of: suite.targets[target].id, against: name, in: contest) {
        case .beaten(let key): return .beaten(by: name, in: key)
        case .hopeless where closings[other] == nil && yields(target, to: other):
          return .noBetter(than: name)
        case .hopeless, .hopeful: break
        }
      }
      return nil
    }
    for target in rivals where closings[target] == nil && target != current {
      if let reason = closing(of: target) { closings[target] = reason }
    }
    // It is what all others are held against, until none is left whom that could help.
    if let current, closings[current] == nil,
      rivals.allSatisfy({ $0 == current || closings[$0] != nil || isShownBetter($0, than: current) }
      )
    {
      closings[current] = closing(of: current)
    }
    let left = rivals.filter { closings[$0] == nil }
    if left.count == 1, standings[left[0]] == .passes { closings[left[0]] = .chosen }
  }

  /// Key by key: a later one decides only where the target has no hope left in those before it.
  private func prospect(of target: String, against other: String, in contest: Contest) -> Prospect {
    for bout in contest.bouts(target, other) {
      if let winner = bout.winner { return winner == target ? .hopeful : .beaten(in: bout.key) }
      if mayWin(target, bout, in: contest) { return .hopeful }
    }
    return .hopeless
  }

  /// Whether a key may still show that a target is better, at the level that Holm's rule leaves it.
  ///
  /// That it is worse need not be shown to ask it no more: the default stays where nothing is shown.
  private func mayWin(_ target: String, _ bout: Contest.Bout, in contest: Contest) -> Bool {
    if bout.key.unit == .usd { return bout.isOpen }
    guard let z = bout.evidence(for: target) else { return true }
    let design = Adaptation.design(looks: design.looks, level: contest.levelLeft(for: bout))
    return design.predictivePower(of: z, at: looks.count) >= Adaptation.leastHope
  }

  /// What the gates say; answers without a grade count for a target where it would be dropped, and against it where it
  /// would pass.
  private func standing(of target: Int) -> Standing {
    let id = plan.suite.targets[target].id
    let end = ends[looks.count - 1]
    let own = records[..<end].lazy.compactMap(\.self).filter { $0.identity.target == id }
    let gates = plan.suite.gates.filter {
      rule.eligible.contains($0.id) && ($0.filter.target ?? id) == id
    }
    var isOpen = !own.contains(where: \.isAnswered)
    for gate in gates {
      let matches = gate.filter.matcher(in: plan.suite)
      let matching = own.filter { matches($0.identity.prompt, $0.identity.caseID) }
      var tally = Tally()
      for sample in matching { tally.add(sample, isToBeGraded: isToBeGraded(sample)) }
      let confidence = 1 - design.level(at: looks.count)
      let verdict = gate.judge(tally, target: id, confidence: confidence).verdict
      if verdict == .fail { return .cannotPass(gate: gate.id) }
      if verdict != .pass {
        isOpen = true
        // Where only perfect answers came from now on: an exact bound, on which chance has no hold.
        guard gate.isQuicklyJudged else { continue }
        var best = Tally()
        for sample in matching { best.add(isToBeGraded(sample) ? sample.atItsBest : sample) }
        for index in end..<plan.samples.count where plan.targetIndex(of: index) == target {
          let identity = plan.identity(of: index)
          if matches(identity.prompt, identity.caseID) { best.add(.perfect(identity)) }
        }
        if gate.judge(best, target: id).verdict != .pass { return .cannotPass(gate: gate.id) }
      }
    }
    return isOpen ? .open : .passes
  }

  private func isToBeGraded(_ sample: SampleRecord) -> Bool {
    graded.contains(sample.identity.caseID)
  }
}

private extension SampleRecord {
  /// As it would be if it passed, where that is not known.
  var atItsBest: SampleRecord {
    guard outcome == .ungraded else { return self }
    var sample = self
    sample.outcome = .pass
    return sample
  }
}

import TryoutStatistics

/// Which target should be the default, which ones stand in for it, and why not the others.
///
/// Nobody replaces the current default without being shown to be better than it; where nothing is shown it stays.
package struct Recommendation: Sendable, Equatable {
  package enum Decision: Sendable, Equatable {
    /// The current default stays: it passes, and nothing is shown to be better.
    case keep
    /// Another takes its place.
    case change(to: String)
    /// The samples do not suffice.
    case undecided
    /// No target passes, which is shown of all.
    case nobody

    /// The default; nil where none can be named.
    fileprivate func choice(keeping current: String) -> String? {
      switch self {
      case .keep: current
      case .change(let target): target
      case .undecided, .nobody: nil
      }
    }
  }

  /// What the gates say of a target.
  package enum Standing: Sendable, Equatable {
    /// It passes all that it must.
    case eligible
    /// It fails one, or has never answered.
    case rejected
    /// Neither is shown yet.
    case open
  }

  /// One target.
  package struct Candidate: Sendable, Equatable {
    package let target: Target
    package let standing: Standing
    /// The gates that it must pass.
    package let gates: [GateResult]
    /// Its value by each ranking key, in their order; for a clock without a statistic the median.
    package let figures: [MetricEstimate?]
    package let n: Int
    package let answered: Int
    /// Why it was not asked all that was planned, where the run saw that it need not.
    package let closing: String?
  }

  /// Samples that a gate takes before it says something about a target.
  package struct Need: Sendable, Equatable {
    package let target: String
    package let gate: String
    package let has: Int
    /// As far as the estimate holds; nil where it cannot be foreseen, as at the limit itself.
    package let needs: Int?
  }

  /// A target that passes and was left out of the fallbacks for what it shares.
  package struct Likeness: Sendable, Equatable {
    package let target: String
    package let with: String
    package let shares: RecommendationRule.Difference
  }

  package let rule: RecommendationRule
  /// The target that is the default now.
  package let current: String
  /// In the suite's order.
  package let candidates: [Candidate]
  package let contest: Contest
  package let decision: Decision
  package let fallbacks: [String]
  package let alike: [Likeness]
  package let needs: [Need]
  /// Days for which the verdict should be believed.
  package let lasts: Int
  /// When the catalogue says that a default or fallback will go, as `YYYY-MM-DD`.
  package let expiries: [String: String]
  /// The runs that it rests on.
  package let evidence: [String]

  /// The default; nil where none can be named.
  package var choice: String? { decision.choice(keeping: current) }

  /// What is known of a target; nil for one that was not measured.
  package func candidate(_ id: String) -> Candidate? { candidates.first { $0.target.id == id } }

  /// What the gates say of a target.
  package func standing(of id: String) -> Standing { candidate(id)?.standing ?? .open }

  /// Targets that pass and are not shown to differ from the choice by any key.
  package var tied: [String] {
    guard let choice else { return [] }
    return candidates.map(\.target.id).filter {
      $0 != choice && standing(of: $0) == .eligible && contest.decision($0, choice) == nil
    }
  }
}

extension Recommendation {
  /// What a recommendation is made of.
  package struct Evidence {
    package var run: RunRecord
    package var gates: [GateResult]
    /// By target.
    package var tallies: [String: Tally]
    package private(set) var looks: Looks
    /// Why targets of an adaptive run were asked no more.
    private(set) var closings: [String: Adaptation.Closing] = [:]
    /// When targets' models go, as the catalogue said before the run ended.
    package var expiries: [String: String]
    /// Other runs that gates rest on.
    package var others: [String]

    package init(
      run: RunRecord, gates: [GateResult], tallies: [String: Tally], looks: Looks,
      expiries: [String: String] = [:], others: [String] = []
    ) {
      self.run = run
      self.gates = gates
      self.tallies = tallies
      self.looks = looks
      self.expiries = expiries
      self.others = others
      guard run.suite.run.adaptive else { return }
      var adaptation = Adaptation(Plan(run.suite, seed: run.seed))
      adaptation.take(looks.unsorted)
      self.looks = adaptation.looks
      for (target, closing) in adaptation.closings {
        closings[run.suite.targets[target].id] = closing
      }
    }
  }

  /// Decides by a rule; the same evidence gives the same recommendation.
  package init(_ rule: RecommendationRule, from evidence: Evidence) {
    let suite = evidence.run.suite
    let unasked = suite.unasked
    let targets = suite.targets.filter { !unasked.contains($0.id) }
    let current = rule.current ?? targets.first?.id ?? ""
    let candidates = targets.map { Candidate($0, rule, evidence) }
    let standings = Dictionary(
      candidates.map { ($0.target.id, $0.standing) }, uniquingKeysWith: { first, _ in first })
    let eligible = targets.map(\.id).filter { standings[$0] == .eligible }
    let isCurrentOpen = standings[current] == .open
    let isCurrentIn = standings[current] == .eligible || isCurrentOpen
    let contest = Contest(
      of: targets.map(\.id).filter { eligible.contains($0) || isCurrentOpen && $0 == current },
      by: rule.rankBy, current: isCurrentIn ? current : nil, in: suite, looks: evidence.looks)

    let challengers =
      isCurrentIn ? eligible.filter { contest.isBetter($0, than: current) } : eligible
    let decision: Decision
    if let best = contest.best(of: challengers, by: rule.rankBy).first {
      decision = .change(to: best)
    } else if standings[current] == .eligible {
      decision = .keep
    } else {
      decision = candidates.contains { $0.standing == .open } ? .undecided : .nobody
    }
    self.rule = rule
    self.current = current
    self.candidates = candidates
    self.contest = contest
    self.decision = decision
    let chosen = decision.choice(keeping: current)
    (fallbacks, alike) = Recommendation.chain(
      after: chosen, among: eligible, by: rule, contest, targets, evidence)
    needs = candidates.filter { $0.standing == .open }.flatMap { candidate in
      candidate.gates.filter { $0.verdict != .pass }.map { result in
        let gate = suite.gates.first { $0.id == result.gate }
        return Need(
          target: candidate.target.id, gate: result.gate, has: result.estimate?.n ?? candidate.n,
          needs: gate.flatMap { result.samplesNeeded(by: $0) })
      }
    }
    let named = Set([chosen].compactMap(\.self) + fallbacks)
    lasts =
      targets.contains { named.contains($0.id) && $0.freeOnly }
      ? Recommendation.daysOfFree : Recommendation.days
    expiries = evidence.expiries.filter { named.contains($0.key) }
    self.evidence = [evidence.run.id] + evidence.others
  }

  /// Of 58 free ids of August 2025 19 were left after 94 days: at that rate one in seven goes within two weeks.
  package static let daysOfFree = 14
  /// What is paid for stays longer, but is moved and renamed without notice too.
  package static let days = 30

  /// The next best that differs from all before it, again and again.
  private static func chain(
    after chosen: String?, among eligible: [String], by rule: RecommendationRule,
    _ contest: Contest, _ targets: [Target], _ evidence: Evidence
  ) -> ([String], [Likeness]) {
    guard let chosen, rule.fallbackLength > 0 else { return ([], []) }
    let byID = Dictionary(targets.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var chain = [chosen]
    var alike: [Likeness] = []
    var left = eligible.filter { $0 != chosen }
    while chain.count <= rule.fallbackLength,
      let next = contest.best(of: left, by: rule.rankBy).first
    {
      left.removeAll { $0 == next }
      let likeness = chain.lazy.compactMap { earlier -> Likeness? in
        guard let one = byID[earlier], let other = byID[next] else { return nil }
        let shared = rule.differIn.first { difference in
          switch difference {
          case .family: one.isKin(of: other)
          case .upstream:
            !evidence.servers(of: one).isDisjoint(with: evidence.servers(of: other))
          }
        }
        return shared.map { Likeness(target: next, with: earlier, shares: $0) }
      }.first
      if let likeness { alike.append(likeness) } else { chain.append(next) }
    }
    return (Array(chain.dropFirst()), alike)
  }
}

private extension Recommendation.Evidence {
  /// Who served a target: as its answers told, else the server that was asked.
  func servers(of target: Target) -> Set<String> {
    if let told = tallies[target.id]?.upstreams, !told.isEmpty { return told }
    let account = run.suite.account(of: target)
    return [account.baseURL ?? account.provider.name]
  }
}

private extension Recommendation.Candidate {
  init(
    _ target: Target, _ rule: RecommendationRule, _ evidence: Recommendation.Evidence
  ) {
    let tally = evidence.tallies[target.id] ?? Tally()
    let musts = evidence.gates.filter {
      $0.target == target.id && rule.eligible.contains($0.gate)
    }
    self.target = target
    gates = musts
    figures = rule.rankBy.map { tally.estimate(of: $0.headline) }
    n = tally.n
    answered = tally.answered
    let end = evidence.closings[target.id]
    closing = end?.text
    var cannotPass = false
    if case .cannotPass? = end { cannotPass = true }
    let isDead = tally.n > 0 && tally.answered == 0
    standing =
      isDead || cannotPass || musts.contains { $0.verdict == .fail }
      ? .rejected
      : tally.answered > 0 && musts.allSatisfy { $0.verdict == .pass } ? .eligible : .open
  }
}

extension GateResult {
  /// Samples of which the gate would say something if they were like those there are: an interval shrinks with the
  /// square root of their number.
  func samplesNeeded(by gate: Gate) -> Int? {
    guard let estimate else { return nil }
    for end in [estimate.low, estimate.high] {
      if case .unavailable(let needs) = end { return needs > estimate.n ? needs : nil }
    }
    guard case .value(let value) = estimate.value, estimate.n > 0 else { return nil }
    let ends = (estimate.low.finite ?? value, estimate.high.finite)
    let isAbove = value > gate.limit
    guard let end = isAbove ? ends.0 : ends.1, value != gate.limit else { return nil }
    let factor = (value - end) / (value - gate.limit)
    let needed = (Double(estimate.n) * factor * factor).rounded(.up)
    return needed < 1e6 ? max(Int(needed), estimate.n + 1) : nil
  }
}

private extension Bound {
  var finite: Double? { if case .value(let value) = self { value } else { nil } }
}

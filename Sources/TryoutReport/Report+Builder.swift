package import TryoutCore

extension Report {
  /// Folds samples into a report; it keeps numbers only, so that answers never pile up in memory.
  package struct Builder: Sendable {
    private let run: RunRecord
    private let indices: [String: Int]
    private var tallies: [Tally]
    /// Cases whose checks demand a grade.
    private let graded: Set<String>
    private var parts: [Part]
    private var strangers = 0
    private var load = LoadSummary.Builder()
    private let baseline: Baseline?
    private let confirmation: BaselineJudge.Confirmation?
    /// When targets' models go, as a catalogue said.
    private let expiries: [String: String]
    /// By target; empty where there is no baseline.
    private var answers: [String: Answers] = [:]
    /// By target and by what the questions are called; empty where nothing is to be recommended.
    private var looks: Looks

    /// Starts with no samples; the run's suite says which targets and gates there are.
    ///
    /// With a baseline the run is compared with it; suspects are judged by a confirmation where there is one.
    /// `expiries` are the dates after which a catalogue says that targets' models go.
    package init(
      run: RunRecord, baseline: Baseline? = nil,
      confirmation: BaselineJudge.Confirmation? = nil, expiries: [String: String] = [:]
    ) {
      let targets = run.suite.targets
      self.run = run
      self.baseline = baseline
      self.confirmation = confirmation
      self.expiries = expiries
      looks = Looks(of: run)
      graded = Set(run.suite.cases.filter(\.isGraded).map(\.id))
      indices = Dictionary(
        zip(targets.map(\.id), targets.indices),
        uniquingKeysWith: { first, _ in first }
      )
      tallies = Array(repeating: Tally(), count: targets.count)
      parts = []
      for gate in run.suite.gates {
        let filter = gate.filter.ofAnyTarget
        if filter != Gate.Filter(), !parts.contains(where: { $0.filter == filter }) {
          parts.append(Part(filter, of: run.suite))
        }
      }
    }

    /// Takes in one sample, in any order.
    package mutating func add(_ sample: SampleRecord) {
      guard let index = indices[sample.identity.target] else {
        strangers += 1
        return
      }
      load.add(sample)
      let isToBeGraded = graded.contains(sample.identity.caseID)
      tallies[index].add(sample, isToBeGraded: isToBeGraded)
      if baseline != nil {
        answers[sample.identity.target, default: Answers(by: .content)].add(sample)
      }
      looks.add(sample)
      for part in parts.indices where parts[part].contains(sample.identity) {
        parts[part].tallies[index].add(sample, isToBeGraded: isToBeGraded)
      }
    }

    /// Takes in what was added to another builder for the same run, from samples that come later.
    package mutating func add(_ later: Builder) {
      for index in tallies.indices { tallies[index].add(later.tallies[index]) }
      for part in parts.indices {
        for index in tallies.indices {
          parts[part].tallies[index].add(later.parts[part].tallies[index])
        }
      }
      load.add(later.load)
      for (target, others) in later.answers {
        answers[target, default: Answers(by: .content)].add(others)
      }
      looks.add(later.looks)
      strangers += later.strangers
    }

    /// Judges what was added; `strict` makes inconclusive gates count as no verdict.
    package func finish(strict: Bool = false) -> Report {
      var builder = self
      for index in tallies.indices {
        for clock in Metric.Clock.shown { builder.tallies[index].sort(clock) }
      }
      return builder.judged(strict: strict)
    }

    private func judged(strict: Bool) -> Report {
      let judge = BaselineJudge(
        head: run, answers: answers, baseline: baseline, confirmation: confirmation)
      let all = judgedGates(judge)
      let gates = all.filter { !$0.isBeside(run.suite) }
      let unasked = run.suite.unasked
      let measured = zip(run.suite.targets, tallies).filter { !unasked.contains($0.0.id) }
      let named = measured.map { (target: $0.id, tally: $1) }
      let targets = measured.map { TargetSummary($0, $1) }
      let load = load.summary(of: run)
      return Report(
        run: run,
        verdict: Verdict(run: run, tallies: named, gates: gates, strict: strict),
        isStrict: strict,
        gates: gates,
        targets: targets,
        load: load,
        baseline: baseline.map { RunComparison(baseline: $0, head: run, answers: answers) },
        recommendation: recommendation(all),
        suspects: judge.suspects,
        notes: Note.about(run, load, strangers: strangers) + targets.flatMap(Note.about)
          + all.filter { $0.isBeside(run.suite) && !unasked.contains($0.target) }.map(Note.about),
        method: Fact.method(of: run)
      )
    }

    private func recommendation(_ gates: [GateResult]) -> Recommendation? {
      guard let rule = run.suite.recommendation else { return nil }
      let relative = Set(run.suite.gates.filter { $0.against != nil }.map(\.id))
      let nights =
        relative.isDisjoint(with: rule.eligible) ? [] : baseline?.sides.values.flatMap(\.runs) ?? []
      let others = Set((nights + [confirmation?.run].compactMap(\.self)).map(\.id))
      return Recommendation(
        rule,
        from: Recommendation.Evidence(
          run: run, gates: gates,
          tallies: Dictionary(
            zip(run.suite.targets.map(\.id), tallies), uniquingKeysWith: { first, _ in first }),
          looks: looks, expiries: expiries, others: others.sorted()))
    }

    private func judgedGates(_ judge: BaselineJudge) -> [GateResult] {
      let unasked = run.suite.unasked
      return run.suite.gates.flatMap { gate -> [GateResult] in
        if gate.against != nil { return judge.results.filter { $0.gate == gate.id } }
        let filter = gate.filter.ofAnyTarget
        let tallies = parts.first { $0.filter == filter }?.tallies ?? tallies
        return zip(run.suite.targets, tallies)
          .filter { target, _ in
            (gate.filter.target ?? target.id) == target.id && !unasked.contains(target.id)
          }
          .map { target, tally in gate.judge(tally, target: target.id) }
      }
    }
  }

  /// The samples that gates with one `where` look at.
  private struct Part: Sendable {
    let filter: Gate.Filter
    /// Cases that match; nil where every case does.
    private let cases: Set<String>?
    var tallies: [Tally]

    init(_ filter: Gate.Filter, of suite: Suite) {
      self.filter = filter
      tallies = Array(repeating: Tally(), count: suite.targets.count)
      let matching = suite.cases.filter { candidate in
        (filter.caseID ?? candidate.id) == candidate.id
          && (filter.tag.map(candidate.tags.contains) ?? true)
      }
      cases = filter.caseID == nil && filter.tag == nil ? nil : Set(matching.map(\.id))
    }

    func contains(_ sample: SampleIdentity) -> Bool {
      (filter.prompt ?? sample.prompt) == sample.prompt && cases?.contains(sample.caseID) ?? true
    }
  }
}

private extension GateResult {
  /// Whether there was nothing to judge because the suite leaves all that the gate looks at out of its matrix.
  ///
  /// What has vanished since the baseline fails, and is not meant.
  func isBeside(_ suite: Suite) -> Bool {
    guard verdict == .notEvaluable, !suite.exclusions.isEmpty,
      let gate = suite.gates.first(where: { $0.id == gate })
    else { return false }
    return !suite.asks(target, within: gate.filter)
  }
}

private extension Gate.Filter {
  var ofAnyTarget: Gate.Filter {
    var filter = self
    filter.target = nil
    return filter
  }
}

private extension Metric.Clock {
  /// Those of which a summary shows more than one figure, or gates mostly ask for.
  static let shown = [ttft, latency, decodeRate]
}

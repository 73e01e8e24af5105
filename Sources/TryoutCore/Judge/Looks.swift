import TryoutStatistics

/// What targets had answered when somebody looked last, and what comparisons showed each time before.
package struct Looks: Sendable {
  /// By target and by what the questions are called.
  private(set) var answers: [String: Answers] = [:]
  /// How often somebody has looked.
  private(set) var count: Int
  /// How several looks share the chance of a false alarm; nil for one.
  private(set) var design: SequentialDesign?
  /// Samples of a run that is looked at several times, until `Adaptation` has put them in their looks.
  private(set) var unsorted: [SampleRecord] = []
  private let isAdaptive: Bool
  /// Cases whose answers demand a grade.
  private let graded: Set<String>
  /// For each look the p of every bout, as if it were the only one.
  private var shown: [[Contest.Bout.Name: Double]] = []

  /// Of a run: one look at its end, or those of an adaptive one; none where nothing is to be recommended.
  package init(of run: RunRecord) {
    graded = run.suite.gradedCases
    isAdaptive = run.suite.recommendation != nil && run.suite.run.adaptive
    count = run.suite.recommendation != nil && !isAdaptive ? 1 : 0
  }

  /// Several looks at a run of the suite, the first of which is still to come.
  init(_ design: SequentialDesign, in suite: Suite) {
    self.design = design
    graded = suite.gradedCases
    isAdaptive = true
    count = 0
  }

  /// Takes in one sample.
  package mutating func add(_ sample: SampleRecord) {
    if isAdaptive {
      unsorted.append(sample)
    } else if count > 0 {
      sort(sample)
    }
  }

  /// Takes in what later samples of the same run added up to.
  package mutating func add(_ later: Looks) {
    unsorted += later.unsorted
    for (target, others) in later.answers {
      answers[target, default: Answers(by: .names)].add(others)
    }
  }

  /// One more look, after so many more samples.
  mutating func look(at samples: some Sequence<SampleRecord>) {
    for sample in samples { sort(sample) }
    count += 1
  }

  private mutating func sort(_ sample: SampleRecord) {
    answers[sample.identity.target, default: Answers(by: .names)].add(
      sample, isToBeGraded: graded.contains(sample.identity.caseID))
  }

  /// Writes down what the latest look has shown.
  mutating func remember(_ contest: Contest) {
    shown.append(
      Dictionary(
        contest.bouts.compactMap { bout in bout.latestP.map { (bout.name, $0) } },
        uniquingKeysWith: { first, _ in first }))
  }

  /// What a bout's p is worth, given that of the latest look and those of all before it.
  func repeatedP(of bout: Contest.Bout.Name, latest: Double?) -> Double? {
    guard let design else { return latest }
    return design.repeatedP(of: shown.prefix(count - 1).map { $0[bout] } + [latest])
  }
}

import TryoutStatistics

/// What targets had answered each time that somebody looked, the last time all of it.
package struct Looks: Sendable {
  /// By target and by what the questions are called, one for each look.
  private(set) var answers: [[String: Answers]] = []
  /// How several looks share the chance of a false alarm; nil for one.
  private(set) var design: SequentialDesign?
  /// Samples of a run that is looked at several times, until `Adaptation` has put them in their looks.
  private(set) var unsorted: [SampleRecord] = []
  private let isAdaptive: Bool

  /// Of a run: one look at its end, or those of an adaptive one; none where nothing is to be recommended.
  package init(of run: RunRecord) {
    isAdaptive = run.suite.recommendation != nil && run.suite.run.adaptive
    if run.suite.recommendation != nil, !isAdaptive { answers = [[:]] }
  }

  /// Several looks, the first of which is still to come.
  init(_ design: SequentialDesign) {
    self.design = design
    isAdaptive = true
  }

  /// Takes in one sample.
  package mutating func add(_ sample: SampleRecord) {
    if isAdaptive { unsorted.append(sample) }
    for look in answers.indices {
      answers[look][sample.identity.target, default: Answers(by: .names)].add(sample)
    }
  }

  /// Takes in what later samples of the same run added up to.
  package mutating func add(_ later: Looks) {
    unsorted += later.unsorted
    for look in answers.indices {
      for (target, others) in later.answers[look] {
        answers[look][target, default: Answers(by: .names)].add(others)
      }
    }
  }

  /// One more look, at so many samples.
  mutating func look(at samples: some Sequence<SampleRecord>) {
    var seen: [String: Answers] = [:]
    for sample in samples { seen[sample.identity.target, default: Answers(by: .names)].add(sample) }
    answers.append(seen)
  }
}

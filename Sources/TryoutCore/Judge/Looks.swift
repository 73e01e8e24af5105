import TryoutStatistics

/// What targets had answered each time that somebody looked, the last time all of it.
package struct Looks: Sendable {
  /// By target and by what the questions are called, one for each look.
  private(set) var answers: [[String: Answers]]
  /// How several looks share the chance of a false alarm; nil for one.
  let design: SequentialDesign?

  /// The only look of a run, at its end; of a run that recommends nothing, none.
  package init(of run: RunRecord) {
    answers = run.suite.recommendation == nil ? [] : [[:]]
    design = nil
  }

  /// Takes in one sample.
  package mutating func add(_ sample: SampleRecord) {
    for look in answers.indices {
      answers[look][sample.identity.target, default: Answers(by: .names)].add(sample)
    }
  }

  /// Takes in what later samples of the same run added up to.
  package mutating func add(_ later: Looks) {
    for look in answers.indices {
      for (target, others) in later.answers[look] {
        answers[look][target, default: Answers(by: .names)].add(others)
      }
    }
  }
}

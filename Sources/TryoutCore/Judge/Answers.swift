/// What one side of a comparison answered, by what it was asked: one target in one run, or in several.
package struct Answers: Sendable {
  /// When two samples were asked the same.
  package enum Sameness: Sendable {
    /// What was sent is the same to the byte: one target in two runs.
    case content
    /// Prompt and case have the same names: two targets of one run.
    case names
  }

  /// Something that was asked, once or in several repeats.
  package struct Question: Sendable, Hashable, Comparable {
    package let prompt: String
    package let caseID: String
    /// The hash of what was sent; empty where names decide.
    package let content: String

    init(_ identity: SampleIdentity, _ sameness: Sameness) {
      prompt = identity.prompt
      caseID = identity.caseID
      content = sameness == .content ? String(identity.id.prefix { $0 != "." }) : ""
    }

    package static func < (one: Question, other: Question) -> Bool {
      (one.prompt, one.caseID, one.content) < (other.prompt, other.caseID, other.content)
    }
  }

  private let sameness: Sameness
  package private(set) var samples: [Question: [SampleRecord]] = [:]
  /// Questions whose checks demand a grade, so that an answer without one is a gap in what is known.
  private(set) var graded: Set<Question> = []

  package init(by sameness: Sameness) { self.sameness = sameness }

  package var isEmpty: Bool { samples.isEmpty }

  /// Takes in one sample; warm-ups and skipped ones say nothing about the target.
  ///
  /// `isToBeGraded` says that its checks demand a grade.
  package mutating func add(_ sample: SampleRecord, isToBeGraded: Bool = false) {
    guard !sample.identity.warmup, sample.outcome != .skipped else { return }
    var sample = sample
    // Of a long run the texts would be most of the memory.
    sample.reasons = []
    sample.servedModel = nil
    sample.upstream = nil
    let question = Question(sample.identity, sameness)
    samples[question, default: []].append(sample)
    if isToBeGraded { graded.insert(question) }
  }

  /// What all samples add up to.
  var tally: Tally {
    var tally = Tally()
    for (question, samples) in samples {
      for sample in samples { tally.add(sample, isToBeGraded: graded.contains(question)) }
    }
    return tally
  }

  /// Takes in what another part of the run, or another run, answered.
  package mutating func add(_ other: Answers) {
    samples.merge(other.samples, uniquingKeysWith: +)
    graded.formUnion(other.graded)
  }
}

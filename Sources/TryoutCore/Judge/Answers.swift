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

  package init(by sameness: Sameness) { self.sameness = sameness }

  package var isEmpty: Bool { samples.isEmpty }

  /// Takes in one sample; warm-ups and skipped ones say nothing about the target.
  package mutating func add(_ sample: SampleRecord) {
    guard !sample.identity.warmup, sample.outcome != .skipped else { return }
    var sample = sample
    // Of a long run the texts would be most of the memory.
    sample.reasons = []
    sample.servedModel = nil
    sample.upstream = nil
    samples[Question(sample.identity, sameness), default: []].append(sample)
  }

  /// Takes in what another part of the run, or another run, answered.
  package mutating func add(_ other: Answers) {
    samples.merge(other.samples, uniquingKeysWith: +)
  }
}

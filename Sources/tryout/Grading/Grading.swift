import Foundation
import TryoutCore
import TryoutReport
import TryoutStore

/// What judges and programs have to do with the stored answers of one run.
///
/// It happens when the run's own samples are through, so that it disturbs no measurement, and is made of what is
/// stored, so that it can be taken up again and done anew.
struct Grading {
  let suite: Suite
  let store: Store
  let run: String
  /// Nil where programs may not run.
  let programs: ProgramGrader?

  /// What is stored of the run's answers, with their texts.
  func hearing() throws -> Hearing { Hearing(suite, try store.subjects(of: run)) }

  /// Whether a judge or a program has not spoken yet that the suite wants to hear.
  func isPending() throws -> Bool {
    guard suite.asksOthers else { return false }
    let hearing = try hearing()
    let (votes, said) = (try store.votes(of: run), try store.opinions(of: run))
    let plan = hearing.plan(seed: 0)
    return plan.samples.indices.contains { votes.replies[plan.id(of: $0)] == nil }
      || hearing.subjects.contains { subject in
        hearing.programs(for: subject).contains { said[subject.key]?[$0.key] == nil }
      }
  }

  /// Lets programs grade what they have not graded yet, or everything again.
  ///
  /// Once stopped it starts none; cut off, it ends those that run, as if they had never been started.
  func askPrograms(
    again: Bool = false, isStopped: @escaping @Sendable () -> Bool = { false },
    isCut: @escaping @Sendable () -> Bool = { false }
  ) async throws {
    guard let programs else { return }
    let hearing = try hearing()
    let said = again ? [:] : try store.opinions(of: run)
    let work = hearing.subjects.flatMap { subject in
      hearing.programs(for: subject).filter { said[subject.key]?[$0.key] == nil }.map {
        (subject, $0)
      }
    }
    guard !work.isEmpty else { return }
    Console.say("Programs grade \(Format.count(work.count, "answer")).")
    try await withThrowingTaskGroup(of: (Int64, String, Grader.Finding)?.self) { group in
      defer { group.cancelAll() }
      group.addTask {
        // The signals' own stream belongs to the judges that come after.
        while !isCut(), !Task.isCancelled { try? await Task.sleep(for: .milliseconds(50)) }
        return nil
      }
      var waiting = work[...]
      var running = 0
      func start() {
        guard !isStopped(), let (subject, program) = waiting.popFirst() else { return }
        running += 1
        let input = hearing.input(about: subject)
        group.addTask { (subject.key, program.key, await programs.grade(program, input)) }
      }
      for _ in 0..<max(2, ProcessInfo.processInfo.activeProcessorCount) { start() }
      while running > 0, let (key, program, finding) = try await group.next() ?? nil {
        running -= 1
        try store.keep(finding, of: program, about: key)
        if case .ungraded(let why) = finding { Console.say("A program graded nothing: \(why)") }
        start()
      }
    }
  }

  /// Grades all answers by what has been said, and writes what has changed.
  func settle() throws {
    let hearing = try hearing()
    let (votes, opinions) = (try store.votes(of: run), try store.opinions(of: run))
    var changes: [(key: Int64, grade: Grade)] = []
    for subject in hearing.subjects {
      var said: [Check.Program: Grader.Finding] = [:]
      for program in hearing.programs(for: subject) {
        said[program] = opinions[subject.key]?[program.key]
      }
      let grade = hearing.grade(of: subject, replies: votes.replies, said: said)
      if grade != subject.grade { changes.append((subject.key, grade)) }
    }
    try store.regrade(changes)
  }
}

extension Check.Program {
  /// What the store calls it: a hash of its words.
  var key: String {
    let words = JSON.array(words.map { .string($0) }).canonicalText
    return String(SHA256.digest(of: words).hex.prefix(16))
  }
}

private extension Hearing {
  /// What a program is told about an answer: JSON on one line.
  func input(about subject: Subject) -> String {
    let (identity, exchange) = (subject.identity, subject.exchange)
    let input: JSON = [
      "answer": .string(exchange.answer), "reasoning": .string(exchange.reasoning),
      "finish_reason": exchange.finishReason.map { .string($0) } ?? .null,
      "sample_id": .string(identity.id), "target": .string(identity.target),
      "prompt": .string(identity.prompt),
      "case_id": .string(identity.caseID), "repeat": .integer(Int64(identity.repetition)),
      "variables": .object(variables(of: subject).mapValues { .string($0) }),
    ]
    return input.canonicalText + "\n"
  }
}

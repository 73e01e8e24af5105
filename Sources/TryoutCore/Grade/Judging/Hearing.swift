/// An answered sample whose text is at hand, so that others can be asked about it.
package struct Subject: Sendable {
  /// Where the store keeps it.
  package var key: Int64
  package var identity: SampleIdentity
  package var exchange: Exchange
  /// Nil where the text was not kept.
  package var hasText: Bool
  package var grade: Grade

  package init(
    key: Int64, identity: SampleIdentity, exchange: Exchange, hasText: Bool = true, grade: Grade
  ) {
    self.key = key
    self.identity = identity
    self.exchange = exchange
    self.hasText = hasText
    self.grade = grade
  }
}

/// Who else is to grade a run's answers, and what becomes of the grades once they have spoken.
package struct Hearing: Sendable {
  package let suite: Suite
  package let subjects: [Subject]
  private let cases: [String: Case]
  private let prompts: [String: Prompt]
  private let targets: [String: Target]

  package init(_ suite: Suite, _ subjects: [Subject]) {
    self.suite = suite
    cases = Dictionary(suite.cases.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    prompts = Dictionary(suite.prompts.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    targets = Dictionary(suite.targets.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    self.subjects = subjects
  }

  /// What judges are to be asked about a sample, by the judge's id; warm-ups are not judged.
  package func questions(about subject: Subject) -> [String: JudgeQuestion] {
    guard let item = cases[subject.identity.caseID], let prompt = prompts[subject.identity.prompt],
      let target = targets[subject.identity.target], subject.hasText, !subject.identity.warmup
    else { return [:] }
    var questions: [String: JudgeQuestion] = [:]
    for case .judge(let id, _) in item.testsOfOthers where questions[id] == nil {
      guard let judge = suite.judges.first(where: { $0.id == id }),
        suite.refusal(of: judge, toGrade: target) == nil
      else { continue }
      let asked = Question(
        account: suite.account(of: target), model: target.model,
        system: prompt.system?.rendered(with: item.variables),
        user: prompt.user.rendered(with: item.variables))
      questions[id] = JudgeQuestion(judge, about: subject.exchange.answer, to: asked, in: suite)
    }
    return questions
  }

  /// The programs that are to grade a sample.
  package func programs(for subject: Subject) -> [Check.Program] {
    guard subject.hasText, !subject.identity.warmup else { return [] }
    return (cases[subject.identity.caseID]?.testsOfOthers ?? []).compactMap { test in
      if case .command(let program) = test { program } else { nil }
    }
  }

  /// The variables of a sample's case.
  package func variables(of subject: Subject) -> [String: String] {
    cases[subject.identity.caseID]?.variables ?? [:]
  }

  /// The votes to be asked for, as a plan that the scheduler carries out like any other; equal questions once.
  ///
  /// `elapsed` is what the run has used of a budget of time.
  package func plan(seed: UInt64, elapsed: Duration = .zero) -> Plan {
    var judging = suite
    judging.prompts = suite.judges.map {
      Prompt(id: $0.id, system: Template("{{ system }}"), user: Template("{{ question }}"))
    }
    judging.cases = []
    judging.exclusions = []
    judging.run.load = .closed
    judging.run.warmup = 0
    judging.run.budget.wall = suite.run.budget.wall.map { $0 - elapsed }
    var cells: [Plan.Cell] = []
    var votes: [Plan.Sample] = []
    var seen: Set<UInt64> = []
    for subject in subjects {
      for (id, question) in questions(about: subject).sorted(by: { $0.key < $1.key }) {
        guard let target = suite.targets.firstIndex(where: { $0.id == question.judge.target }),
          let prompt = suite.judges.firstIndex(where: { $0.id == id }),
          seen.insert(question.digest).inserted
        else { continue }
        let variables = ["question": question.user, "system": question.system]
        judging.cases.append(Case(id: subject.identity.id, variables: variables))
        let cell = Plan.Cell(
          target: Int32(target), prompt: Int32(prompt), caseIndex: Int32(judging.cases.count - 1),
          digest: question.digest)
        votes += (1...question.judge.votes).map {
          Plan.Sample(cell: Int32(cells.count), repetition: Int32($0), warmup: false)
        }
        cells.append(cell)
      }
    }
    return Plan(judging: judging, seed: seed, cells: cells, votes: votes)
  }

  /// The grade of a sample by its case's checks as they are now; as it is where the text was not kept.
  ///
  /// `replies` are those of judges by the ids of their votes; `said` is what programs have said.
  package func grade(
    of subject: Subject, replies: [String: String], said: [Check.Program: Grader.Finding]
  ) -> Grade {
    guard let item = cases[subject.identity.caseID], subject.hasText else { return subject.grade }
    var opinions: Grader.Opinions = [:]
    let questions = questions(about: subject)
    for test in item.testsOfOthers {
      switch test {
      case .judge(let id, let least):
        if let question = questions[id] {
          opinions[test] = question.judge.finding(
            atLeast: least, replies: question.voteIDs.map { replies[$0] })
        } else if let why = refusal(of: id, toGrade: subject) {
          opinions[test] = .ungraded(why)
        }
      case .command(let program): opinions[test] = said[program]
      default: break
      }
    }
    return Grader.grade(subject.exchange, of: item, opinions: opinions)
  }

  private func refusal(of judge: String, toGrade subject: Subject) -> String? {
    guard let judge = suite.judges.first(where: { $0.id == judge }),
      let target = targets[subject.identity.target]
    else { return nil }
    return suite.refusal(of: judge, toGrade: target)
  }

  /// Why an answer stays ungraded whose text is gone.
  package static let noText = "the checks have changed and this answer was not kept"
}

import ArgumentParser
import TryoutCore
import TryoutReport
import TryoutStore

struct Show: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look into a run: its samples, or one sample with its attempts, answers and votes.",
    discussion: """
        tryout show                             every sample of the latest run
        tryout show --failed                    only those that failed or were not answered
        tryout show --sample 3f9a.1             one sample, by the beginning of its id and its repeat
      """
  )

  @OptionGroup var run: RunArgument
  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "One sample: its id, or the beginning of it, with .N for its repeat.")
  var sample: String?

  @Flag(help: "Only samples that failed a check or were not answered.")
  var failed = false

  func validate() throws {
    if sample != nil, failed {
      throw ValidationError("--failed and --sample contradict each other.")
    }
  }

  func run() async throws {
    try await reportingErrors {
      let text = try store.reading { store in
        let record = try store.run(run.run)
        return try sample.map { try one($0, of: record, store) } ?? all(of: record, store)
      }
      try output.json ? Console.data(text) : Console.text(text)
    }
  }

  private func all(of run: RunRecord, _ store: Store) throws -> String {
    var rows: [SampleRecord] = []
    try store.forEachSample(of: run.id) { sample in
      if !failed || sample.outcome != .pass && sample.outcome != .ungraded { rows.append(sample) }
    }
    if output.json { return JSON.array(rows.map(\.json)).canonicalText + "\n" }
    return TextTable.render(
      header: ["sample", "target", "prompt", "case", "#", "outcome", "latency", "tries", "why"],
      rows: rows.map { row in
        let id = row.identity
        return [
          id.id, id.target, id.prompt, id.caseID, "\(id.repetition)\(id.warmup ? "w" : "")",
          row.outcome.rawValue, row.latency.map(Format.time) ?? "n/a",
          "\(row.attempts)", row.reasons.first ?? "",
        ]
      }
    )
  }

  /// Whether a name begins an id, or begins its digest and names the repeat behind it: `3f9a.2`.
  private func isMeant(_ id: String, by name: String) -> Bool {
    let (parts, written) = (id.split(separator: "."), name.split(separator: "."))
    guard parts.count == 2, written.count == 2 else { return id.hasPrefix(name) }
    return parts[0].hasPrefix(written[0]) && parts[1] == written[1]
  }

  private func one(_ name: String, of run: RunRecord, _ store: Store) throws -> String {
    var matches: [SampleRecord] = []
    try store.forEachSample(of: run.id) {
      if isMeant($0.identity.id, by: name) { matches.append($0) }
    }
    if let exact = matches.first(where: { $0.identity.id == name }) { matches = [exact] }
    guard let sample = matches.first else {
      throw UserError(.usage, "Run \(run.id) has no ended sample \(name).")
    }
    guard matches.count == 1 else {
      let ids = matches.prefix(4).map(\.identity.id).joined(separator: ", ")
      let more = matches.count > 4 ? " and \(matches.count - 4) more" : ""
      throw UserError(.usage, "\(name) may be any of \(ids)\(more). Write more of it.")
    }
    var attempts: [Attempt] = []
    try store.forEachAttempt(of: run.id, sample: sample.identity.id, texts: true) {
      attempts.append($0)
    }
    let view = SampleView(
      sample: sample, attempts: attempts,
      votes: try votes(about: sample, attempts, of: run, store))
    return output.json ? view.json.canonicalText + "\n" : view.text
  }

  /// The attempts at the votes that count for a sample, which it may share with samples that were answered alike.
  private func votes(
    about sample: SampleRecord, _ attempts: [Attempt], of run: RunRecord, _ store: Store
  ) throws -> [Attempt] {
    guard !run.suite.judges.isEmpty,
      let answered = attempts.last(where: { $0.status == .ok })
    else { return [] }
    // What judges are asked depends on neither the key nor the grade.
    let subject = Subject(
      key: 0, identity: sample.identity, exchange: answered.exchange, grade: Grade(sample.outcome))
    var votes: [Attempt] = []
    let questions = Hearing(run.suite, [subject]).questions(about: subject)
    for question in questions.sorted(by: { $0.key < $1.key }).map(\.value) {
      for id in question.voteIDs {
        try store.forEachAttempt(of: run.id, sample: id, votes: true, texts: true) {
          votes.append($0)
        }
      }
    }
    return votes
  }
}

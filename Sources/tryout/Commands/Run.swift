import ArgumentParser
import Foundation
import TryoutCore
import TryoutReport
import TryoutStore
import TryoutSuite

struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ask every target, record every attempt, and compare.",
    discussion: """
      Shows the comparison on stdout and ends with the reason on stderr. Ctrl-C, SIGTERM or SIGHUP once lets requests \
      in flight finish within --grace and saves; twice stops at once. Nothing that was measured is lost either way:

        tryout run suite.yaml --resume

      goes on where the latest run stopped and asks nothing again that was answered. Edit the suite in between, and \
      only what it changed is asked: an edited prompt, a new target, more repeats.
      """
  )

  @Argument(help: "The suite file.")
  var suite: String

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var talk: TalkOptions
  @OptionGroup var gitHub: GitHubOptions

  @Option(
    defaultAsFlag: Run.latest,
    help: ArgumentHelp(
      "Go on with a run, or with the latest one where none is named. Write it after the suite.",
      valueName: "run"
    )
  )
  var resume: String?

  @Option(help: "Only this target; may be repeated.")
  var target: [String] = []

  @Option(help: "Repeats of each target, prompt and case, instead of the suite's.")
  var samples: Int?

  @Option(help: "The seed of the order, instead of the suite's or a drawn one.")
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "How long requests in flight may take to finish once the run is told to stop.",
      valueName: "time"),
    transform: Run.duration)
  var grace = Duration.seconds(30)

  @Option(help: ArgumentHelp("Also write the reports into this folder.", valueName: "folder"))
  var report: String?

  @Option(
    help: ArgumentHelp(
      "What gates compare with: a run's id or name, instead of the latest comparable nights.",
      valueName: "run"
    )
  )
  var baseline: String?

  @Flag(
    help:
      "Measure again what is about to fail against the baseline; only fresh samples make it fail.")
  var confirm = false

  @Flag(help: "An inconclusive gate is no verdict: exit 2.")
  var strict = false

  @Flag(help: "Gates are shown and do not decide the exit code.")
  var reportOnly = false

  @Flag(help: "Let the suite read files outside its own folder.")
  var allowOutside = false

  @Flag(help: "Let the suite run programs: those that print keys, and those that grade.")
  var allowExec = false

  private static let latest = "latest"

  private static func duration(_ text: String) throws -> Duration {
    guard let duration = Units.duration(text) else {
      throw ValidationError("A time is written as in 30s, 500ms or 2min, not as '\(text)'.")
    }
    return duration
  }

  func validate() throws {
    if let samples, samples < 1 { throw ValidationError("--samples must be at least 1.") }
    if resume != nil, seed != nil {
      throw ValidationError("A resumed run keeps its seed; leave out --seed.")
    }
  }

  func run() async throws {
    try await reportingErrors {
      let signals = Signals(
        farewell: "Stopping: requests in flight have \(grace.brief) to finish. "
          + "Once more to stop at once.")
      let folder = try report.map(ReportFolder.init)
      let (session, work, ending) = try await signals.handling { try await carryOut(signals) }
      let store = session.store
      let (report, interruption) = try await judged(work.run.id, session)
      try store.keepRegressions(of: report)
      // Shown first: whatever happens to the files, the comparison was seen.
      try show(report)
      let written = Result {
        try folder?.write(report, from: store, formats: session.suite.reportFormats)
        if gitHub.isWanted { try gitHub.tell(report, isDeciding: !reportOnly) }
      }
      store.close()
      if case .failure = written { Console.say("tryout: \(report.verdict.sentence)") }
      try written.get()
      if let interruption {
        Console.say("tryout: interrupted while measuring again; the run itself is finished")
        throw ExitCode(128 + interruption)
      }
      try conclude(report, ending, signal: signals.first)
    }
  }

  private func carryOut(
    _ signals: Signals
  ) async throws -> (Session, Session.Work, Scheduler.Ending) {
    let suite = try prepared()
    try OpenFiles.allow(suite)
    let keys = try suite.keys(allowExec: allowExec)
    if resume != nil, !FileManager.default.fileExists(atPath: store.path) {
      throw StoreError.missing(path: store.path)
    }
    let store = try Store(path: store.path, mode: .readWrite)
    if let baseline, baseline != History.rolling { _ = try store.run(baseline) }
    let session = Session(
      suite: suite, keys: keys, store: store, signals: signals, narrowed: narrowing, grace: grace,
      isVerbose: talk.verbose, programs: allowExec ? ProgramGrader(besides: self.suite) : nil)
    let work =
      try resume.map { try session.resume($0 == Run.latest ? nil : $0) }
      ?? session.begin(seed: seed)
    let planned = Format.count(work.plan.measuredCount, "sample")
    Console.say("Run \(work.run.id): \(planned), database \(store.path)")
    if resume != nil { Console.say(work.text) }
    guard work.run.state != .finished || !work.isComplete else {
      if suite.asksOthers { try session.grading(of: work.run.id).settle() }
      return (session, work, .complete)
    }
    return (session, work, try await session.carryOut(work))
  }

  private func prepared() throws -> Suite {
    var suite = try loadSuite(suite, allowOutside: allowOutside)
    try suite.keepOnly(targets: target)
    try suite.keepOnly(samples: samples)
    try suite.refuseOverload()
    if !allowExec { try suite.refusePrograms() }
    return suite
  }

  /// The report of a run, whose suspects are measured again where that was asked for, and the signal that ended that.
  private func judged(_ id: String, _ session: Session) async throws -> (Report, Int32?) {
    func report() throws -> Report {
      try Report.make(
        of: session.store.run(id), from: session.store, baseline: baseline, strict: strict)
    }
    let first = try report()
    let isWanted = confirm || session.suite.run.confirm
    guard isWanted, first.run.state == .finished, !first.suspects.isEmpty else {
      return (first, nil)
    }
    let signal = try await session.confirm(first)
    return (try report(), signal)
  }

  private var narrowing: String? {
    target.isEmpty ? nil : target.map { "--target \($0)" }.joined(separator: " ")
  }

  private func show(_ report: Report) throws {
    try output.json
      ? Console.data(JSONRendering().render(report))
      : Console.text(TextRendering(isColoured: output.usesColor).render(report))
  }

  /// The last line says why; the exit code says the same.
  private func conclude(_ report: Report, _ ending: Scheduler.Ending, signal: Int32?) throws {
    let verdict = report.verdict
    if ending.wasBilled {
      let target = "a target that must be free was billed"
      Console.say("tryout: \(target); `tryout show --db \(store.path)` has its answers")
    } else if report.run.state != .finished {
      let condition = ending.isBudget ? "raise the budget in \(suite), then " : ""
      Console.say("tryout: \(condition)resume with `\(resumeCommand(report.run.id))`")
    }
    Console.say("tryout: \(verdict.sentence)")
    let isAboutGates = verdict.code == .gateFailed || verdict.code == .noVerdict
    if reportOnly, isAboutGates, !ending.wasBilled { return }
    let isBilled = ending.wasBilled && verdict.code == .incomplete
    let code = isBilled ? .gateFailed : verdict.code
    if code != .passed { throw ExitCode(code.status(after: signal)) }
  }

  /// What was narrowed must be narrowed again, or the run would go on with the whole suite.
  private func resumeCommand(_ run: String) -> String {
    var words = ["tryout", "run", suite, "--db", store.path, "--resume", run]
    words += target.flatMap { ["--target", $0] }
    if let samples { words += ["--samples", String(samples)] }
    if let report { words += ["--report", report] }
    if let baseline { words += ["--baseline", baseline] }
    for (flag, isSet) in [
      ("--confirm", confirm), ("--strict", strict), ("--report-only", reportOnly),
      ("--allow-outside", allowOutside), ("--allow-exec", allowExec), ("--github", gitHub.isWanted),
    ] where isSet {
      words.append(flag)
    }
    return words.map(shellQuoted).joined(separator: " ")
  }
}

/// A word as a shell takes it literally.
private func shellQuoted(_ word: String) -> String {
  let isPlain = word.allSatisfy {
    $0.isASCII && ($0.isLetter || $0.isNumber || "-_./:=@%+,".contains($0))
  }
  return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
}

private extension Scheduler.Ending {
  /// Whether it ended because a target that must be free was not.
  var wasBilled: Bool {
    if case .paused(.paid, _) = self { true } else { false }
  }

  /// Whether only a larger budget lets the run go on.
  var isBudget: Bool {
    switch self {
    case .paused(.budgetRequests, _), .paused(.budgetUSD, _): true
    default: false
    }
  }
}

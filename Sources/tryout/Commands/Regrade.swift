import ArgumentParser
import Foundation
import TryoutCore
import TryoutReport
import TryoutStore

struct Regrade: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Grade stored answers again: by new checks, prices, gates and judges.",
    discussion: """
      Takes checks, case variables that no prompt uses, prices, judges, gates and the recommendation from SUITE, or \
      grades by what the run has where no suite is named, and lists every sample whose grade has changed. No request \
      is sent: judges are heard as far as their votes are stored, unless --ask lets them be asked.

        tryout regrade 20260105 suite.yaml

      Exits as `tryout gate` does, and as a run does where a signal or a quota keeps --ask from asking all judges.
      """
  )

  @Argument(help: "The run's id or the beginning of it.")
  var run: String

  @Argument(help: "The suite file with the new checks.")
  var suite: String?

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  @Flag(help: "Ask judges for votes that are not stored: requests are sent.")
  var ask = false

  @Flag(help: "Let the suite's `command` checks run programs, also where they have graded before.")
  var allowExec = false

  @Flag(help: "Let the suite read files outside its own folder.")
  var allowOutside = false

  @Flag(help: "An inconclusive gate is no verdict: exit 2.")
  var strict = false

  func validate() throws {
    if allowExec, suite == nil {
      throw ValidationError(
        "Programs run in the folder of the suite: name the suite file beside --allow-exec.")
    }
  }

  func run() async throws {
    try await reportingErrors {
      guard FileManager.default.fileExists(atPath: store.path) else {
        throw StoreError.missing(path: store.path)
      }
      let store = try Store(path: store.path, mode: .readWrite)
      let before = try store.run(run)
      let revised = try suite.map {
        try before.suite.taking(loadSuite($0, allowOutside: allowOutside), of: before)
      }
      let regrading = Regrading(
        run: before, suite: revised ?? before.suite, store: store,
        programs: allowExec ? suite.map(ProgramGrader.init) : nil)
      let outcome = try await regrading.carryOut(asking: ask)
      let report = try Report.make(of: store.run(before.id), from: store, strict: strict)
      store.close()
      try output.json
        ? Console.data(outcome.json(report).canonicalText + "\n") : Console.text(outcome.text)
      try conclude(report.verdict, outcome)
    }
  }

  /// Of what applies the first wins, as with every command: a signal, a failed gate, a pause, no verdict.
  private func conclude(_ verdict: Verdict, _ outcome: Regrading.Outcome) throws {
    Console.say("tryout: \(verdict.sentence)")
    var code = verdict.code
    switch outcome.ending {
    case .complete: break
    case .interrupted where code != .nothingMeasured: code = .interrupted
    case .paused where code == .passed || code == .noVerdict: code = .incomplete
    default: break
    }
    if code != verdict.code, let reason = outcome.reason {
      Console.say("tryout: judges were not all asked: \(reason); --ask goes on with them")
    }
    if code != .passed { throw ExitCode(code.status(after: outcome.signal)) }
  }
}

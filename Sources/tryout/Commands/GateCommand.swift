import ArgumentParser
import TryoutCore
import TryoutReport
import TryoutStore

struct GateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gate",
    abstract: "Judge a run's gates again, offline.",
    discussion: """
      Prints a line for each gate and target and exits as the run did: 0 no gate failed, 1 a gate failed, 2 no \
      verdict, 3 incomplete, 69 nothing was measured, 130 interrupted or killed, whatever by: such a run can be judged \
      as far as it got, and resumed.
      """
  )

  @OptionGroup var run: RunArgument
  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var gitHub: GitHubOptions

  @Option(
    help: ArgumentHelp(
      "Compare with this run, by its id or name; `baseline` means the latest comparable nights.",
      valueName: "run"
    )
  )
  var baseline: String?

  @Flag(help: "An inconclusive gate is no verdict: exit 2.")
  var strict = false

  func run() async throws {
    try await reportingErrors {
      let report = try store.reading { store in
        try Report.make(of: store.run(run.run), from: store, baseline: baseline, strict: strict)
      }
      try output.json
        ? Console.data(JSONRendering().render(report))
        : Console.text(
          TextRendering(isColoured: output.usesColor).render(report, gatesOnly: true))
      if gitHub.isWanted { try gitHub.tell(report) }
      Console.say("tryout: \(report.verdict.sentence)")
      if report.verdict.code != .passed { throw ExitCode(report.verdict.code.rawValue) }
    }
  }
}

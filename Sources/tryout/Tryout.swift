import ArgumentParser
import TryoutTransport

@main
struct Tryout: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tryout",
    abstract: "Benchmark language models against each other over HTTP, inside a quota.",
    discussion: """
      A suite file says what to ask, whom, and what is good enough. `run` asks and records every attempt in one \
      SQLite file; everything else reads that file.

        tryout validate suites/demo.yaml     is the suite right?
        tryout plan suites/demo.yaml         what would it take?
        tryout run suites/demo.yaml          ask, record, compare
        tryout report --format markdown      the comparison again, in another form

      Results go to stdout, talk goes to stderr. The exit code says how it went: 0 no gate failed, 1 a gate \
      failed, 2 no verdict, 3 incomplete and resumable, 64 wrong usage or suite, 69 nothing could be measured, \
      70 internal error, 74 the database or a file cannot be written, 130, 143 or 129 interrupted by SIGINT, SIGTERM \
      or SIGHUP.
      """,
    version: "tryout \(version)",
    subcommands: [
      Run.self, Ask.self, PlanCommand.self, Validate.self, ReportCommand.self, GateCommand.self,
      Regrade.self, Compare.self, Recommend.self, BaselineCommand.self, TrendCommand.self,
      Runs.self, Show.self, Models.self, Doctor.self, AuditCommand.self, Reconcile.self,
      Simulate.self, Serve.self, Selftest.self,
    ]
  )

  static let version = "0.1.0"

  /// Whatever goes wrong, the last line says what: also where words are wrong, for which the parser ends with advice.
  static func main() async {
    CurlTransport.shareHeaps()
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      if exitCode(for: error) == .validationFailure, !(error is ExitCode) {
        let advice = fullMessage(for: error)
        for line in advice.split(separator: "\n", omittingEmptySubsequences: false) {
          Console.say(String(line))
        }
        Console.say("tryout: \(message(for: error))")
        exit(withError: ExitCode.validationFailure)
      }
      exit(withError: error)
    }
  }
}

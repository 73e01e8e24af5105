import ArgumentParser
import Foundation
import TryoutCore
import TryoutReport

struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at everything that a run rests on: what works, and what to do about the rest.",
    discussion: """
      Program, certificates, proxy, database; for each provider the way there, the clocks, the key and what is left of \
      its quota; for each target of a suite whether its model is listed, free, blocked by the account, gated or dead, and \
      what may replace it. No quota is spent, unless --ask asks each target one question, which is recorded as a run.

      Exit code 0: nothing is wrong. 1: something is. 64: a key that the suite wants is not set. 69: no provider can be \
      asked. 74: the database cannot be used.
      """
  )

  @Argument(help: "The suite file (default: the providers whose keys are set).")
  var suite: String?

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  @Flag(help: "Ask each target of the suite one short question, which spends quota.")
  var ask = false

  @Flag(help: "Let the suite's key_command run.")
  var allowExec = false

  @Flag(help: "Let the suite read files outside its own folder.")
  var allowOutside = false

  func validate() throws {
    if ask, suite == nil { throw ValidationError("--ask wants a suite: whom shall it ask?") }
  }

  func run() async throws {
    try await reportingErrors {
      let read = try suite.map { try loadSuite($0, allowOutside: allowOutside) }
      let checkup = Checkup(suite: read, database: store.path, allowExec: allowExec)
      var diagnosis = try await checkup.diagnose()
      if ask, let read, ![64, 69, 74].contains(diagnosis.exitCode) {
        diagnosis.findings += try await OneQuestion(
          suite: read, database: store.path, keys: checkup.keys
        ).findings()
      }
      try show(diagnosis)
      Console.say("tryout: \(diagnosis.sentence)")
      if diagnosis.exitCode != 0 { throw ExitCode(diagnosis.exitCode) }
    }
  }

  private func show(_ diagnosis: Diagnosis) throws {
    if output.json {
      let json: JSON = [
        "findings": .array(diagnosis.findings.map(\.json)),
        "exit_code": .integer(Int64(diagnosis.exitCode)), "sentence": .string(diagnosis.sentence),
      ]
      return try Console.data(json.canonicalText + "\n")
    }
    try Console.text(text(of: diagnosis.findings))
  }

  /// Columns, and under each row what to do: advice is cut nowhere.
  private func text(of findings: [Finding]) -> String {
    let rows = findings.map { finding in
      [finding.state.rawValue, finding.topic.rawValue, finding.subject].map(VisibleText.line)
    }
    let widths = (0..<3).map { column in rows.map { VisibleText.width($0[column]) }.max() ?? 0 }
    func padded(_ row: [String]) -> String {
      zip(row, widths).map { text, width in
        text + String(repeating: " ", count: width - VisibleText.width(text)) + "  "
      }.joined()
    }
    let indent = String(repeating: " ", count: widths.reduce(0, +) + 6)
    return zip(findings, rows).map { finding, row in
      let advice = finding.advice.map { "\(indent)→ \(VisibleText.line($0))\n" } ?? ""
      return padded(row) + VisibleText.line(finding.found) + "\n" + advice
    }.joined()
  }
}

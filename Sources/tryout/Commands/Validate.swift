import ArgumentParser
import Foundation
import TryoutCore
import TryoutReport
import TryoutSuite

struct Validate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say everything that is wrong with a suite, and do nothing else.",
    discussion: """
      Each diagnostic names file, line and column, what was found, what was expected, and what was probably meant. \
      Exits 0 where a run would accept the suite, else 64.
      """
  )

  @Argument(help: "The suite file.")
  var suite: String

  @OptionGroup var output: OutputOptions

  @Flag(help: "Let the suite read files outside its own folder.")
  var allowOutside = false

  func run() async throws {
    try await reportingErrors {
      let result = SuiteReader.read(path: suite, options: .forCommands(allowOutside: allowOutside))
      if output.json {
        try Console.data(JSON.array(result.diagnostics.map(\.json)).canonicalText + "\n")
      } else {
        for diagnostic in result.diagnostics { try Console.text(diagnostic.description + "\n") }
      }
      let errors = result.diagnostics.count { $0.severity == .error }
      guard let read = result.suite else {
        throw UserError(.usage, "\(suite) has \(Format.count(errors, "error")).")
      }
      let plan = Plan(read, seed: 0)
      Console.say(
        "\(suite) is fine: \(Format.count(read.targets.count, "target")), "
          + "\(Format.count(read.prompts.count, "prompt")), "
          + "\(Format.count(read.cases.count, "case")), \(Format.count(plan.measuredCount, "sample"))."
      )
    }
  }
}

private extension Diagnostic {
  var json: JSON {
    var members: [String: JSON] = [
      "severity": .string(severity.rawValue), "file": .string(file),
      "line": .integer(Int64(line)), "column": .integer(Int64(column)),
      "message": .string(message),
    ]
    members["expected"] = expected.map { .string($0) }
    members["advice"] = advice.map { .string($0) }
    return .object(members)
  }
}

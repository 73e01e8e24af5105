import ArgumentParser
import Foundation
import TryoutCore
import TryoutStatistics
import TryoutStore

struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what a run would take; no request is sent.",
    discussion: """
      The time is not a formula: the scheduler that runs the suite is played through with imagined answers, under \
      the same limits and counting the requests that the database already has for today.
      """
  )

  @Argument(help: "The suite file.")
  var suite: String

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "Repeats of each target, prompt and case, instead of the suite's.")
  var samples: Int?

  @Option(
    help: ArgumentHelp("How long an answer is imagined to take.", valueName: "seconds")
  )
  var serviceTime = 2.0

  @Flag(help: "Let the suite read files outside its own folder.")
  var allowOutside = false

  func validate() throws {
    if let samples, samples < 1 { throw ValidationError("--samples must be at least 1.") }
    if !(0.001...3600).contains(serviceTime) {
      throw ValidationError("--service-time must be between 0.001 and 3600.")
    }
  }

  func run() async throws {
    try await reportingErrors {
      var suite = try loadSuite(suite, allowOutside: allowOutside)
      try suite.keepOnly(samples: samples)
      let anchor = wallClock()
      let preview = Preview(
        plan: Plan(suite, seed: suite.run.seed ?? 0),
        anchor: anchor,
        serviceTime: .seconds(serviceTime),
        prior: try ledger(of: suite, anchor: anchor)
      )
      try Console.data(output.json ? preview.json.canonicalText + "\n" : preview.text)
      for sentence in suite.unsupported { Console.say("`tryout run` will refuse: \(sentence)") }
    }
  }

  private func ledger(of suite: Suite, anchor: Int64) throws -> [Scheduler.Prior] {
    guard FileManager.default.fileExists(atPath: store.path) else { return [] }
    return try store.reading { try $0.ledger(of: suite, anchor: anchor) }
  }
}

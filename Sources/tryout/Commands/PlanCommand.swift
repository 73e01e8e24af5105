import ArgumentParser
import Foundation
import TryoutCore
import TryoutStore

struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what a run would take; no request is sent.",
    discussion: """
      The time is not a formula: the scheduler that runs the suite is played through with imagined answers, under \
      the same limits and counting the requests that the database already has for today. How long answers take, what \
      they cost and how much they differ is taken from earlier runs of the suite in the database, where there are some.

        tryout plan suite.yaml --resume

      says what a resumed run would still ask: samples are told apart by what is really sent.
      """
  )

  @Argument(help: "The suite file.")
  var suite: String

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  @Option(
    defaultAsFlag: PlanCommand.latest,
    help: ArgumentHelp(
      "Plan what is left of a run, or of the latest one where none is named. Write it after the suite.",
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
      "How long an answer is imagined to take (default: as in earlier runs, else 2).",
      valueName: "seconds")
  )
  var serviceTime: Double?

  @Flag(help: "Let the suite read files outside its own folder.")
  var allowOutside = false

  private static let latest = "latest"

  func validate() throws {
    if let samples, samples < 1 { throw ValidationError("--samples must be at least 1.") }
    if resume != nil, seed != nil {
      throw ValidationError("A resumed run keeps its seed; leave out --seed.")
    }
    if let serviceTime, !(0.001...3600).contains(serviceTime) {
      throw ValidationError("--service-time must be between 0.001 and 3600.")
    }
  }

  func run() async throws {
    try await reportingErrors {
      var suite = try loadSuite(suite, allowOutside: allowOutside)
      try suite.keepOnly(targets: target)
      try suite.keepOnly(samples: samples)
      let preview = Preview(suite, seed: seed, try circumstances(of: suite))
      try output.json
        ? Console.data(preview.json.canonicalText + "\n") : Console.text(preview.text)
    }
  }

  private func circumstances(of suite: Suite) throws -> Preview.Circumstances {
    var circumstances = Preview.Circumstances(
      anchor: wallClock(), serviceTime: serviceTime.map { .seconds($0) })
    // Without a database there is nothing to know, but nothing to resume either.
    guard resume != nil || FileManager.default.fileExists(atPath: store.path) else {
      return circumstances
    }
    try store.reading { store in
      circumstances.prior = try store.ledger(of: suite, anchor: circumstances.anchor)
      circumstances.experience = try store.experience(of: suite)
      circumstances.listings = try store.listings(of: suite)
      for account in suite.accounts {
        guard let reading = try store.keyReading(of: account),
          Catalogue.day(of: reading.takenAt) == Catalogue.day(of: circumstances.anchor)
        else { continue }
        circumstances.readings[account.id] = reading
      }
      guard let resume else { return }
      let run = try store.run(toResume: resume == PlanCommand.latest ? nil : resume, of: suite)
      circumstances.resumed = (run, try store.done(of: run.id))
    }
    return circumstances
  }
}

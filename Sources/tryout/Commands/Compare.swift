import ArgumentParser
import TryoutCore
import TryoutReport
import TryoutStore
import TryoutSuite

struct Compare: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare two runs, question by question.",
    discussion: """
      What was sent to the byte is paired: times by their ratios, passes by McNemar's test, all tests as one family. \
      Failures rank above every success. Exits with 1 where the second run is shown to be worse, with 2 where nothing \
      can be compared.

        tryout compare 20261122T023000Z-1a2b latest
        tryout compare release-3 latest          a run that `baseline pin` named
        tryout compare baseline latest           the latest comparable nights
        tryout compare release-3 --min-effect 5% what is smaller is said and not counted
      """
  )

  @Argument(help: "The run to compare with: an id or its beginning, a name, or `baseline`.")
  var base: String

  @Argument(help: "The run to judge.")
  var head = Store.latest

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "How to print it.")
  var format: Format?

  @Flag(
    help: "Compare times although what moves them has changed: library, region, hour, concurrency.")
  var force = false

  @Option(
    help: ArgumentHelp(
      "The smallest difference that counts (default: what the suite's gates against the baseline let pass, else any).",
      valueName: "share"))
  var minEffect: String?

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, markdown, csv, json, html }

  func validate() throws {
    if minEffect != nil, minimum == nil {
      throw ValidationError("--min-effect is a percentage below 100, such as 5%, or 0% for any.")
    }
    if output.json, let format, format != .json {
      throw ValidationError("--json and --format \(format.rawValue) contradict each other.")
    }
  }

  func run() async throws {
    try await reportingErrors {
      let comparison = try store.reading { store in
        let head = try store.run(head)
        let history = History(store: store)
        return RunComparison(
          baseline: try history.baseline(base, for: head), head: head,
          answers: try history.answers(of: head), force: force, minimum: minimum)
      }
      let form = format ?? (output.json ? .json : .text)
      let text = render(comparison, form)
      try form == .text ? Console.text(text) : Console.data(text)
      let outcome = comparison.outcome
      Console.say("tryout: \(outcome.sentence)")
      if outcome.code != .passed { throw ExitCode(outcome.code.rawValue) }
    }
  }

  private var minimum: MinimumEffect? {
    guard let minEffect, minEffect.hasSuffix("%"), let share = Units.share(minEffect), share < 1
    else { return nil }
    return MinimumEffect(share: share)
  }

  private func render(_ comparison: RunComparison, _ form: Format) -> String {
    switch form {
    case .text: TextRendering(isColoured: output.usesColor).render(comparison)
    case .markdown: MarkdownRendering().render(comparison)
    case .csv: CSVRendering().render(comparison)
    case .json: JSONRendering().render(comparison)
    case .html: HTMLRendering().render(comparison)
    }
  }
}

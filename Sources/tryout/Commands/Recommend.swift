import ArgumentParser
import TryoutCore
import TryoutReport
import TryoutStore

struct Recommend: AsyncParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, openrouter, litellm, env
  }

  static let configuration = CommandConfiguration(
    abstract: "Say which target should be the default, what stands in for it, and why.",
    discussion: """
      By `recommend:` of the run's suite, from the database alone. The current default stays unless another is shown to \
      be better. Exits with 0 where a default is recommended, 1 where every target is shown not to pass, 2 where the \
      samples do not suffice, 3 where the run is not finished.

        tryout recommend
        tryout recommend --format openrouter     "model" and "models" of a request's body
        tryout recommend --format litellm        a proxy's configuration
        tryout recommend --format env            variables for a shell: models, base URLs, names of keys
      """
  )

  @OptionGroup var run: RunArgument
  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "How to print it.")
  var format: Format?

  @Option(
    help: ArgumentHelp(
      "What gates compare with: a run's id or name, instead of the latest comparable nights.",
      valueName: "run"
    )
  )
  var baseline: String?

  func validate() throws {
    if output.json, let format, format != .json {
      throw ValidationError("--json and --format \(format.rawValue) contradict each other.")
    }
  }

  func run() async throws {
    try await reportingErrors {
      let report = try store.reading { store in
        try Report.make(of: store.run(run.run), from: store, baseline: baseline)
      }
      guard let text = report.recommendationText else {
        throw UserError(
          .usage,
          "The suite of run \(report.run.id) has no `recommend:`. Add one, such as `recommend: { rank_by: [latency] }`, "
            + "then `tryout regrade \(report.run.id) SUITE`.")
      }
      try show(text)
      let outcome = text.outcome
      if let until = text.believedUntil, until < timestamp(wallClock()).prefix(10) {
        Console.say("The verdict was to be believed until \(until): measure again.")
      }
      Console.say("tryout: \(outcome.sentence)")
      if outcome.code != .passed { throw ExitCode(outcome.code.rawValue) }
    }
  }

  private func show(_ text: RecommendationText) throws {
    let form: RecommendationExport.Form
    switch format ?? (output.json ? .json : .text) {
    case .text:
      return try Console.text(TextRendering(isColoured: output.usesColor).render(text))
    case .json: return try Console.data(JSONRendering().render(text))
    case .openrouter: form = .openrouter
    case .litellm: form = .litellm
    case .env: form = .env
    }
    // Without a default there is nothing to configure, and the exit code says so.
    guard let choice = text.recommendation.choice else { return }
    guard let export = RecommendationExport(text, as: form) else {
      throw UserError(
        .usage,
        "\(choice) is not asked through OpenRouter. `--format litellm` or `--format env` can name it."
      )
    }
    try Console.data(export.text)
    for remark in export.remarks { Console.say(remark) }
  }
}

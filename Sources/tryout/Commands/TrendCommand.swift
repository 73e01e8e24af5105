import ArgumentParser
import TryoutCore
import TryoutReport
import TryoutStore

struct TrendCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trend",
    abstract: "Show how a suite's targets fared from night to night, and when that changed.",
    discussion: """
      Nights are the finished runs of a suite. A change can show from some eight nights on, when three lie behind it; what \
      is too small or too late for that is a matter for gates against a baseline. What the provider's list said otherwise of a target's \
      model since the night before stands below them, as far as snapshots or runs have read the list.
      """
  )

  @Argument(help: "The suite's name (default: that of the latest run).")
  var suite: String?

  @Option(help: "The latest nights, so many of them.")
  var nights = 30

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (1...1000).contains(nights) else {
      throw ValidationError("--nights must lie between 1 and 1000.")
    }
  }

  func run() async throws {
    try await reportingErrors {
      let rendering = try store.reading { store in
        let name = try suite ?? store.run().suite.name
        let ids = try store.nights(ofSuite: name, atMost: nights)
        guard !ids.isEmpty else {
          throw UserError(
            .usage,
            "\(store.path) holds no finished run of suite \(name). `tryout runs` lists them.")
        }
        return TrendRendering(suite: name, try trends(of: ids.reversed(), in: store))
      }
      try output.json ? Console.data(rendering.json) : Console.text(rendering.text)
    }
  }

  private func trends(of ids: [String], in store: Store) throws -> [Trend] {
    let history = History(store: store)
    var targets: [String] = []
    var nights: [String: [(run: RunRecord, answers: Answers)]] = [:]
    for id in ids {
      let run = try store.run(id)
      let answers = try history.answers(of: run)
      for target in run.suite.targets.map(\.id) {
        guard let answers = answers[target] else { continue }
        if nights[target] == nil { targets.append(target) }
        nights[target, default: []].append((run, answers))
      }
    }
    return Trend.family(
      try targets.map { target in
        let nights = nights[target] ?? []
        return Trend.Course(
          target, nights: nights,
          catalogue: try history.catalogueChanges(of: target, in: nights.map(\.run)))
      })
  }
}

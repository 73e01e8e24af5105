import ArgumentParser
import TryoutCore
import TryoutReport
import TryoutStore

struct ReportCommand: AsyncParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, markdown, csv, json, html, junit
  }

  enum Rows: String, ExpressibleByArgument, CaseIterable { case targets, samples, attempts }

  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Print the comparison of a run.",
    discussion: """
      Made from the database alone, so the same database gives the same bytes today and next year.

        tryout report --format markdown --output report.md
        tryout report --format csv --rows attempts
        tryout report --format html --output report.html     one page that needs nothing else
        tryout report --format junit --output junit.xml      gates as tests, for CI systems
      """
  )

  @OptionGroup var run: RunArgument
  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var gitHub: GitHubOptions

  @Option(help: "How to print it.")
  var format: Format?

  @Option(help: "What a CSV row is.")
  var rows: Rows?

  @Option(
    name: .customLong("output"),
    help: ArgumentHelp("Write to this file instead of stdout.", valueName: "file")
  )
  var file: String?

  @Option(
    help: ArgumentHelp(
      "Compare with this run, by its id or name; `baseline` means the latest comparable nights.",
      valueName: "run"
    )
  )
  var baseline: String?

  @Flag(help: "Say `no verdict` where a gate is inconclusive.")
  var strict = false

  func validate() throws {
    if output.json, let format, format != .json {
      throw ValidationError("--json and --format \(format.rawValue) contradict each other.")
    }
    if rows != nil, format != .csv { throw ValidationError("--rows is only for --format csv.") }
  }

  func run() async throws {
    try await reportingErrors {
      let text = try store.reading { store in
        let record = try store.run(run.run)
        var made: Report?
        func report() throws -> Report {
          let report =
            try made ?? Report.make(of: record, from: store, baseline: baseline, strict: strict)
          made = report
          return report
        }
        let text: String
        switch (format ?? (output.json ? .json : .text), rows ?? .targets) {
        case (.csv, .samples): text = try store.csvOfSamples(of: record.id)
        case (.csv, .attempts): text = try store.csvOfAttempts(of: record.id)
        case (let format, _): text = render(try report(), format)
        }
        if gitHub.isWanted { try gitHub.tell(try report()) }
        return text
      }
      let isForPeople = (format ?? (output.json ? .json : .text)) == .text
      if let file {
        try writeFile(text, to: file)
      } else {
        try isForPeople ? Console.text(text) : Console.data(text)
      }
    }
  }

  private func render(_ report: Report, _ format: Format) -> String {
    switch format {
    case .text: TextRendering(isColoured: output.usesColor && file == nil).render(report)
    case .markdown: MarkdownRendering().render(report)
    case .csv: CSVRendering().render(report)
    case .json: JSONRendering().render(report)
    case .html: HTMLRendering().render(report)
    case .junit: JUnitRendering().render(report)
    }
  }
}

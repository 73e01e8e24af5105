import TryoutCore

/// What is known while a suite is read, section by section; each may refer to earlier ones.
struct Reader {
  let folder: SuiteFolder
  let collector: Collector
  /// What is wrong with a simulator's script.
  let scriptProblem: (@Sendable (String) -> SuiteReader.ScriptProblem?)?

  var accountNames = Names("account")
  var limitNames = Names("limit")
  var targetNames = Names("target")
  var judgeNames = Names("judge")
  var promptNames = Names("prompt")
  var caseNames = Names("case")
  var gateNames = Names("gate")

  var accounts: [Account] = []
  var limits: [Limit] = []
  var targets: [Target] = []
  var judges: [Judge] = []
  var prompts: [WrittenPrompt] = []
  var cases: [WrittenCase] = []
  var suiteChecks: [WrittenCheck] = []
  var exclusions: [Exclusion] = []
  var gates: [Gate] = []
  var defaultParameters: [String: JSON] = [:]
  var streamsByDefault = true
  /// Where the samples of an adaptive run are written.
  var adaptive: Cursor?
  /// Where the load is written.
  var load: Cursor?

  init(
    folder: SuiteFolder, collector: Collector,
    scriptProblem: (@Sendable (String) -> SuiteReader.ScriptProblem?)?
  ) {
    self.folder = folder
    self.collector = collector
    self.scriptProblem = scriptProblem
  }

  private static let keys = [
    "version", "suite", "description", "accounts", "limits", "targets", "defaults", "prompts",
    "cases", "matrix", "checks", "judges", "run", "gates", "recommend", "report",
  ]

  /// Reads the whole document; the value means something only where no error was collected.
  mutating func suite(from root: Cursor) -> Suite? {
    guard let fields = root.fields(Reader.keys) else { return nil }
    readVersion(fields)
    let name = fields.require("suite", "suite: NAME")?.identifier() ?? ""
    let description = fields["description"]?.text()

    readAccounts(fields["accounts"])
    readLimits(fields["limits"])
    readDefaults(fields["defaults"])
    readTargets(fields.require("targets", "a list such as targets: [openrouter:MODEL]"))
    readJudges(fields["judges"])
    readPrompts(fields.require("prompts", "a list such as prompts: [\"Say hello.\"]"))
    suiteChecks = fields["checks"].map { readChecks($0) } ?? []
    readCases(fields["cases"])
    let run = readRun(fields["run"])
    if run.load != .closed { shareConcurrency(of: run) }
    readMatrix(fields["matrix"], samples: run.samples, at: root)
    checkVariables()
    warnOfUncheckedCases(at: fields["cases"] ?? root)
    readGates(fields["gates"])
    let recommendation = fields["recommend"].flatMap { readRecommendation($0) }
    let formats = fields["report"].map { readReport($0) } ?? []
    accountNames.warnOfUnused(collector: collector)
    limitNames.warnOfUnused(collector: collector)
    judgeNames.warnOfUnused(collector: collector)

    var suite = Suite(
      name: name,
      description: description,
      accounts: accounts,
      limits: limits,
      targets: targets,
      prompts: prompts.map(\.prompt),
      cases: cases.map(\.value),
      exclusions: exclusions,
      judges: judges,
      run: run,
      gates: gates,
      recommendation: recommendation,
      reportFormats: formats
    )
    settleSamples(of: &suite)
    checkLoad(of: suite)
    warnOfJudges(of: suite, at: fields["judges"])
    warnOfUnasked(in: suite, at: fields["matrix"])
    refuseForgetting(suite, at: fields["run"])
    return suite
  }

  private func readVersion(_ fields: Fields) {
    guard let cursor = fields.require("version", "version: 1"), let text = cursor.text("1"),
      text != "1"
    else { return }
    cursor.error("unknown version \(quoted(text))", expected: "version: 1")
  }

  private mutating func readDefaults(_ cursor: Cursor?) {
    guard let fields = cursor?.fields(["stream", "params"]) else { return }
    streamsByDefault = fields["stream"].flatMap { $0.bool() } ?? true
    defaultParameters = fields["params"].map { readParameters($0) } ?? [:]
  }

  private func readReport(_ cursor: Cursor) -> [String] {
    guard let formats = cursor.fields(["formats"])?["formats"] else { return [] }
    let known = ["markdown", "csv", "html", "json", "junit"]
    return formats.distinct("a list of formats") { $0.choice(among: known) }
  }
}

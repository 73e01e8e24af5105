import ArgumentParser
import Foundation
import TryoutCore
import TryoutReport
import TryoutStore
import TryoutSuite

struct Ask: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ask one prompt of one model, or of several side by side.",
    discussion: """
      Models are written as in suites, provider:model. Each answer is printed under its name with ttft, latency, \
      tokens and cost, on a terminal while it comes. Every attempt is recorded like that of a run, under the same limits.

        tryout ask "Why is the sky blue?" -m simulator:steady -m simulator:fast
        tryout ask "Sum this up." -m openrouter:openai/gpt-oss-20b:free --context notes.md
        tryout ask - --suite suite.yaml --fallback < question.txt

      Ends with 0 where every model answered (with --fallback: one), 1 where one did not, 69 where none could be reached.
      """
  )

  @Argument(help: "The prompt, or - to read it from stdin.")
  var prompt: String

  @Option(
    name: [.customShort("m"), .long],
    help: "A model as provider:model, or a target of --suite; may be repeated.")
  var model: [String] = []

  @Option(
    help: ArgumentHelp("Take targets, accounts and limits from this file.", valueName: "file"))
  var suite: String?

  @Option(help: "What the model shall be, before the prompt.")
  var system: String?

  @Option(
    help: ArgumentHelp(
      "A text file that goes before the prompt; may be repeated.", valueName: "file"))
  var context: [String] = []

  @Option(help: "The most tokens of an answer.")
  var maxTokens: Int?

  @Option(help: "The temperature, 0 to 2.")
  var temperature: Double?

  @Flag(inversion: .prefixedNo, help: "Ask for streams, without which there is no ttft.")
  var stream: Bool?

  @Flag(help: "Ask one model after another until one answers.")
  var fallback = false

  @Flag(help: "Let the suite read files outside its own folder.")
  var allowOutside = false

  @Flag(help: "Let the suite run programs: those that print keys.")
  var allowExec = false

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var talk: TalkOptions

  func validate() throws {
    if let maxTokens, maxTokens < 1 { throw ValidationError("--max-tokens must be at least 1.") }
    if let temperature, !(0...2).contains(temperature) {
      throw ValidationError("--temperature must be between 0 and 2.")
    }
    if let twice = model.indices.first(where: { model[..<$0].contains(model[$0]) }) {
      throw ValidationError(
        "-m \(model[twice]) is named twice, and each is asked once. To ask it more than once, write a suite."
      )
    }
    if suite == nil, model.isEmpty {
      throw ValidationError("Name a model with -m provider:model, such as -m simulator:steady.")
    }
  }

  func run() async throws {
    try await reportingErrors {
      let suite = try asked()
      let keys = try suite.keys(allowExec: allowExec)
      let signals = Signals(
        farewell: "Stopping when the answers under way are there. Once more to stop at once.")
      let store = try Store(path: store.path, mode: .readWrite)
      var session = Session(suite: suite, keys: keys, store: store, signals: signals)
      session.fallsBack = fallback
      session.isVerbose = talk.verbose
      let work = try session.begin(seed: nil)
      let audience = Audience(of: work.plan)
      session.audience = audience
      let ending = try await signals.handling { [session] in
        try await showing(audience, session) { try await session.carryOut(work) }
      }
      let report = try Report.make(of: store.run(work.run.id), from: store)
      if output.json { try Console.data(json(of: work.run.id, audience, store) + "\n") }
      store.close()
      Console.say("Recorded as run \(work.run.id) in \(self.store.path).")
      try conclude(report, ending, signal: signals.first)
    }
  }

  /// Prints answers while the body asks.
  private func showing(
    _ audience: Audience, _ session: Session, _ body: () async throws -> Scheduler.Ending
  ) async throws -> Scheduler.Ending {
    guard !output.json else { return try await body() }
    // A line that comes in pieces could not be told from a command.
    let isLive = Console.isOutputTerminal && !Console.isGitHubJob
    let display = AnswerDisplay(
      session.suite.targets, audience, inTurn: fallback, isLive: isLive,
      isColoured: output.usesColor
    ) { try session.store.listings(of: session.suite) }
    let ending = try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await display.run() }
      let ending = try await body()
      group.cancelAll()
      try await group.waitForAll()
      return ending
    }
    try display.update(isOver: true)
    return ending
  }

  /// The suite of one prompt.
  private func asked() throws -> Suite {
    var suite = try self.suite.map(targets) ?? models()
    for index in suite.targets.indices {
      let account = suite.account(of: suite.targets[index])
      if let temperature { suite.targets[index].parameters["temperature"] = .number(temperature) }
      if let maxTokens {
        suite.targets[index].parameters = account.provider.allowing(
          maxTokens, in: suite.targets[index].parameters, at: account.baseURL)
      }
      if let stream { suite.targets[index].stream = stream }
    }
    suite = suite.asking(try question(), system: system)
    if fallback, !output.json, suite.targets.count == 1 {
      Console.say("--fallback has nothing to fall back to: name more than one model.")
    }
    return suite
  }

  private func models() throws -> Suite {
    let result = SuiteReader.read(models: model)
    for diagnostic in result.diagnostics {
      let parts = [
        diagnostic.message, diagnostic.expected.map { "expected \($0)" }, diagnostic.advice,
      ]
      Console.say(
        "\(diagnostic.severity.rawValue): " + parts.compactMap(\.self).joined(separator: "; "))
    }
    guard let suite = result.suite else { throw UserError(.usage, "Nothing was asked.") }
    return suite
  }

  private func targets(of path: String) throws -> Suite {
    var suite = try loadSuite(path, allowOutside: allowOutside)
    try suite.keepOnly(targets: model)
    // Who only judges is not asked.
    let asked = model.isEmpty ? Set(suite.targets.map(\.id)).subtracting(suite.unasked) : Set(model)
    suite.targets.removeAll { !asked.contains($0.id) }
    // Fallbacks are asked in the order in which they were named.
    let order = Dictionary(uniqueKeysWithValues: zip(model, 0...))
    suite.targets.sort { order[$0.id] ?? .max < order[$1.id] ?? .max }
    return suite
  }

  /// The texts of the context files and the prompt, a blank line between them.
  private func question() throws -> String {
    let texts = try context.map(Ask.text)
    let prompt = prompt == "-" ? try Ask.text(in: .standardInput, named: "stdin") : prompt
    let parts = (texts + [prompt]).map { $0.trimmingCharacters(in: .newlines) }
    guard parts.last?.contains(where: { !$0.isWhitespace }) == true else {
      throw UserError(.usage, "The prompt is empty.")
    }
    return parts.joined(separator: "\n\n")
  }

  /// As much as a suite's prompt may have.
  private static let mostBytes = 4 << 20

  /// The text of a file, or of a pipe that has a path.
  private static func text(at path: String) throws -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw UserError(.usage, "\(path) cannot be opened: \(String(cString: strerror(errno))).")
    }
    return try text(
      in: FileHandle(fileDescriptor: descriptor, closeOnDealloc: true), named: path)
  }

  private static func text(in file: FileHandle, named name: String) throws -> String {
    var data = Data()
    do {
      while data.count <= mostBytes, let next = try file.read(upToCount: mostBytes), !next.isEmpty {
        data.append(next)
      }
    } catch {
      throw UserError(.usage, "\(name) cannot be read. Name a text file.")
    }
    guard data.count <= mostBytes else {
      throw UserError(
        .usage, "\(name) has more than \(mostBytes >> 20) MiB, too much for a prompt.")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw UserError(.usage, "\(name) is no text in UTF-8.")
    }
    return text
  }

  private func json(of run: String, _ audience: Audience, _ store: Store) throws -> String {
    var answers: [JSON] = []
    try store.forEachAttempt(of: run) { attempt in
      var attempt = attempt
      if let exchange = audience.answer(of: attempt.sample.target)?.exchange {
        attempt.exchange = exchange
      }
      guard case .object(var members) = attempt.json else { return }
      members["target"] = .string(attempt.sample.target)
      members["account"] = .string(attempt.account)
      answers.append(.object(members))
    }
    let document: JSON = ["run_id": .string(run), "answers": .array(answers)]
    return document.canonicalText
  }

  private func conclude(_ report: Report, _ ending: Scheduler.Ending, signal: Int32?) throws {
    let verdict = report.verdict
    let answered = report.targets.count { $0.answered > 0 }
    let isGood = answered == report.targets.count || fallback && answered > 0
    guard verdict.code == .passed else {
      Console.say("tryout: \(verdict.sentence)")
      throw ExitCode(verdict.code.status(after: signal))
    }
    let models = Format.count(report.targets.count, "model")
    Console.say("tryout: \(fallback && isGood ? "one of" : "\(answered) of") \(models) answered")
    if !isGood { throw ExitCode(Verdict.Code.gateFailed.rawValue) }
  }
}

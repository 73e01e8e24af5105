import Foundation
import Testing

/// One prompt, several models.
@Suite(.timeLimit(.minutes(1)))
struct AskTests {
  private static let question = "What is the capital of Peru?"

  private struct Document: Decodable {
    struct Answer: Decodable {
      var target: String
      var answer: String
      var failure: String?
      var ttftMs: Double?
      var latencyMs: Double?
      var completionTokens: Int?
      var costUsd: Double?
      var finishReason: String?
    }

    var runId: String
    var answers: [Answer]
  }

  @Test func answersStandUnderTheirNamesInOrder() async throws {
    let folder = try ScratchFolder()
    let outcome = try await folder.tryout(
      "ask", Self.question, "-m", "simulator:slow", "-m", "simulator:fast")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let blocks = outcome.output.components(separatedBy: "\n\n")
    try #require(blocks.count == 3 && blocks[2].isEmpty)
    for (block, name) in zip(blocks, ["slow", "fast"]) {
      let lines = block.split(separator: "\n")
      try #require(lines.count == 3)
      #expect(lines[0] == "── simulator:\(name) ──")
      #expect(lines[1] == "Lima")
      for fact in ["ttft", "latency", "tokens in", "1 out", "$0.00", "stop"] {
        #expect(lines[2].contains(fact), "\(fact) in \(lines[2])")
      }
    }
    #expect(outcome.lastErrors[1] == "tryout: 2 of 2 models answered")
    let run = try await folder.latestRun()
    #expect(run.suite == "ask" && run.state == "finished" && run.requests == 2)
    #expect(try await folder.attempts().map(\.status) == ["ok", "ok"])
  }

  @Test(arguments: [["simulator:fast", "simulator:slow", "simulator:fast"], ["a", "a"]])
  func whoIsNamedTwiceIsRefused(models: [String]) async throws {
    let folder = try ScratchFolder()
    let outcome = try await Command(
      ["ask", Self.question] + models.flatMap { ["-m", $0] }, in: folder
    ).end()
    #expect(outcome.code == 64 && !folder.exists("tryout.db"))
    #expect(outcome.lastErrors[1].contains("-m \(models[0]) is named twice"))
  }

  @Test func jsonHasWhatTheScreenHas() async throws {
    let folder = try ScratchFolder()
    try folder.write("The capital of Peru is where I live.", to: "notes.txt")
    let outcome = try await folder.tryout(
      "ask", "Repeat exactly: hello there", "-m", "simulator:fast", "--context", "notes.txt",
      "--system", "Be brief.", "--max-tokens", "1", "--no-stream", "--json")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let document = try folder.decode(Document.self, outcome.output)
    let answer = try #require(document.answers.first)
    #expect(document.answers.count == 1)
    #expect(answer.target == "simulator:fast")
    #expect(answer.answer == "hello" && answer.finishReason == "length")
    #expect(answer.completionTokens == 1 && answer.costUsd == 0)
    // Without a stream nobody can know when the first token came.
    #expect(answer.ttftMs == nil && answer.latencyMs != nil)
    #expect(try await folder.latestRun().runId == document.runId)
  }

  /// The allowance of the command line takes the place of the suite's, whatever the suite calls it.
  @Test func whatTheLineAllowsReplacesWhatTheSuiteAllows() async throws {
    let server = try RawServer { _, _ in RawServer.completion() }
    let suite = Suites.remote(server.url).replacing(
      "limit: pool }", with: "limit: pool, params: { max_completion_tokens: 400, top_p: 0.5 } }")
    let folder = try ScratchFolder.remote(suite)
    let outcome = try await folder.tryout(
      "ask", Self.question, "--suite", "suite.yaml", "--max-tokens", "5", "--temperature", "0.25")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let request = try #require(server.requests.first)
    for member in [#""max_completion_tokens":5"#, #""temperature":0.25"#, #""top_p":0.5"#] {
      #expect(request.contains(member), "\(request)")
    }
    #expect(!request.contains("\"max_tokens\""))
  }

  @Test(arguments: [
    ("ask hi --context nowhere.txt", "nowhere.txt cannot be opened: No such file"),
    ("ask hi --context .", ". cannot be read"), ("ask hi --context bad", "bad is no text in UTF-8"),
    ("ask hi --context /dev/zero", "/dev/zero has more than 4 MiB"),
    ("ask - < bad", "stdin is no text in UTF-8"),
    ("ask - < /dev/zero", "stdin has more than 4 MiB"),
    ("ask - < /dev/null", "The prompt is empty"), ("ask ' '", "The prompt is empty"),
  ])
  func whatIsNoTextIsRefused(line: String, words: String) async throws {
    let folder = try ScratchFolder()
    try folder.write(Data([0x61, 0xFF]), to: "bad")
    let outcome = try await folder.shell("tryout \(line) -m simulator:fast")
    #expect(outcome.code == 64 && outcome.errors.contains(words), "\(outcome.errors)")
    #expect(!folder.exists("tryout.db"))
  }

  @Test func promptsAndContextsMayComeThroughPipes() async throws {
    let folder = try ScratchFolder()
    let outcome = try await folder.shell(
      "mkfifo notes; echo exactly: >notes & echo 'one two' | tryout ask - -m simulator:fast --context notes"
        + " --system 'Repeat' --verbose")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(
      outcome.errors.contains("→ simulator fast: 23 bytes of prompt, as a stream, {}"),
      "\(outcome.errors)")
    #expect(outcome.errors.contains("← simulator fast: HTTP 200 · ttft "))
  }

  /// A dead model, a busy one, one that answers, and one that is not needed.
  private func folderWithFaults() throws -> ScratchFolder {
    let folder = try ScratchFolder()
    try folder.write(
      """
      version: 1
      models:
        dead: { first_token: 1ms, faults: [{ kind: free_ended, probability: 1 }] }
        busy: { first_token: 1ms, faults: [{ kind: overloaded, probability: 1 }] }
        strict: { first_token: 1ms, faults: [{ kind: auth, probability: 1 }] }
        good: { first_token: 1ms, per_token: 1ms }
      """, to: "script.yaml")
    try folder.write(
      """
      version: 1
      suite: faults
      accounts:
        lab: { provider: simulator, script: script.yaml }
        other: { provider: simulator, script: script.yaml }
      targets:
        - { id: dead, account: lab, model: dead }
        - { id: busy, account: lab, model: busy }
        - { id: strict, account: lab, model: strict }
        - { id: same, account: lab, model: good }
        - { id: good, account: other, model: good }
      prompts: [unused]
      checks: [not_empty]
      """, to: "suite.yaml")
    return folder
  }

  @Test func fallbackWalksTheListAndSaysWhy() async throws {
    let folder = try folderWithFaults()
    let outcome = try await folder.tryout(
      "ask", Self.question, "--suite", "suite.yaml", "--fallback", "-m", "dead", "-m", "busy",
      "-m", "good")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("dead: free_ended"))
    #expect(outcome.errors.contains("Asking busy."))
    #expect(outcome.errors.contains("busy: overloaded"))
    #expect(outcome.errors.contains("Asking good."))
    #expect(outcome.lastErrors[1] == "tryout: one of 3 models answered")
    #expect(outcome.output.contains("── good ──\nLima\n"))
    #expect(try await folder.attempts().map(\.status) == ["failed", "failed", "ok"])
    let run = try await folder.latestRun()
    #expect(run.state == "finished" && run.done == 3)
  }

  /// Whoever only judges is asked where it is named, and only there.
  @Test(arguments: [(["-m", "dead"], 1), ([], 5), (["-m", "judge"], 1)])
  func judgesAreAskedOnlyWhereTheyAreNamed(models: [String], asked: Int) async throws {
    let folder = try folderWithFaults()
    let suite = try folder.text("suite.yaml")
      .replacing("prompts: [", with: "  - { id: judge, account: other, model: good }\nprompts: [")
      .replacing("[not_empty]", with: "[{ id: tone, judge: fair, at_least: 0.5 }]")
    try folder.write(
      suite + """

        matrix: { exclude: [{ target: judge }] }
        judges: { fair: { target: judge, rubric: Fair., votes: 1 } }
        """, to: "suite.yaml")
    let arguments = ["ask", Self.question, "--suite", "suite.yaml", "--json"] + models
    let outcome = try await Command(arguments, in: folder).end()
    #expect(try await folder.latestRun().planned == asked, "\(outcome.errors)")
    #expect(outcome.output.contains("\"judge\"") == models.contains("judge"))
  }

  @Test func fallbackStopsAtTheFirstAnswer() async throws {
    let folder = try folderWithFaults()
    let outcome = try await folder.tryout(
      "ask", Self.question, "--suite", "suite.yaml", "--fallback", "-m", "same", "-m", "good")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(try await folder.attempts().filter { $0.status == "ok" }.count == 1)
    let shown = try await folder.tryout("show")
    #expect(shown.output.contains("same answered"))
    #expect(outcome.output.contains("── good ──\nnot asked\n"))
  }

  @Test func aRefusedKeyIsNoReasonToAskAnotherModelOfTheAccount() async throws {
    let folder = try folderWithFaults()
    let outcome = try await folder.tryout(
      "ask", Self.question, "--suite", "suite.yaml", "--fallback", "-m", "strict", "-m", "same",
      "-m", "good")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("Asking good."))
    #expect(outcome.output.contains("── same ──\nnot asked\n"))
    #expect(outcome.output.contains("── good ──\nLima\n"))
  }

  @Test func codesSayWhoDidNotAnswer() async throws {
    let folder = try folderWithFaults()
    let some = try await folder.tryout(
      "ask", Self.question, "--suite", "suite.yaml", "-m", "busy", "-m", "good")
    #expect(some.code == 1)
    #expect(some.lastErrors[1] == "tryout: 1 of 2 models answered")
    let none = try await folder.tryout(
      "ask", Self.question, "--suite", "suite.yaml", "-m", "strict", "--fallback")
    #expect(none.code == 69, "\(none.errors)")
  }

  /// On a terminal the text is there before the answer is over, which pauses in its middle.
  @Test func aTerminalShowsTheAnswerWhileItComes() async throws {
    let folder = try ScratchFolder()
    try folder.write(
      """
      version: 1
      models: { talker: { first_token: 1ms, per_token: 1ms, faults: [{ kind: stall, after: 3, lasts: 10s }] } }
      """, to: "script.yaml")
    try folder.write(
      """
      version: 1
      suite: slow
      accounts: { lab: { provider: simulator, script: script.yaml } }
      targets: [{ id: talker, account: lab, model: talker }]
      prompts: [unused]
      checks: [not_empty]
      """, to: "suite.yaml")
    let words = "one two three four five six seven eight nine ten eleven twelve"
    let ask = "tryout ask \\\"Repeat exactly: \(words)\\\" --suite suite.yaml"
    // Its own files it would write late.
    let command = try Command(
      ["-c", "script -qec \"\(ask)\" /dev/null | cat"], program: URL(fileURLWithPath: "/bin/sh"),
      in: folder, environment: ["TERM": "dumb"])
    try await waitUntil("half an answer was shown") { command.output.contains("one two three") }
    let half = command.output
    #expect(!half.contains("latency") && !half.contains("twelve"))
    let outcome = try await command.end()
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("\(words)\r\nttft"))
  }
}

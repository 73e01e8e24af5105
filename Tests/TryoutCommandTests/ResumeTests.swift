import Foundation
import Testing

/// Runs that are taken up again with a suite that was edited: the server counts what is really asked.
@Suite(.timeLimit(.minutes(1)))
struct ResumeTests {
  private let server: RawServer
  private let folder: ScratchFolder

  init() throws {
    server = try RawServer { _, _ in RawServer.completion() }
    folder = try .remote(ResumeTests.suite(server.url))
  }

  /// Two prompts, three repeats; the answer is always Lima.
  private static func suite(
    _ url: String, second: String = "And of Japan?", targets: [String] = ["one"],
    check: String = "Lima", keep: String = "answers", samples: Int = 3,
    gate: String = "answered >= 20%"
  ) -> String {
    """
    version: 1
    suite: edited
    accounts:
      there: { provider: openai, base_url: "\(url)", key_env: none }
    limits:
      pool: { account: there, concurrency: 2 }
    targets:
    \(targets.map { "  - { id: \($0), account: there, model: m-\($0), limit: pool }" }.joined(separator: "\n"))
    prompts:
      - { id: first, user: What is the capital of Peru? }
      - { id: second, user: "\(second)" }
    checks: [{ id: right, contains: \(check) }]
    run: { samples: \(samples), keep: \(keep) }
    gates: ["\(gate)"]
    """
  }

  private struct Plan: Decodable {
    struct Resume: Decodable, Equatable {
      var done: Int
      var stale: Int
      var missing: Int
    }
    var resume: Resume?
  }

  private func edit(_ text: String) throws { try folder.write(text, to: "suite.yaml") }

  /// What `plan` says of the resume, which must then send so many requests.
  private func resumes(
    _ arguments: String..., done: Int, stale: Int, missing: Int, code: Int32 = 0,
    location: SourceLocation = #_sourceLocation
  ) async throws -> Command.Outcome {
    let before = server.requests.count
    let plan = try await Command(
      ["plan", "suite.yaml", "--json", "--resume"] + arguments, in: folder
    ).end()
    let resume = try #require(try folder.decode(Plan.self, plan.output).resume)
    #expect(
      resume == Plan.Resume(done: done, stale: stale, missing: missing), sourceLocation: location)
    #expect(server.requests.count == before, "a plan sends nothing", sourceLocation: location)
    let run = try await Command(["run", "suite.yaml", "--resume"] + arguments, in: folder).end()
    #expect(run.code == code, "\(run.errors)", sourceLocation: location)
    #expect(server.requests.count == before + missing, sourceLocation: location)
    return run
  }

  private func start() async throws {
    let run = try await folder.tryout("run", "suite.yaml")
    try #require(run.code == 0, "\(run.errors)")
    #expect(server.requests.count == 6)
  }

  @Test func anEditedPromptMakesOnlyItsSamplesStale() async throws {
    try await start()
    try edit(Self.suite(server.url, second: "And of France?"))
    let resumed = try await resumes(done: 3, stale: 3, missing: 3)
    let rows = try await folder.tryout("report", "--format", "csv", "--rows", "attempts")
    #expect(CommaSeparated(rows.output)["stale"]?.count { $0 == "true" } == 3, "\(rows.output)")
    #expect(resumed.output.contains("3 samples of an earlier version of the suite left out"))
    #expect(server.requests.suffix(3).allSatisfy { $0.contains("France") })
    let row = try await folder.latestRun()
    #expect((row.state, row.planned, row.done, row.requests) == ("finished", 6, 6, 9))
    // They are evidence still, and become samples again where the prompt does.
    #expect(try await folder.attempts().count == 9)
    try edit(Self.suite(server.url))
    _ = try await resumes(done: 6, stale: 3, missing: 0)
    #expect(try await folder.latestRun().done == 6)
  }

  @Test func aNewTargetIsAskedAlone() async throws {
    try await start()
    try edit(Self.suite(server.url, targets: ["one", "two"]))
    _ = try await resumes(done: 6, stale: 0, missing: 6)
    #expect(server.requests.suffix(6).allSatisfy { $0.contains("m-two") })
    #expect(try await folder.latestRun().planned == 12)
    _ = try await resumes("--target", "two", done: 6, stale: 6, missing: 0)
  }

  @Test func moreRepeatsAreAskedAlone() async throws {
    try await start()
    let run = try await resumes("--samples", "5", done: 6, stale: 0, missing: 4)
    #expect(run.errors.contains("6 samples done, 0 stale, 4 to ask"))
    _ = try await resumes("--samples", "2", done: 4, stale: 6, missing: 0)
  }

  @Test func aFinishedRunSendsNothingAndIsJudgedByTheGatesAsTheyAre() async throws {
    try await start()
    let again = try await resumes(done: 6, stale: 0, missing: 0)
    #expect(again.errors.contains("This run is finished; nothing is left to ask."))
    try edit(Self.suite(server.url, gate: "pass_rate <= 1%"))
    let judged = try await resumes(done: 6, stale: 0, missing: 0, code: 1)
    #expect(judged.lastErrors[1].contains("failed"))
    #expect(try await folder.tryout("gate").code == 1)
  }

  @Test func changedChecksGradeWhatWasAnswered() async throws {
    try edit(Self.suite(server.url, gate: "pass_rate >= 50%"))
    try await start()
    try edit(Self.suite(server.url, check: "Tokyo", gate: "pass_rate >= 50%"))
    let resumed = try await resumes(done: 6, stale: 0, missing: 0, code: 1)
    #expect(resumed.errors.contains("6 answers graded by the checks as they are now"))
  }

  @Test func answersThatWereNotKeptCannotBeGradedAnew() async throws {
    try edit(Self.suite(server.url, keep: "nothing"))
    try await start()
    try edit(
      Self.suite(server.url, check: "Tokyo", keep: "nothing", gate: "pass_rate >= 50%"))
    let resumed = try await resumes(done: 6, stale: 0, missing: 0, code: 2)
    #expect(resumed.errors.contains("6 answers cannot be graded by the checks as they are now"))
  }
}

import Foundation
import Testing

/// One quota for all that a database knows of, and what spends it.
@Suite(.timeLimit(.minutes(1)))
struct QuotaTests {
  /// A limited suite for one server, under names of its own.
  private static func suite(
    _ url: String, name: String, limit: String, samples: Int, model: String = "m", run: String = ""
  ) -> String {
    """
    version: 1
    suite: \(name)
    accounts: { \(name): { provider: litellm, base_url: "\(url)", key_env: none } }
    limits: { \(name)-limit: { account: \(name), \(limit), concurrency: 2 } }
    targets: [{ id: it, account: \(name), model: "\(model)", limit: \(name)-limit }]
    prompts: [What is the capital of Peru?]
    checks: [not_empty]
    run:
      samples: \(samples)
      timeout: { connect: 50s, first_token: 50s, stall: 50s, total: 50s }
      \(run)
    """
  }

  /// Two suites that call account and limit otherwise have one day between them.
  @Test func renamedLimitsShareTheDay() async throws {
    let server = try RawServer { _, _ in RawServer.completion() }
    let folder = try ScratchFolder()
    for (name, samples) in [("first", 3), ("second", 9)] {
      try folder.write(
        Self.suite(server.url, name: name, limit: "requests: 5/day", samples: samples, model: name),
        to: "\(name).yaml")
    }
    #expect(try await folder.tryout("run", "first.yaml").code == 0)
    let second = try await folder.tryout("run", "second.yaml")
    #expect(second.code == 3)
    #expect(second.lastErrors[1].contains("the daily quota of second is used up"))
    #expect(second.lastErrors[1].hasSuffix("2 of 9 samples done, 7 left"))
    #expect(server.requests.count == 5)
  }

  /// The second of two runs at once waits for the first, and then knows what it sent: never a sixth request.
  @Test func twoProcessesShareOneQuota() async throws {
    let gate = Gate()
    let server = try RawServer { _, number in
      if number > 2 { gate.wait() }
      return RawServer.completion()
    }
    let folder = try ScratchFolder()
    for (name, samples) in [("first", 4), ("second", 4)] {
      try folder.write(
        Self.suite(server.url, name: name, limit: "requests: 5/day", samples: samples),
        to: "\(name).yaml")
    }
    let first = try Command(["run", "first.yaml"], in: folder)
    try await waitUntil("the first run is in the middle") { server.requests.count == 4 }
    let second = try Command(["run", "second.yaml"], in: folder)
    try await waitUntil("the second run waits") {
      second.errors.contains("which is using the quota of second")
    }
    #expect(server.requests.count == 4)
    gate.open()
    #expect(try await first.end().code == 0)
    let outcome = try await second.end()
    #expect(outcome.code == 3)
    #expect(outcome.lastErrors[1].hasSuffix("1 of 4 samples done, 3 left"))
    #expect(server.requests.count == 5)
  }

  @Test func aWaitingRunCanBeInterruptedAndResumed() async throws {
    let gate = Gate()
    let server = try RawServer { _, number in
      if number == 1 { gate.wait() }
      return RawServer.completion()
    }
    let folder = try ScratchFolder()
    for name in ["first", "second"] {
      try folder.write(
        Self.suite(server.url, name: name, limit: "requests: 50/day", samples: 1),
        to: "\(name).yaml")
    }
    let first = try Command(["run", "first.yaml"], in: folder)
    try await waitUntil("the first run is in the middle") { server.requests.count == 1 }
    let second = try Command(["run", "second.yaml"], in: folder)
    try await waitUntil("the second run waits") { second.errors.contains("Waiting for run") }
    // What comes before the handler is set up is lost, as any signal may be.
    while !second.errors.contains("Stopping") {
      second.send(SIGINT)
      try await Task.sleep(for: .milliseconds(300))
    }
    let interrupted = try await second.end()
    #expect(interrupted.code == 130, "\(interrupted.errors)")
    #expect(server.requests.count == 1)
    gate.open()
    #expect(try await first.end().code == 0)
    #expect(try await folder.tryout("run", "second.yaml", "--resume").code == 0)
    #expect(server.requests.count == 2)
  }

  /// The last of a day is an answer like any other, though its headers say that nothing is left.
  @Test func anAnswerIsKeptWhateverItsHeadersSay() async throws {
    let reset = Int64(Date().timeIntervalSince1970) + 7200
    let server = try RawServer { _, _ in
      let headers = "X-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: \(reset * 1000)\r\nConnection:"
      return RawServer.completion().replacing("Connection:", with: headers)
    }
    let folder = try ScratchFolder()
    try folder.write(
      Self.suite(server.url, name: "it", limit: "concurrency: 1", samples: 3)
        .replacing(", concurrency: 2", with: ""),
      to: "suite.yaml")
    let run = try await folder.tryout("run", "suite.yaml")
    #expect(run.code == 3)
    #expect(run.lastErrors[1].contains("the daily quota of it is used up, resumes at 20"))
    #expect(run.lastErrors[1].hasSuffix("1 of 3 samples done, 2 left"))
    #expect(try await folder.attempts().map(\.status) == ["ok"])
    #expect(server.requests.count == 1)
  }

  /// A refusal for another reason tells as well that nothing is left: nobody is asked only to be refused for that.
  @Test func aFailureMayBeTheLastOfTheDay() async throws {
    let reset = Int64(Date().timeIntervalSince1970) + 7200
    let server = try RawServer { _, _ in
      let headers = "X-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: \(reset)\r\nConnection:"
      return RawServer.response("400 Bad Request", RawServer.error("no such parameter"))
        .replacing("Connection:", with: headers)
    }
    let folder = try ScratchFolder()
    try folder.write(
      Self.suite(server.url, name: "it", limit: "concurrency: 1", samples: 3)
        .replacing(", concurrency: 2", with: ""),
      to: "suite.yaml")
    let run = try await folder.tryout("run", "suite.yaml")
    #expect(run.code == 3, "\(run.errors)")
    #expect(run.lastErrors[1].contains("the daily quota of it is used up, resumes at 20"))
    #expect(run.lastErrors[1].hasSuffix("1 of 3 samples done, 2 left"))
    #expect(server.requests.count == 1)
  }

  /// What a simulated model costs is known before, and a budget holds for it.
  @Test func simulatedPricesArePlannedAndBudgeted() async throws {
    let folder = try ScratchFolder()
    try folder.write("version: 1\nmodels: { fast: { cost_per_token: 0.001 } }\n", to: "sim.yaml")
    try folder.write(
      """
      version: 1
      suite: dear
      accounts: { lab: { provider: simulator, script: sim.yaml } }
      targets: [{ id: it, account: lab, model: fast, params: { max_tokens: 20 } }]
      prompts: [What is the capital of Peru?]
      checks: [not_empty]
      run: { samples: 9, budget: { usd: 0.10 } }
      """, to: "suite.yaml")
    let plan = try await folder.tryout("plan", "suite.yaml")
    #expect(plan.output.contains("it: 9 samples, at most $0.72,"), "\(plan.output)")
    let run = try await folder.tryout("run", "suite.yaml")
    #expect(run.code == 3 && run.lastErrors[1].contains("the budget of $0.1"), "\(run.errors)")
    #expect((1...8).contains(try await folder.latestRun().done))
  }

  /// The server counts what this database does not know of: one refusal for the day is the last request.
  @Test(arguments: [
    ("pause", 3, "the daily quota of lab is used up, resumes at 20"),
    ("drop_target", 0, "gates passed"),
    ("stop", 3, "the daily quota of lab is used up, resumes at 20"),
  ])
  func aRefusalForTheDayIsTheLast(policy: String, code: Int32, words: String) async throws {
    let folder = try ScratchFolder.simulated(
      Suites.simulated(run: ", daily_quota: \(policy)", gates: "answered >= 1%")
        .replacing("concurrency: 2", with: "concurrency: 1"))
    try folder.write("\(Suites.quickScript)\nquotas: [requests: 3/day]\n", to: "quick.yaml")
    let run = try await folder.tryout("run", "suite.yaml")
    #expect(run.code == code)
    #expect(run.lastErrors[1].contains(words), "\(run.errors)")
    let row = try await folder.latestRun()
    #expect(row.requests == 4)
    // Nothing of it counts against the models.
    struct Report: Decodable {
      struct Target: Decodable { var n, answered: Int }
      var targets: [Target]
    }
    let report = try await folder.tryout("report", "--json")
    let targets = try JSONDecoder().decode(Report.self, from: Data(report.output.utf8)).targets
    #expect(targets.map(\.n).reduce(0, +) == 3)
    #expect(targets.map(\.answered).reduce(0, +) == 3)
  }

  /// A dead model costs one call, and nothing else is left to do.
  @Test func nothingButDeadModelsIs69() async throws {
    let folder = try ScratchFolder.simulated(
      Suites.simulated().replacing("concurrency: 2", with: "concurrency: 1")
        .replacing("model: quick", with: "model: gone")
        .replacing("model: dud", with: "model: gone-too"))
    let run = try await folder.tryout("run", "suite.yaml")
    #expect(run.code == 69)
    #expect(run.lastErrors[1].contains("nothing could be measured"))
    #expect(try await folder.runs().map(\.requests) == [2])
  }
}

import Foundation
import Testing

/// Free models die, and some begin to cost: what a run makes of it, with the built tool on both sides.
@Suite(.timeLimit(.minutes(3)))
struct FreeGuardTests {
  private static let key = ["LAB_KEY": "lab-key-of-no-worth"]

  private func suite(_ url: String, _ models: String..., gates: String = "answered >= 90%")
    -> String
  {
    """
    version: 1
    suite: defaults
    accounts:
      lab: { provider: openrouter, base_url: "\(url)", key_env: LAB_KEY }
    limits:
      lab: { account: lab, requests: 40/day, concurrency: 1 }
    targets:
    \(models.map { "  - { id: \"\($0.prefix { $0 != ":" })\", account: lab, model: \"\($0)\", limit: lab }" }
      .joined(separator: "\n"))
    prompts: ["capital of Peru"]
    run: { samples: 3, seed: 1, retry: { attempts: 2, wait: 1ms..2ms } }
    gates: ["\(gates)"]
    """
  }

  private func run(_ folder: ScratchFolder, _ arguments: String...) async throws -> Command.Outcome
  {
    try await Command(["run", "suite.yaml"] + arguments, in: folder, environment: Self.key).end()
  }

  private struct Counts: Decodable {
    struct Key: Decodable {
      struct Free: Decodable { var used: Int }
      var freeModelDailyRequests: Free
    }
    var data: Key
  }

  /// The story: the default answers on one evening and is gone the next morning.
  @Test func aDefaultThatDiedOvernightIsNamedWithWhatReplacesIt() async throws {
    let folder = try ScratchFolder()
    let provider = try await SimulatedProvider(["--openrouter"], in: folder)
    try folder.write(
      suite(provider.url, "acme/large:free", "nova/mini:free", "acme/small:free"), to: "suite.yaml")
    let evening = try await run(folder)
    #expect(evening.code == 0, "\(evening.errors)")
    #expect(evening.errors.contains("lab: 41 of 50 free requests left today, its provider says."))
    try await provider.nextNight()
    let morning = try await run(folder)
    #expect(morning.code == 1)
    let said = morning.lastErrors[1]
    #expect(
      said.hasPrefix(
        "tryout: gates answered >= 90% (acme/large), answered >= 90% (nova/mini) failed. "))
    #expect(said.contains("acme/large is dead (model_gone): "))
    #expect(said.contains("The nearest free model in the catalogue is acme/small:free."))
    #expect(said.contains("nova/mini is dead (free_ended): "))
    #expect(said.contains("The provider names nova/mini instead."))
    // One call each was enough; the one that lives was asked as planned.
    #expect(try await folder.latestRun().requests == 5)
    // Warned before it began, and the same verdict again from the database.
    #expect(morning.errors.contains("acme/large: acme/large:free is not listed"))
    let again = try await folder.tryout("gate")
    #expect(again.code == 1 && again.errors.contains("model_gone"))
    // What the key had left is kept, and a plan tells it.
    let plan = try await folder.tryout("plan", "suite.yaml")
    #expect(plan.output.contains("lab: 36 of 50 free requests left today, its provider said at "))
  }

  @Test func whatTheCatalogueHasPricedIsNotAsked() async throws {
    let folder = try ScratchFolder()
    let provider = try await SimulatedProvider(["--openrouter", "--night", "2"], in: folder)
    try folder.write(suite(provider.url, "zeta/burst:free", "acme/small:free"), to: "suite.yaml")
    let outcome = try await run(folder)
    #expect(outcome.code == 1)
    #expect(
      outcome.lastErrors[1].contains(
        "zeta/burst is dead (free_ended): zeta/burst:free must be free and is listed at $0.1 / $0.1 "
          + "for a million tokens"))
    #expect(outcome.lastErrors[1].contains("It was not asked."))
    // Three to the other, none to this one.
    #expect(outcome.errors.contains("lab: 47 of 50 free requests left today"))
  }

  @Test func withoutACatalogueTheLastSnapshotPrices() async throws {
    let folder = try ScratchFolder()
    let listed = #"{"data":[{"id":"a/b:free","pricing":{"prompt":"PRICE","completion":"0"}}]}"#
    let server = try RawServer { request, number in
      guard request.hasPrefix("GET") else { return RawServer.completion() }
      guard request.hasPrefix("GET /v1/models "), number == 1 else {
        return RawServer.response("404 Not Found", RawServer.error("no"))
      }
      return RawServer.response("200 OK", listed.replacing("PRICE", with: "0.001"))
    }
    try folder.write(suite(server.url, "a/b:free"), to: "suite.yaml")
    let snapshot = try await folder.tryout(
      "models", "snapshot", "--provider", "openrouter", "--base-url", server.url, "--key-env",
      "none")
    #expect(snapshot.code == 0, "\(snapshot.errors)")
    let outcome = try await run(folder)
    #expect(outcome.code == 69)
    #expect(outcome.errors.contains("its prices are taken from the snapshot of 20"))
    #expect(outcome.lastErrors[1].contains("It was not asked."))
    #expect(!server.requests.contains { $0.hasPrefix("POST") })
    // Where nothing was ever kept, the request's own limit and the answer's cost are what is left.
    let fresh = try await run(folder, "--db", "fresh.db")
    #expect(fresh.code == 0, "\(fresh.errors)")
    #expect(fresh.errors.contains("left to the request's price limit and to what answers say"))
    #expect(
      server.requests.filter { $0.hasPrefix("POST") }.allSatisfy {
        $0.contains(#""max_price":{"completion":"0","prompt":"0","request":"0"}"#)
      })
  }

  /// Whatever came of it: an answer, an empty one, or an error behind half of one.
  @Test(arguments: [
    #""choices":[{"finish_reason":"stop","message":{"content":"Lima"}}]"#,
    #""choices":[{"finish_reason":"length","message":{"content":""}}]"#,
    #""choices":[{"finish_reason":"error","message":{"content":"Li"},"error":{"code":502,"message":"broke"}}]"#,
  ])
  func aBilledAnswerFailsTheRunAtOnce(choices: String) async throws {
    let folder = try ScratchFolder()
    let answer =
      #"{"id":"g","object":"chat.completion","model":"m",\#(choices),"#
      + #""usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2,"cost":0.0033}}"#
    let server = try RawServer { request, _ in
      request.hasPrefix("POST")
        ? RawServer.response("200 OK", answer)
        : RawServer.response("404 Not Found", RawServer.error("no"))
    }
    try folder.write(
      suite(server.url, "a/b:free"),
      to: "suite.yaml")
    let outcome = try await run(folder, "--report-only")
    #expect(outcome.code == 1)
    #expect(
      outcome.lastErrors[1].hasPrefix("tryout: a/b must be free, but its answer was billed"))
    #expect(server.requests.count { $0.hasPrefix("POST") } == 1)
    let again = try await run(folder, "--resume")
    #expect(again.code == 64 && again.errors.contains("free_only: false"))
    let doctor = try await Command(
      ["doctor", "suite.yaml", "--ask", "--db", "other.db"], in: folder,
      environment: ["LAB_KEY": "lab-key-of-no-worth"]
    ).end()
    #expect(doctor.code == 1)
    #expect(doctor.output.contains("must be free, but its answer was billed: $0.0033"))
  }

  /// A catalogue that hangs is no reason to wait for it once a signal came.
  @Test func aHangingDeskGivesWayToASignal() async throws {
    let gate = Gate()
    let folder = try ScratchFolder()
    let server = try RawServer { request, _ in
      if request.hasPrefix("GET") { gate.wait() }
      return RawServer.completion()
    }
    try folder.write(suite(server.url, "a/b:free"), to: "suite.yaml")
    let run = try Command(["run", "suite.yaml"], in: folder, environment: Self.key, seconds: 12)
    try await waitUntil("the list is asked for") { !server.requests.isEmpty }
    run.send(SIGINT)
    let outcome = try await run.end()
    gate.open()
    #expect(outcome.code == 130, "\(outcome.errors)")
    #expect(!server.requests.contains { $0.hasPrefix("POST") })
  }

  /// Where nothing must be free, a run wants to know no more than what the key has left.
  @Test func onlyFreeTargetsNeedTheCatalogue() async throws {
    let folder = try ScratchFolder()
    let server = try RawServer { request, _ in
      request.hasPrefix("POST")
        ? RawServer.completion() : RawServer.response("404 Not Found", RawServer.error("no"))
    }
    try folder.write(suite(server.url, "a/b"), to: "suite.yaml")
    #expect(try await run(folder).code == 0)
    let asked = server.requests.compactMap { $0.split(separator: " ").dropFirst().first }
    #expect(asked.filter { !$0.hasSuffix("/completions") } == ["/v1/key", "/v1/key"])
  }
}

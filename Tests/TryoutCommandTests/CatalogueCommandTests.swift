import Foundation
import Testing

/// What is known from lists, shown where it matters: beside nights, and as costs.
@Suite(.timeLimit(.minutes(2)))
struct CatalogueCommandTests {
  @Test func nightsShowWhatTheirModelsLost() async throws {
    let folder = try ScratchFolder()
    let provider = try await SimulatedProvider(["--openrouter"], in: folder)
    try folder.write(
      """
      version: 1
      suite: defaults
      accounts: { lab: { provider: openrouter, base_url: "\(provider.url)", key_env: LAB_KEY } }
      limits: { lab: { account: lab, requests: 40/day, concurrency: 1 } }
      targets:
        - { id: large, account: lab, model: "acme/large:free", limit: lab }
        - { id: small, account: lab, model: "acme/small:free", limit: lab }
      prompts: ["capital of Peru"]
      run: { samples: 2, seed: 1, retry: { attempts: 1 } }
      """, to: "suite.yaml")
    let key = ["LAB_KEY": "lab-key-of-no-worth"]
    for night in 0..<3 {
      if night > 0 { try await provider.nextNight() }
      let run = try await Command(["run", "suite.yaml"], in: folder, environment: key).end()
      #expect(run.code != 70 && run.code != 64, "\(run.errors)")
    }
    let trend = try await folder.tryout("trend")
    #expect(trend.code == 0, "\(trend.errors)")
    let lines = trend.output.split(separator: "\n")
    #expect(
      lines.filter { $0.hasSuffix(": vanished (acme/large is left, $0.2 / $0.2)") }.count
        == 1, "\(trend.output)")
    #expect(
      lines.filter {
        $0.hasSuffix(
          ": context (32768 → 16384), expiry (none → 2026-12-31), parameters (now without seed)"
        )
      }.count == 1)
    // Neither a list that came and went for others, nor the first night's.
    #expect(lines.filter { $0.hasPrefix("catalogue, 20") }.count == 2)

    struct Trend: Decodable {
      struct Target: Decodable {
        var id: String
        var nights: [Night]
      }
      struct Night: Decodable { var catalogue: [Change] }
      struct Change: Decodable {
        var change: String
        var model: String
      }
      var targets: [Target]
    }
    let json = try await folder.tryout("trend", "--json")
    let targets = try folder.decode(Trend.self, json.output).targets
    #expect(
      targets.map { $0.nights.map { $0.catalogue.map(\.change) } } == [
        [[], ["vanished"], []], [[], [], ["context", "expiry", "parameters"]],
      ])
  }

  /// Neither the answers nor the suite say a price: a snapshot does.
  @Test func aSnapshotPricesWhatNobodyElseDoes() async throws {
    let folder = try ScratchFolder()
    let listed =
      #"{"data":[{"id":"a/b","pricing":{"prompt":"0.0000001","completion":"0.0000003"}}]}"#
    let answer = """
      {"id":"g","object":"chat.completion","model":"a/b","choices":[{"index":0,"finish_reason":"stop","message":\
      {"role":"assistant","content":"Lima"}}],"usage":{"prompt_tokens":1000,"completion_tokens":20,\
      "total_tokens":1020}}
      """
    let server = try RawServer { request, _ in
      RawServer.response("200 OK", request.hasPrefix("POST") ? answer : listed)
    }
    func suite(_ price: String = "") -> String {
      """
      version: 1
      suite: priced
      accounts: { lab: { provider: openrouter, base_url: "\(server.url)", key_env: none } }
      limits: { lab: { account: lab, concurrency: 1 } }
      targets: [{ id: it, account: lab, model: "a/b", limit: lab, params: { max_tokens: 20 }\(price) }]
      prompts: ["capital of Peru"]
      run: { samples: 2, seed: 1, retry: { attempts: 1 } }
      """
    }
    try folder.write(suite(), to: "suite.yaml")
    func costs() async throws -> [String] {
      let rows = try await folder.tryout("report", "--format", "csv", "--rows", "attempts")
      let table = CommaSeparated(rows.output)
      return zip(try #require(table["cost_usd"]), try #require(table["cost_source"])).map {
        "\($0) \($1)"
      }
    }
    // Unknown is not zero.
    #expect(try await folder.tryout("run", "suite.yaml").code == 0)
    #expect(try await costs() == [" ", " "])
    let unknown = try await folder.tryout("plan", "suite.yaml")
    #expect(unknown.output.contains("it: 2 samples, worst cost unknown, expected cost n/a"))
    let snapshot = try await folder.tryout(
      "models", "snapshot", "--provider", "openrouter", "--base-url", server.url, "--key-env",
      "none")
    #expect(snapshot.code == 0, "\(snapshot.errors)")
    // What an earlier night cost stays unknown; the next one is priced.
    #expect(try await folder.tryout("run", "suite.yaml").code == 0)
    #expect(try await costs() == ["0.000106 catalogue", "0.000106 catalogue"])
    let asked = try await folder.tryout("ask", "capital of Peru", "--suite", "suite.yaml")
    #expect(asked.output.contains(" · $0.000106 · "), "\(asked.output)")
    try await folder.tryout("run", "suite.yaml")
    let plan = try await folder.tryout("plan", "suite.yaml")
    #expect(plan.output.contains("it: 2 samples, at most $"), "\(plan.output)")
    // The suite's price has the better right.
    try folder.write(suite(", price: { input: 1, output: 1, per: 1k }"), to: "suite.yaml")
    let id = try await folder.latestRun().runId
    #expect(try await folder.tryout("regrade", id, "suite.yaml").code == 0)
    #expect(try await costs() == ["1.02 suite", "1.02 suite"])
    try folder.write(suite(), to: "suite.yaml")
    #expect(try await folder.tryout("regrade", id, "suite.yaml").code == 0)
    #expect(try await costs() == ["0.000106 catalogue", "0.000106 catalogue"])
  }
}

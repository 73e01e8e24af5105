import Foundation
import Testing

/// Arrivals on a schedule, over real sockets, against a target that is slower than they come.
@Suite(.timeLimit(.minutes(1)))
struct OpenLoadTests {
  private struct Report: Decodable {
    struct Load: Decodable {
      var arrivals: Int
      var sent: Int
      var dropped: Int
      var offeredPerSecond: Double?
      var reachedPerSecond: Double?
    }

    struct Failure: Decodable {
      var kind: String
      var count: Int
    }

    struct Target: Decodable {
      var n: Int
      var answered: Int
      var attempts: Int
      var failures: [Failure]
    }

    var load: Load?
    var targets: [Target]
  }

  private struct Forecast: Decodable {
    var samples: Int
    var dropped: Int
  }

  /// Forty arrivals in two seconds, of which the target's two places bear some ten: each answer takes 400 ms.
  private static func folder(gates: String, concurrency: Int = 2) throws -> ScratchFolder {
    let folder = try ScratchFolder()
    try folder.write(
      """
      version: 1
      models:
        slow: { first_token: { constant: 400ms }, per_token: { constant: 1ms }, answer_tokens: 2 }
      """, to: "slow.yaml")
    try folder.write(
      """
      version: 1
      suite: load
      accounts: { lab: { provider: simulator, script: slow.yaml } }
      limits: { pool: { account: lab, concurrency: \(concurrency) } }
      targets: [{ id: only, account: lab, model: slow, limit: pool }]
      prompts: [Say something.]
      checks: [not_empty]
      run: { samples: 100, seed: 7, warmup: 1, load: { rate: 20/s, arrivals: constant, for: 2s } }
      gates: ["\(gates)"]
      """, to: "suite.yaml")
    return folder
  }

  @Test func arrivalsThatFindNoPlaceAreFailures() async throws {
    let folder = try Self.folder(gates: "response.p95 <= 1s")
    let run = try await folder.tryout("run", "suite.yaml", "--json")
    // The gate fails although every answer that came was quick: the rank falls among the dropped.
    #expect(run.code == 1, "\(run.errors)")
    let report = try folder.decode(Report.self, run.output)
    let load = try #require(report.load)
    let target = try #require(report.targets.first)
    #expect(load.arrivals == 40 && target.n == 40)
    #expect(load.dropped > 0 && load.sent > 0)
    #expect(load.sent + load.dropped == 40)
    #expect(target.answered == load.sent && target.attempts == load.sent)
    #expect(target.failures.map(\.kind) == ["dropped"])
    #expect(target.failures.map(\.count) == [load.dropped])
    #expect(load.offeredPerSecond == 20)
    let reached = try #require(load.reachedPerSecond)
    #expect(reached > 0 && reached <= Double(load.sent) / 2)

    let text = try await folder.tryout("report", "--format", "markdown")
    #expect(text.output.contains("response p95") && text.output.contains("latency p95"))
    #expect(text.output.contains("offered 20.0/s, reached "))
    #expect(text.output.contains("met no free place and were dropped"))

    // Answered or not, nothing was asked twice, and nothing is left.
    let row = try await folder.latestRun()
    #expect(row.state == "finished" && row.done == 40 && row.requests == load.sent + 1)
  }

  /// From the intended start on: what a sample waited and what it took, and nothing was sent early.
  @Test func responseIsQueueAndLatency() async throws {
    let folder = try Self.folder(gates: "answered >= 1%", concurrency: 40)
    let run = try await folder.tryout("run", "suite.yaml")
    #expect(run.code == 0, "\(run.errors)")
    let rows = try await folder.tryout("report", "--format", "csv", "--rows", "samples")
    let table = CommaSeparated(rows.output)
    func column(_ name: String) throws -> [Double] {
      zip(try #require(table[name]), try #require(table["warmup"]))
        .filter { $1 == "0" || $1 == "false" }.compactMap { Double($0.0) }
    }
    let (response, latency) = (try column("response_ms"), try column("latency_ms"))
    let queue = try column("queue_ms")
    #expect(response.count == 40)
    try #require(latency.count == response.count && queue.count == response.count)
    #expect(queue.allSatisfy { $0 >= 0 })
    for (index, value) in response.enumerated() {
      #expect(abs(value - latency[index] - queue[index]) < 0.001)
    }
  }

  @Test func planCountsArrivals() async throws {
    let folder = try Self.folder(gates: "answered >= 1%")
    let plan = try await folder.tryout("plan", "suite.yaml", "--json", "--service-time", "0.4")
    let forecast = try folder.decode(Forecast.self, plan.output)
    // Two places bear five answers a second: every eighth arrival finds both free again.
    #expect(forecast.samples == 40 && forecast.dropped == 30)
    let text = try await folder.tryout("plan", "suite.yaml", "--service-time", "0.4")
    #expect(text.output.contains("40 arrivals in 2s, 20.0/s"))
    #expect(text.output.contains("30 would be dropped"))
  }
}

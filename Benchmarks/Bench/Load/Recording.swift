import ArgumentParser
import Foundation
import TryoutCore
import TryoutStore

/// Writes made-up attempts through the log of a run, as a run with so many requests under way would.
struct Record: AsyncParsableCommand {
  static let configuration = CommandConfiguration(shouldDisplay: false)

  @Option var attempts: Int
  @Option var atOnce: Int
  @Option var db: String

  func run() async throws {
    let suite = MadeUp.suite(url: "http://127.0.0.1:1/v1", samples: attempts, atOnce: atOnce)
    let plan = Plan(suite, seed: 1)
    let store = try Store(path: db, mode: .readWrite)
    let record = MadeUp.run(of: suite, planned: attempts)
    try store.begin(record)
    let log = try RunLog(store, run: record.id)
    let start = Moment.now()
    try await withThrowingTaskGroup { group in
      for first in 0..<atOnce {
        group.addTask {
          for sample in stride(from: first, to: attempts, by: atOnce) {
            var attempt = MadeUp.attempt(sample, of: plan, run: record)
            try await log.append([.started(attempt)])
            attempt.end(sample)
            try await log.append([.ended(attempt, Grade(.pass, score: 1))])
          }
        }
      }
      try await group.waitForAll()
    }
    let seconds = Double(Moment.now() - start) / 1e9
    try store.end(record.id, .finished, reason: nil, at: record.startedAt)
    store.close()
    print(Double(attempts) / seconds)
  }
}

/// A run that nobody made, with plausible numbers.
enum MadeUp {
  static func suite(url: String, samples: Int, atOnce: Int) -> Suite {
    var suite = Suite(
      name: "bench", accounts: [Account(id: "local", provider: .simulator, baseURL: url)],
      limits: [Limit(id: "wide", account: "local", concurrency: atOnce)],
      targets: [Target(id: "stream", account: "local", model: "sim", limit: "wide")],
      prompts: [Prompt(id: "haiku", user: Template("Write a haiku about benchmarks, please."))])
    suite.run.samples = samples
    suite.run.keep = .nothing
    suite.run.concurrency = atOnce
    return suite
  }

  static func run(of suite: Suite, planned: Int) -> RunRecord {
    RunRecord(
      id: "bench", suite: suite, seed: 1, startedAt: 1_790_000_000_000_000_000, planned: planned)
  }

  static func attempt(_ sample: Int, of plan: Plan, run: RunRecord) -> Attempt {
    Attempt(
      sample: plan.identity(of: sample), number: 1, account: "local",
      quota: "http://127.0.0.1:8080/v1 none", limit: "wide", model: "sim",
      startedAt: run.startedAt + Int64(sample) * 10_000, queue: 50_000)
  }
}

private extension Attempt {
  /// Ends well, after a time that differs from sample to sample.
  mutating func end(_ sample: Int) {
    let noise = Int64(truncatingIfNeeded: UInt64(sample) &* 0x9E37_79B9_7F4A_7C15 >> 34)
    status = .ok
    startedAt += 20_000
    queue += 20_000
    exchange.timeline.handover = 4000
    exchange.timeline.sent = 60_000
    exchange.timeline.headers = 40_000_000 + noise / 8
    exchange.timeline.firstByte = 40_100_000 + noise / 8
    exchange.timeline.firstToken = 40_100_000 + noise / 8
    exchange.timeline.firstAnswer = 40_100_000 + noise / 8
    exchange.timeline.lastToken = 900_000_000 + noise
    exchange.timeline.end = 901_000_000 + noise
    exchange.connection.sends = 1
    exchange.connection.httpVersion = "1.1"
    exchange.httpStatus = 200
    exchange.finishReason = "stop"
    exchange.servedModel = "sim-2026"
    exchange.generationID = "cc-\(sample)"
    exchange.usage = Usage(prompt: 17, completion: 100, total: 117)
    exchange.chunks = 100
    exchange.events = 102
    exchange.reads = 101
    exchange.harness = 30_000
  }
}

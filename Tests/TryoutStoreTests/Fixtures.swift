import Foundation
import GRDB
import TryoutCore

@testable import TryoutStore

/// A folder that is gone after the test.
struct ScratchFolder: ~Copyable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("tryout-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var database: String { path + "/t.db" }
}

enum Sample {
  static let suite: Suite = {
    let account = Account(id: "simulator", provider: .simulator)
    let limit = Limit(
      id: "shared", account: "simulator", windows: [.init(.requests, 100, per: .day)])
    var suite = Suite(
      name: "fixture", accounts: [account], limits: [limit],
      targets: ["a", "b"].map {
        Target(id: $0, account: "simulator", model: $0, limit: "shared")
      },
      prompts: [Prompt(id: "p", user: Template("What is {{ x }}?"))],
      cases: [Case(id: "one", variables: ["x": "1"])])
    suite.run.samples = 3
    return suite
  }()

  static let second: Int64 = 1_000_000_000
  static let noon: Int64 = 1_790_000_000 * second

  static func run(_ id: String = "run-1", at time: Int64 = noon) -> RunRecord {
    RunRecord(
      id: id, suite: suite, seed: .max, startedAt: time, planned: 6,
      environment: ["tryout": "test"])
  }

  static func identity(_ target: String, _ repetition: Int, warmup: Bool = false) -> SampleIdentity
  {
    SampleIdentity(
      id: "\(target)\(warmup ? "w" : "").\(repetition)", target: target, prompt: "p",
      caseID: "one", repetition: repetition, warmup: warmup)
  }

  static func attempt(
    _ sample: SampleIdentity, number: Int = 1, at start: Int64 = noon, latency: Int64 = 0,
    failure: Failure? = nil
  ) -> Attempt {
    var attempt = Attempt(
      sample: sample, number: number, account: "simulator", quota: "embedded:simulator none",
      limit: "shared",
      model: sample.target, startedAt: start, queue: 2_000_000)
    guard latency > 0 || failure != nil else { return attempt }
    attempt.exchange.connection.sends = failure?.kind.scope == .network ? 0 : 1
    attempt.exchange.timeline.end = latency + 1_000_000
    attempt.exchange.failure = failure
    attempt.status = failure == nil ? .ok : .failed
    guard failure == nil else { return attempt }
    attempt.exchange.timeline.firstToken = latency / 2
    attempt.exchange.timeline.lastToken = latency
    attempt.exchange.answer = "an answer"
    attempt.exchange.usage = Usage(prompt: 10, completion: 5)
    attempt.cost = Cost(usd: 0.25, source: .api)
    return attempt
  }
}

extension Store {
  /// 2 is FULL: every commit is synchronised to disk.
  var synchronousLevel: Int? {
    try? queue.read { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
  }

  /// Lets the file grow no further, as a full disk would.
  func limitPages() throws {
    try queue.writeWithoutTransaction { db in
      let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 1
      try db.execute(sql: "PRAGMA max_page_count = \(pages)")
    }
  }
}

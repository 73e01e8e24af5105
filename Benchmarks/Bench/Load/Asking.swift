import ArgumentParser
import Foundation
import Synchronization
import TryoutCore
import TryoutStore
import TryoutTransport

/// Does what `tryout run` does, and compares each time to the first token with the server's own stamp in it.
struct Ask: AsyncParsableCommand {
  static let configuration = CommandConfiguration(shouldDisplay: false)

  @Option var port: UInt16
  @Option var requests: Int
  @Option var atOnce: Int
  @Option var spread: Int
  @Option var db: String

  func run() async throws {
    let suite = MadeUp.suite(
      url: "http://127.0.0.1:\(port)/v1", samples: requests, atOnce: atOnce)
    let plan = Plan(suite, seed: 1)
    let store = try Store(path: db, mode: .readWrite)
    let record = MadeUp.run(of: suite, planned: requests)
    try store.begin(record)
    let transport = try CurlTransport(
      endpoints: ["local": Endpoint(url: "http://127.0.0.1:\(port)/v1")])
    let stamped = Stamped(provider: transport, atOnce: atOnce, spread: .microseconds(spread))
    let runner = Runner(
      plan: plan, provider: stamped, log: try RunLog(store, run: record.id),
      clock: SuspendingClock(), anchor: record.startedAt)
    let scheduler = Scheduler(plan: plan, anchor: record.startedAt)
    _ = try await runner.run(from: scheduler)
    transport.shutdown()
    try store.end(record.id, .finished, reason: nil, at: record.startedAt)
    store.close()
    let figures = try stamped.figures(warmup: atOnce)
    print(String(decoding: try JSONEncoder().encode(figures), as: UTF8.self))
  }
}

/// How exact the times to the first token were, and how many answers came.
struct StampFigures: Codable {
  /// Microseconds.
  var p50: Double
  var p95: Double
  var p99: Double
  var max: Double
  /// Answers each second, while as many requests as may be were under way.
  var rate: Double
}

/// Asks somebody else, and keeps how far the stamp of the first token lies behind the server's.
private final class Stamped: ModelProvider {
  private struct Answer {
    var ended: Int64
    var error: Int64
  }

  private let provider: CurlTransport
  private let atOnce: Int
  private let spread: Duration
  private let asked = Mutex(0)
  private let answers = Mutex<[Answer]>([])

  /// The first streams start one after another, with the spread between them, as those of the yardstick do: otherwise
  /// all would send their chunks in the same moment for ever after.
  init(provider: CurlTransport, atOnce: Int, spread: Duration) {
    self.provider = provider
    self.atOnce = atOnce
    self.spread = spread
  }

  func ask(_ question: Question) async -> Exchange {
    let turn = asked.withLock { count in
      count += 1
      return count
    }
    if turn <= atOnce { try? await Task.sleep(for: spread * turn) }
    var exchange = await provider.ask(question)
    let time = exchange.timeline
    guard exchange.failure == nil, let first = time.firstToken,
      let stamp = Int64(exchange.answer.prefix(Reply.digits))
    else { return exchange }
    answers.withLock {
      $0.append(
        Answer(
          ended: time.origin + time.end, error: time.origin + first - (stamp - Reply.base)))
    }
    exchange.answer = String(exchange.answer.prefix(Reply.digits))
    return exchange
  }

  /// Leaves out the answers that ended first: they began all at once.
  func figures(warmup: Int) throws -> StampFigures {
    let answers = answers.withLock { $0 }.sorted { $0.ended < $1.ended }
    // While the last ones end, fewer and fewer are under way.
    let steady = answers.dropFirst(warmup).dropLast(warmup)
    guard let first = steady.first, let last = steady.last, last.ended > first.ended else {
      throw BenchError("too few answers: \(answers.count)")
    }
    let errors = steady.map { Double($0.error) / 1000 }.sorted()
    func percentile(_ share: Double) -> Double { errors[Int(Double(errors.count - 1) * share)] }
    return StampFigures(
      p50: percentile(0.5), p95: percentile(0.95), p99: percentile(0.99), max: percentile(1),
      rate: Double(steady.count - 1) / (Double(last.ended - first.ended) / 1e9))
  }
}

import Foundation
import GRDB
import Testing
import TryoutCore
import TryoutStatistics
import TryoutStore

/// The views are a promise to people who open the file with other tools.
struct ViewTests {
  /// Two targets: `a` answers 20 times, `b` 17 of 20 times; latencies are shuffled multiples of 10 ms.
  private func filled(_ path: String) async throws -> Store {
    let store = try Store(path: path, mode: .readWrite)
    try store.begin(Sample.run())
    var random = SplitMix64(seed: 7)
    var entries: [LogEntry] = []
    for target in ["a", "b"] {
      var order = Array(1...20)
      random.shuffle(&order)
      for (index, tenths) in order.enumerated() {
        let sample = Sample.identity(target, index + 1)
        let isFailing = target == "b" && tenths <= 3
        let attempt = Sample.attempt(
          sample, latency: Int64(tenths) * 10_000_000,
          failure: isFailing ? Failure(.server, "down") : nil)
        let grade =
          isFailing
          ? Grade(.error, failure: .server) : Grade(tenths % 2 == 0 ? .pass : .fail, score: 1)
        entries += [.started(attempt), .ended(attempt, grade)]
      }
    }
    let warmup = Sample.attempt(Sample.identity("a", 1, warmup: true), latency: 9_000_000_000)
    entries += [.started(warmup), .ended(warmup, Grade(.pass))]
    entries.append(.closed(Sample.identity("a", 99), Grade(.skipped, failure: .rateDay)))
    try await RunLog(store, run: "run-1").append(entries)
    return store
  }

  private func rows(_ path: String, _ sql: String) throws -> [Row] {
    try DatabaseQueue(path: path).read { try Row.fetchAll($0, sql: sql) }
  }

  @Test func targetsAgreeWithTheEstimators() async throws {
    let folder = try ScratchFolder()
    let store = try await filled(folder.database)
    var tallies: [String: Tally] = [:]
    try store.forEachSample(of: "run-1") {
      tallies[$0.identity.target, default: Tally()].add($0)
    }
    let rows = try rows(folder.database, "SELECT * FROM targets ORDER BY target")
    try #require(rows.map { $0["target"] as String } == ["a", "b"])
    for row in rows {
      let tally = try #require(tallies[row["target"]])
      #expect(row["n"] == tally.n)
      #expect(row["ok"] == tally.answered)
      #expect(row["error_rate"] == Double(tally.errors) / Double(tally.n))
      #expect(row["pass_rate"] == Double(tally.passed) / Double(tally.graded))
      #expect(row["tokens"] == 15 * tally.answered)
      #expect(row["cost_usd"] == tally.usd)
      for (column, clock, statistic) in [
        ("p50_ms", Metric.Clock.latency, Metric.Statistic.p50), ("p95_ms", .latency, .p95),
        ("ttft_p50_ms", .ttft, .p50), ("ttft_p95_ms", .ttft, .p95),
      ] {
        let estimate = try #require(tally.estimate(of: .clock(clock, statistic)))
        let value = row[column] as Double?
        switch estimate.value {
        case .value(let seconds): #expect(abs((value ?? -1) - seconds * 1000) < 1e-9)
        case .unbounded: #expect(value == nil)
        case .unavailable: Issue.record("a percentile of 20 exists")
        }
      }
    }
    // Three failures of 20 rank above rank 19, so b has no p95.
    #expect(rows[1]["p95_ms"] as Double? == nil)
    #expect(rows[0]["p95_ms"] == 190.0)
  }

  @Test func warmUpsAndOpenSamplesAreNoSamples() async throws {
    let folder = try ScratchFolder()
    let store = try await filled(folder.database)
    try await RunLog(store, run: "run-1").append([
      .started(Sample.attempt(Sample.identity("a", 50)))
    ])
    let count = try rows(folder.database, "SELECT count(*) AS n FROM samples")
    #expect(count[0]["n"] == 41)
    let run = try rows(folder.database, "SELECT done, planned FROM runs")
    #expect(run[0]["done"] == 41)
    let warm = try rows(folder.database, "SELECT count(*) AS n FROM attempts WHERE warmup")
    #expect(warm[0]["n"] == 1)
  }

  @Test(arguments: [
    (
      "runs",
      "run_id suite state started_at ended_at planned done digest seed reason harness"
    ),
    (
      "attempts",
      """
      run_id sample_id attempt target account model served_model upstream prompt case_id repeat warmup status failure \
      scope http_status finish_reason started_at queue_ms connect_ms ttfb_ms ttft_ms ttfa_ms latency_ms end_ms chunks \
      prompt_tokens completion_tokens reasoning_tokens cached_tokens total_tokens cost_usd cost_source cold resent \
      tainted generation_id replacement dns_ms tcp_ms tls_ms resumed http_version events reads buffered harness_ms sent
      """
    ),
    ("answers", "run_id sample_id attempt answer reasoning evidence"),
    ("revisions", "run_id digest replaced_at definition"),
    ("catalogues", "catalogue_id source taken_at models free usable changes previous_id"),
    (
      "catalogue_models",
      """
      catalogue_id source taken_at model canonical_slug name free usable prompt_usd completion_usd request_usd \
      context_length max_completion_tokens parameters reasoning expires created
      """
    ),
    ("catalogue_changes", "catalogue_id source since taken_at model change before after"),
    (
      "quotas",
      """
      run_id account moment taken_at free_used free_limit free_remaining free_tier usage_usd limit_usd \
      limit_remaining_usd
      """
    ),
    (
      "samples",
      """
      run_id sample_id target prompt case_id repeat outcome attempts latency_ms ttft_ms total_ms score
      """
    ),
    (
      "targets",
      """
      run_id target n ok error_rate pass_rate p50_ms p95_ms ttft_p50_ms ttft_p95_ms tokens cost_usd
      """
    ),
  ])
  func promisedColumnsAreThereAndDocumented(view: String, columns: String) async throws {
    let folder = try ScratchFolder()
    try Store(path: folder.database, mode: .readWrite).close()
    let names = try rows(folder.database, "SELECT name FROM pragma_table_info('\(view)')")
      .map { $0["name"] as String }
    #expect(Set(columns.split(separator: " ").map(String.init)).isSubset(of: names))
    let page = try String(contentsOf: Documents.page("database.md"), encoding: .utf8)
    for name in names { #expect(page.contains("`\(name)`"), "\(view).\(name)") }
  }

  /// An index made on the spot means that every sample looks through a whole run.
  @Test(arguments: ["runs", "attempts", "answers", "samples"])
  func viewsFindRowsByTheirKeys(view: String) throws {
    let folder = try ScratchFolder()
    try Store(path: folder.database, mode: .readWrite).close()
    let plan = try rows(folder.database, "EXPLAIN QUERY PLAN SELECT * FROM \(view)")
      .map { $0["detail"] as String }
    #expect(!plan.isEmpty)
    #expect(!plan.contains { $0.contains("AUTOMATIC") }, "\(plan)")
  }

  @Test func documentedQueriesRun() async throws {
    let folder = try ScratchFolder()
    _ = try await filled(folder.database)
    try keepTwoCatalogues(folder.database)
    let page = try String(contentsOf: Documents.page("database.md"), encoding: .utf8)
    let queries = page.components(separatedBy: "```sql\n").dropFirst()
      .compactMap { $0.components(separatedBy: "```").first }
    #expect(queries.count >= 5)
    for query in queries { #expect(try !rows(folder.database, query).isEmpty, "\(query)") }
  }

  /// A model goes within the last day.
  private func keepTwoCatalogues(_ path: String) throws {
    let store = try Store(path: path, mode: .readWrite)
    let now = Int64(Date().timeIntervalSince1970 * 1e9)
    for (age, models) in [(1, [ModelListing(id: "a/b:free")]), (0, [])] {
      let time = now - Int64(age) * 3_600_000_000_000
      try store.keep(
        Catalogue(source: "s", takenAt: time, models: models), keyName: nil)
    }
    store.close()
  }
}

enum Documents {
  static func page(_ name: String) -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("docs/\(name)")
  }
}

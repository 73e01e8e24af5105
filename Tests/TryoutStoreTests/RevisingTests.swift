import GRDB
import Testing
import TryoutCore

@testable import TryoutStore

/// Runs that take on another definition.
struct RevisingTests {
  /// Repeats of `a`: two answered, the second with its text lost, one failed; and one of `b` in flight.
  private func filled(_ path: String) async throws -> Store {
    let store = try Store(path: path, mode: .readWrite)
    try store.begin(Sample.run())
    let kept = Sample.attempt(Sample.identity("a", 1), latency: 1_000_000)
    var bare = Sample.attempt(Sample.identity("a", 2), latency: 1_000_000)
    bare.exchange.answer = ""
    let failed = Sample.attempt(Sample.identity("a", 3), failure: Failure(.server, "down"))
    let log = try RunLog(store, run: "run-1")
    try await log.append([
      .started(kept), .ended(kept, Grade(.pass, score: 1)),
      .started(bare), .ended(bare, Grade(.pass, score: 1)),
      .started(failed), .ended(failed, Grade(.error, failure: .server)),
      .started(Sample.attempt(Sample.identity("b", 1))),
    ])
    return store
  }

  private func samples(_ store: Store) throws -> [String: SampleRecord] {
    var samples: [String: SampleRecord] = [:]
    try store.forEachSample(of: "run-1") { samples[$0.identity.id] = $0 }
    return samples
  }

  private static func suite(_ check: String) -> Suite {
    var suite = Sample.suite
    suite.cases[0].checks = [Check(id: "c", .contains([Template(check)]))]
    return suite
  }

  private func revise(
    _ store: Store, _ suite: Suite, regrading: Set<String> = [],
    isPlanned: (String) -> Bool = { _ in true }
  ) throws -> Store.Revision {
    try store.revise(
      "run-1", as: suite, planned: 2, at: Sample.noon, regrading: regrading, isPlanned: isPlanned)
  }

  @Test func samplesThatAreNotPlannedAreKeptAndLeftOut() async throws {
    let folder = try ScratchFolder()
    let store = try await filled(folder.database)
    let suite = Self.suite("x")
    #expect(try revise(store, suite) { $0 != "a.1" && $0 != "b.1" } == Store.Revision())
    let run = try store.run()
    #expect(run.suite == suite && run.digest == suite.digest)
    #expect((run.planned, run.done, run.stale) == (2, 2, 1))
    #expect(try samples(store).keys.sorted() == ["a.2", "a.3"])
    // A resume must still know of them, and so must a budget.
    let done = try store.done(of: "run-1")
    #expect(done.closed == ["a.1", "a.2", "a.3"])
    #expect(done.requests == 4)
    #expect(try store.billedTargets(of: "run-1") == ["a"])
    let summary = try #require(store.runs().first)
    #expect((summary.done, summary.requests) == (2, 4))
  }

  @Test func answersAreGradedAnewAsFarAsTheirTextIsThere() async throws {
    let folder = try ScratchFolder()
    let store = try await filled(folder.database)
    let revision = try revise(store, Self.suite("question"), regrading: ["one"])
    #expect(revision == Store.Revision(regraded: 1, lost: 1))
    let samples = try samples(store)
    #expect(samples["a.1"]?.outcome == .fail && samples["a.1"]?.score == 0)
    #expect(samples["a.2"]?.outcome == .ungraded && samples["a.2"]?.score == nil)
    #expect(samples["a.2"]?.reasons == ["the checks have changed and this answer was not kept"])
    #expect(samples["a.3"]?.outcome == .error && samples["a.3"]?.failure == .server)
  }

  /// The checks may have changed while it was stale.
  @Test func whatIsPlannedAgainIsGradedAnew() async throws {
    let folder = try ScratchFolder()
    let store = try await filled(folder.database)
    #expect(try revise(store, Self.suite("question")) { $0 != "a.1" } == Store.Revision())
    #expect(try revise(store, Self.suite("question")) == Store.Revision(regraded: 1))
    #expect(try samples(store)["a.1"]?.outcome == .fail)
    #expect(try samples(store)["a.2"]?.outcome == .pass)
  }

  @Test func checksThatComeBackBringTheirGradesBack() async throws {
    let folder = try ScratchFolder()
    let store = try await filled(folder.database)
    let before = try samples(store)
    #expect(try revise(store, Self.suite("x"), regrading: ["one"]).lost == 1)
    #expect(try revise(store, Self.suite("y"), regrading: ["one"]).lost == 1)
    #expect(try samples(store)["a.2"]?.outcome == .ungraded)
    #expect(try revise(store, Sample.suite, regrading: ["one"]).lost == 0)
    #expect(try samples(store)["a.2"] == before["a.2"])
    // Nor does being stale for a while lose them.
    #expect(try revise(store, Sample.suite) { $0 != "a.2" } == Store.Revision())
    #expect(try revise(store, Sample.suite).lost == 0)
    #expect(try samples(store)["a.2"] == before["a.2"])
  }

  @Test func earlierDefinitionsAreKept() async throws {
    let folder = try ScratchFolder()
    let store = try await filled(folder.database)
    _ = try revise(store, Self.suite("x"))
    _ = try revise(store, Self.suite("y"))
    let digests = try store.read { db in
      try String.fetchAll(db, sql: "SELECT digest FROM revisions WHERE run_id = 'run-1'")
    }
    #expect(digests == [Sample.suite.digest, Self.suite("x").digest])
  }
}

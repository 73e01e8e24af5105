import GRDB
import Testing
import TryoutCore

@testable import TryoutStore

/// What the store keeps of judges and programs.
struct HearingStoreTests {
  private static func vote(_ repetition: Int, number: Int = 1, _ failure: Failure? = nil) -> Attempt
  {
    var attempt = Sample.attempt(
      SampleIdentity(
        id: "q.v\(repetition)", target: "b", prompt: "polite", caseID: "a.1",
        repetition: repetition, vote: true),
      number: number, latency: 1_000_000, failure: failure)
    if failure == nil { attempt.exchange.answer = "{\"score\": 1}" }
    return attempt
  }

  /// One answer of `a`; of two votes about it one came, the other failed twice.
  private func filled(_ path: String) async throws -> Store {
    let store = try Store(path: path, mode: .readWrite)
    try store.begin(Sample.run())
    let sample = Sample.attempt(Sample.identity("a", 1), latency: 1_000_000)
    let log = try RunLog(store, run: "run-1")
    let down = Failure(.server, "down")
    try await log.append([
      .started(sample), .ended(sample, Grade(.ungraded, reasons: ["not judged"])),
      .started(Self.vote(1)), .ended(Self.vote(1), Grade(.ungraded)),
      .started(Self.vote(2, down)), .ended(Self.vote(2, down), nil),
      .started(Self.vote(2, number: 2, down)),
      .ended(Self.vote(2, number: 2, down), Grade(.error, failure: .server)),
    ])
    return store
  }

  @Test func votesAreAttemptsAndNoSamples() async throws {
    let folder = try ScratchFolder()
    let store = try await filled(folder.database)
    let run = try store.run()
    #expect((run.done, run.stale) == (1, 0))
    var judging = JudgingRecord(requests: 3, replies: 1, tokens: 15, usd: 0.25)
    judging.losses = [.init(target: "b", failure: .server, votes: 1)]
    #expect(run.judging == judging)
    let done = try store.done(of: "run-1")
    #expect((done.requests, done.usd) == (4, 0.5))
    var samples: [String] = []
    try store.forEachSample(of: "run-1") { samples.append($0.identity.id) }
    #expect(samples == ["a.1"])
    let views = try await store.queue.read { db in
      try (
        Int.fetchOne(db, sql: "SELECT count(*) FROM samples"),
        String.fetchAll(db, sql: "SELECT target || ' ' || cost_usd FROM targets"),
        Row.fetchAll(db, sql: "SELECT sample_id, warmup, vote FROM attempts WHERE vote").count
      )
    }
    #expect(views.0 == 1 && views.1 == ["a 0.25"] && views.2 == 3)
    // An edited suite does not make them stale.
    _ = try store.revise(
      "run-1", as: Sample.suite, planned: 1, at: Sample.noon, regrading: ["one"],
      isPlanned: { $0 == "a.1" })
    #expect(try store.votes(of: "run-1").replies.count == 1)
    #expect(try store.run().judging?.requests == 3)
  }

  /// Nobody was asked what never left the machine, and yet it is known why the votes are missing.
  @Test func votesThatWereNeverSentAreNoRequests() async throws {
    let folder = try ScratchFolder()
    let store = try Store(path: folder.database, mode: .readWrite)
    try store.begin(Sample.run())
    let unreached = Self.vote(1, Failure(.connect, "refused"))
    try await RunLog(store, run: "run-1").append([
      .started(unreached), .ended(unreached, Grade(.error, failure: .connect)),
    ])
    let judging = try #require(try store.run().judging)
    #expect((judging.requests, judging.replies, judging.usd) == (0, 0, 0))
    #expect(judging.losses == [.init(target: "b", failure: .connect, votes: 1)])
  }

  @Test func votesThatCameAreKnownAndOthersCounted() async throws {
    let folder = try ScratchFolder()
    let votes = try await filled(folder.database).votes(of: "run-1")
    #expect(votes.replies == ["q.v1": "{\"score\": 1}"])
    #expect(votes.attempts == ["q.v2": 2])
  }

  /// A vote that had failed for good can be asked for again.
  @Test func failedVotesCanBeRepeated() async throws {
    let folder = try ScratchFolder()
    let store = try await filled(folder.database)
    let again = Self.vote(2, number: 3)
    try await RunLog(store, run: "run-1").append([.started(again), .ended(again, Grade(.ungraded))])
    #expect(try store.votes(of: "run-1").replies.keys.sorted() == ["q.v1", "q.v2"])
  }

  @Test func gradesAndOpinionsAreRewritten() async throws {
    let folder = try ScratchFolder()
    let store = try await filled(folder.database)
    let subject = try #require(try store.subjects(of: "run-1").first)
    #expect(subject.hasText && subject.exchange.answer == "an answer")
    #expect(subject.grade == Grade(.ungraded, reasons: ["not judged"]))
    try store.regrade([(subject.key, Grade(.fail, score: 0.5, reasons: ["tone: no"]))])
    #expect(
      try store.subjects(of: "run-1").map(\.grade) == [
        Grade(.fail, score: 0.5, reasons: ["tone: no"])
      ])
    try store.keep(.rated(0.5, passes: true, "fine"), of: "p", about: subject.key)
    #expect(
      try store.opinions(of: "run-1") == [subject.key: ["p": .rated(0.5, passes: true, "fine")]])
    try store.keep(.ungraded("broken"), of: "p", about: subject.key)
    #expect(try store.opinions(of: "run-1").isEmpty)
  }

  @Test func onlyCostsThatNobodyToldAreComputed() async throws {
    let folder = try ScratchFolder()
    let store = try await filled(folder.database)
    #expect(try store.reprice("run-1", ["a": Price(input: 1, output: 1)]) == 0)
    var silent = Sample.attempt(Sample.identity("a", 2), latency: 1_000_000)
    silent.cost = nil
    try await RunLog(store, run: "run-1").append([.started(silent), .ended(silent, Grade(.pass))])
    #expect(try store.reprice("run-1", ["a": Price(input: 0.5, output: 0.25)]) == 1)
    var costs: [Double?] = []
    try store.forEachSample(of: "run-1") { costs.append($0.usd) }
    #expect(costs == [0.25, 6.25])
    // Without a price the catalogue's counts, and stays until there is one again.
    var listing = ModelListing(id: "a")
    listing.prices = ["prompt": try #require(ExactAmount("2")), "completion": .zero]
    #expect(try store.reprice("run-1", [:], listings: ["a": listing]) == 1)
    #expect(try store.reprice("run-1", [:]) == 0)
    var sources: [Cost?] = []
    try store.forEachAttempt(of: "run-1") { sources.append($0.cost) }
    #expect(sources.last == Cost(usd: 20, source: .catalogue))
    #expect(try store.reprice("run-1", ["a": Price(input: 0.5, output: 0.25)]) == 1)
    #expect(try store.reprice("run-1", [:]) == 1)
  }
}

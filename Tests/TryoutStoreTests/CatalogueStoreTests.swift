import Foundation
import GRDB
import Testing
import TryoutCore

@testable import TryoutStore

struct CatalogueStoreTests {
  private let folder: URL
  private let store: Store

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("catalogue-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    store = try Store(path: folder.appendingPathComponent("t.db").path, mode: .readWrite)
  }

  private static let night: Int64 = 86_400_000_000_000

  private func catalogue(
    _ night: Int64, _ models: [(String, String)], usable: Set<String>? = nil, source: String = "s"
  ) -> Catalogue {
    Catalogue(
      source: source, takenAt: 1_795_392_000_000_000_000 + night * Self.night,
      models: models.map { id, price in
        let amount = ExactAmount(price) ?? .zero
        return ModelListing(id: id, prices: ["prompt": amount, "completion": amount])
      }, usable: usable)
  }

  @Test func aCatalogueComesBackAsItWas() throws {
    var kept = catalogue(0, [("a/b:free", "0"), ("c", "0.0000000001")], usable: ["c"])
    kept.keyName = "K"
    let first = try store.keep(kept, keyName: "K")
    #expect(first.since == nil && first.changes.isEmpty)
    #expect(try store.catalogue(of: "s") == kept)
    #expect(try store.catalogue(of: "other") == nil)
    #expect(try store.catalogueBeforeLatest(of: "s") == nil)
  }

  /// Left out in silence, it would be a model that has vanished.
  @Test func anUnreadableListingIsAnError() throws {
    try store.keep(catalogue(0, [("a", "1"), ("b", "1")]), keyName: nil)
    try store.write { try $0.execute(sql: "UPDATE listing SET definition = '{' WHERE model = 'a'") }
    let unreadable = StoreError.unreadableCatalogue(source: "s")
    #expect(throws: unreadable) { try store.catalogue(of: "s") }
    #expect(throws: unreadable) { try store.keep(catalogue(1, [("b", "1")]), keyName: nil) }
    #expect(throws: unreadable) { try store.lastListing(of: "a", at: "s") }
    #expect(throws: unreadable) { try store.listing(asked: "a", at: "s") }
    #expect(try store.lastListing(of: "b", at: "s")?.id == "b")
  }

  @Test func changesAreKeptAndSourcesApart() throws {
    try store.keep(catalogue(0, [("a:free", "0"), ("b", "1")]), keyName: nil)
    try store.keep(catalogue(0, [("z", "1")], source: "other"), keyName: nil)
    let second = try store.keep(catalogue(1, [("b", "2")]), keyName: nil)
    #expect(second.changes.map(\.kind) == [.vanished, .price])
    #expect(second.since == 1_795_392_000_000_000_000)
    #expect(try store.catalogueChanges(of: "b", at: "s").map(\.change.kind) == [.price])
    #expect(try store.lastListing(of: "a:free", at: "s")?.isFree == true)
    #expect(try store.lastListing(of: "z", at: "s") == nil)
    let sighting = try #require(try store.lastSighting(of: "a:free", at: "s"))
    #expect(sighting.listing.id == "a:free" && sighting.takenAt == second.since)
    #expect(sighting.missedAt == second.catalogue.takenAt)
    #expect(try store.lastSighting(of: "b", at: "s")?.missedAt == nil)
    let early = 1_795_392_000_000_000_000 + Self.night / 2
    #expect(try store.catalogue(of: "s", before: early)?.models.count == 2)
    #expect(try store.catalogueBeforeLatest(of: "s")?.models.count == 2)
    #expect(try store.firstCatalogue(of: "s")?.models.count == 2)
    let rows = try store.read { db in
      try Row.fetchAll(
        db,
        sql: "SELECT * FROM catalogue_changes WHERE taken_at >= '2026-11-24' ORDER BY model")
    }
    #expect(rows.map { $0["model"] as String } == ["a:free", "b"])
    #expect(rows[1]["before"] == "completion 1, prompt 1")
    #expect((rows[1]["since"] as String).hasPrefix("2026-11-23T"))
  }

  /// What does not change takes no room, and reads as if it did.
  @Test func aNightWithoutChangesIsKeptOnce() throws {
    let models = (0..<20).map { ("m\($0)", "1") }
    for night in 0..<5 { try store.keep(catalogue(Int64(night), models), keyName: nil) }
    let (rows, seen) = try store.read { db in
      (
        try Int.fetchOne(db, sql: "SELECT count(*) FROM catalogue_listing"),
        try Row.fetchAll(db, sql: "SELECT models, free, changes FROM catalogues")
      )
    }
    #expect(rows == 20)
    #expect(seen.count == 5 && seen.allSatisfy { $0["models"] == 20 && $0["changes"] == 0 })
    #expect(try store.catalogue(of: "s")?.models.count == 20)
    try store.keep(catalogue(5, Array(models.dropLast())), keyName: nil)
    let counts = try store.read { db in
      try Int.fetchAll(
        db,
        sql: "SELECT count(*) FROM catalogue_models GROUP BY catalogue_id ORDER BY catalogue_id")
    }
    #expect(counts == [20, 20, 20, 20, 20, 19])
  }

  @Test func permissionsOfDifferentKeysAreNotCompared() throws {
    let models = [("a", "0")]
    try store.keep(catalogue(0, models, usable: ["a"]), keyName: "ONE")
    #expect(
      try store.keep(catalogue(1, models, usable: []), keyName: "TWO").changes.isEmpty)
    #expect(
      try store.keep(catalogue(2, models, usable: ["a"]), keyName: "TWO").changes.map(\.kind)
        == [.unblocked])
    // Nor where two that are far apart are compared.
    let first = try #require(try store.firstCatalogue(of: "s"))
    let latest = try #require(try store.catalogue(of: "s"))
    #expect(first.usable == ["a"] && latest.keyName == "TWO")
    #expect(latest.changes(since: catalogue(1, models, usable: [])).isEmpty)
    #expect(latest.changes(since: first).isEmpty)
  }

  @Test func aListingIsFoundAsItIsAskedForAndAsItWas() throws {
    try store.keep(catalogue(0, [("a/b", "1"), ("models/c", "1")]), keyName: nil)
    try store.keep(catalogue(1, [("a/b", "2")]), keyName: nil)
    #expect(try store.listing(asked: "a/b:nitro", at: "s")?.prices["prompt"]?.text == "2")
    let early = 1_795_392_000_000_000_000 + Self.night / 2
    #expect(try store.listing(asked: "a/b", at: "s", before: early)?.prices["prompt"]?.text == "1")
    #expect(try store.listing(asked: "c", at: "s", before: early)?.id == "models/c")
    #expect(try store.listing(asked: "c", at: "s") == nil)
    #expect(try store.listing(asked: "a/b", at: "other") == nil)
  }

  @Test func exactPricesAreInTheView() throws {
    try store.keep(catalogue(0, [("a", "0.00000000000000000001")]), keyName: nil)
    let price = try store.read { db in
      try String.fetchOne(db, sql: "SELECT prompt_usd FROM catalogue_models")
    }
    #expect(price == "0.00000000000000000001")
  }

  @Test func keysAreReadBeforeAndAfter() throws {
    let account = Account(
      id: "or", provider: try #require(Provider.preset(named: "openrouter")), baseURL: "http://x",
      keyVariable: "K")
    var reading = KeyReading()
    reading.freeRemaining = 40
    try store.keep(reading, of: account, run: "none", .before, at: 1)
    reading.freeRemaining = 37
    try store.keep(reading, of: account, run: "none", .after, at: 2)
    let latest = try #require(try store.keyReading(of: account))
    #expect(latest.0 == reading && latest.takenAt == 2)
    let rows = try store.read { db in
      try Row.fetchAll(db, sql: "SELECT moment, free_remaining, usage_usd FROM quotas")
    }
    #expect(rows.map { $0["free_remaining"] as Int } == [40, 37])
    #expect(rows.allSatisfy { $0["usage_usd"] == nil as String? })
  }

  @Test func theLatestAttemptTellsHowAModelEnded() async throws {
    try store.begin(Sample.run())
    let log = try RunLog(store, run: "run-1")
    for (number, kind) in [FailureKind.overloaded, .gated].enumerated() {
      let identity = Sample.identity("a", number)
      let start = Sample.noon + Int64(number) * Sample.second
      try await log.append([.started(Sample.attempt(identity, at: start))])
      let ended = Sample.attempt(
        identity, at: start, failure: Failure(kind, "no", replacement: "b"))
      try await log.append([.ended(ended, Grade(.error, failure: kind))])
    }
    let model = "a"
    let source = "embedded:simulator"
    let account = Account(id: "simulator", provider: .simulator)
    let ending = try #require(try store.lastEnding(of: model, at: account))
    #expect(ending.failure == .gated && ending.replacement == "b")
    #expect(try store.lastEnding(of: "other", at: account) == nil)
    #expect(try store.refusedModels(at: source) == [model])
    #expect(try store.refusedModels(at: String(source.dropLast())).isEmpty)
    #expect(try store.damages().isEmpty)
  }
}

import GRDB
import Testing
import TryoutCore

@testable import TryoutStore

struct BaselineTests {
  private func store(_ folder: borrowing ScratchFolder, nights: Int) throws -> Store {
    let store = try Store(path: folder.database, mode: .readWrite)
    for night in 1...nights {
      let time = Sample.noon + Int64(night) * 86_400 * Sample.second
      try store.begin(Sample.run("night-\(night)", at: time))
      try store.end("night-\(night)", .finished, reason: nil, at: time + Sample.second)
    }
    return store
  }

  @Test func namesStandForRuns() throws {
    let folder = try ScratchFolder()
    let store = try store(folder, nights: 3)
    try store.name("night-1", "release", reason: "as shipped", at: Sample.noon)
    #expect(try store.run("release").id == "night-1")
    #expect(try store.run("latest").id == "night-3")
    try store.name("night-2", "release", reason: "as shipped again", at: Sample.noon)
    #expect(try store.run("release").id == "night-2")
    #expect(try store.baselineMarks().map(\.reason) == ["as shipped again"])
    #expect(try store.removeName("release"))
    #expect(try !store.removeName("release"))
    #expect(throws: StoreError.unknownRun("release", path: folder.database)) {
      try store.run("release")
    }
  }

  @Test func acceptancesAndRegressionsAreKept() throws {
    let folder = try ScratchFolder()
    let store = try store(folder, nights: 2)
    try store.keep(regressions: [("g", "a"), ("h", "a"), ("g", "b")], of: "night-1")
    #expect(try store.regressions() == ["night-1": ["a", "b"]])
    try store.keep(regressions: [("g", "b")], of: "night-1")
    #expect(try store.regressions() == ["night-1": ["b"]])
    try store.accept("night-1", reason: "a slower model, on purpose", at: Sample.noon)
    let marks = try store.baselineMarks()
    #expect(marks.map(\.kind) == [.accepted])
    #expect(marks.map(\.run) == ["night-1"])
    let view = try store.read { db in
      try Row.fetchAll(db, sql: "SELECT kind, run_id, suite, reason, created_at FROM baselines")
    }
    #expect(view.map { $0["kind"] as String } == ["accepted"])
    #expect(try store.removeAcceptance(of: "night-1"))
    #expect(try store.baselineMarks().isEmpty)
  }

  @Test func nightsAreFinishedRunsOfTheSuite() throws {
    let folder = try ScratchFolder()
    let store = try store(folder, nights: 4)
    try store.begin(Sample.run("going-on", at: Sample.noon + 86_400 * 3 * Sample.second + 1))
    try store.begin(Sample.run("again", at: Sample.noon + 86_400 * 3 * Sample.second + 2))
    try store.end("again", .finished, reason: nil, at: Sample.noon)
    try store.link("again", confirming: "night-3")
    let four = try store.run("night-4")
    #expect(
      try store.nights(ofSuite: "fixture", before: four.startedAt, atMost: 2)
        == ["night-3", "night-2"])
    #expect(try store.nights(ofSuite: "fixture", atMost: 9).count == 4)
    #expect(try store.nights(ofSuite: "other", atMost: 9).isEmpty)
  }

  @Test func theLatestRunIsNoConfirmation() throws {
    let folder = try ScratchFolder()
    let store = try store(folder, nights: 2)
    try store.link("night-2", confirming: "night-1")
    #expect(try store.run().id == "night-1")
    #expect(try store.run("night-2").id == "night-2")
    #expect(try store.confirmation(of: "night-1")?.id == "night-2")
    #expect(try store.confirmation(of: "night-2") == nil)
    #expect(try store.runs().map(\.confirms) == ["night-1", nil])
  }

  @Test func anUnreadableNightIsAnError() throws {
    let folder = try ScratchFolder()
    let store = try store(folder, nights: 1)
    try store.write { try $0.execute(sql: "UPDATE run SET definition = '{'") }
    #expect(throws: StoreError.unreadableRun("night-1")) { try store.run("night-1") }
  }
}

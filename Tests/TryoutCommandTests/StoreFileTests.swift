import Foundation
import Testing

/// Databases and report files that cannot be used: 74, and nothing that was there is changed.
@Suite(.timeLimit(.minutes(1)))
struct StoreFileTests {
  /// Runs into a database, expects 74 and a sentence about it.
  @discardableResult
  private func expect74(
    _ folder: ScratchFolder, _ database: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> Command.Outcome {
    let run = try await folder.tryout("run", "suite.yaml", "--db", database)
    #expect(run.code == 74, "\(run.errors)", sourceLocation: sourceLocation)
    #expect(run.output.isEmpty, sourceLocation: sourceLocation)
    let sentence = run.lastErrors[1]
    #expect(
      sentence.hasPrefix("tryout: ") && sentence.contains(database), "\(sentence)",
      sourceLocation: sourceLocation)
    return run
  }

  /// A database with one finished run, as bytes.
  private func finished(_ folder: ScratchFolder) async throws -> Data {
    let run = try await folder.tryout("run", "suite.yaml", "--db", "made.db")
    try #require(run.code == 0)
    return try folder.data("made.db")
  }

  @Test func textFile() async throws {
    let folder = try ScratchFolder.simulated()
    let text = String(repeating: "Not a database at all. ", count: 100)
    try folder.write(text, to: "notes.db")
    try await expect74(folder, "notes.db")
    #expect(try await folder.tryout("report", "--db", "notes.db").code == 74)
    #expect(try folder.text("notes.db") == text)
  }

  /// Bytes 68 to 71 of an SQLite file tell whose it is, 60 to 63 its version (sqlite.org/fileformat2.html).
  @Test(arguments: [(offset: 68, word: "another program"), (offset: 60, word: "newer")])
  func foreignAndNewerFilesStayAsTheyAre(offset: Int, word: String) async throws {
    let folder = try ScratchFolder.simulated()
    var bytes = try await finished(folder)
    bytes.replaceSubrange(offset..<(offset + 4), with: [0, 0, 0x12, 0x34])
    try folder.write(bytes, to: "theirs.db")
    let run = try await expect74(folder, "theirs.db")
    #expect(run.errors.contains(word))
    #expect(try await folder.tryout("runs", "--db", "theirs.db").code == 74)
    #expect(try folder.data("theirs.db") == bytes)
  }

  /// Bytes 18 and 19 tell that a file is read and written without a write-ahead log.
  @Test func newerFileIsNotEvenSwitchedToAnotherJournal() async throws {
    let folder = try ScratchFolder.simulated()
    var bytes = try await finished(folder)
    bytes.replaceSubrange(18..<20, with: [1, 1])
    bytes.replaceSubrange(60..<64, with: [0, 0, 0, 99])
    try folder.write(bytes, to: "newer.db")
    try await expect74(folder, "newer.db")
    #expect(try folder.data("newer.db") == bytes)
  }

  /// Half of it; and all but the end of the last page, where a page has its rows: SQLite reads zeros there.
  @Test func cutFileIsNotReadAsIfItWereWhole() async throws {
    let folder = try ScratchFolder.simulated()
    let bytes = try await finished(folder)
    for left in [bytes.count / 2, bytes.count - 3000, bytes.count - 1] {
      let cut = Data(bytes.prefix(left))
      try folder.write(cut, to: "cut.db")
      #expect(try await folder.tryout("report", "--db", "cut.db").code == 74, "\(left) bytes")
      #expect(try await expect74(folder, "cut.db").errors.contains("is damaged"))
      #expect(try folder.data("cut.db") == cut)
    }
  }

  /// SQLite takes a file of one byte for an empty one, and waits for the writer of a pipe.
  @Test func neitherOneByteNorAPipeIsADatabase() async throws {
    let folder = try ScratchFolder.simulated()
    try folder.write("x", to: "one.db")
    try await folder.shell("mkfifo pipe.db")
    for database in ["one.db", "pipe.db", "/dev/null"] {
      let run = try await expect74(folder, database)
      #expect(run.errors.contains("is not an SQLite database"))
      #expect(try await folder.tryout("runs", "--db", database).code == 74)
    }
    #expect(try folder.text("one.db") == "x")
  }

  @Test func folderThatIsMissingIsNamed() async throws {
    let folder = try ScratchFolder.simulated()
    let run = try await expect74(folder, "no/such/folder.db")
    #expect(run.lastErrors[1].contains("there is no folder"))
    #expect(run.lastErrors[1].hasSuffix("/no/such; make it first."))
  }

  @Test(arguments: ["no/such/folder.db", ".", "/proc/tryout.db"])
  func placeWhereNoFileCanBe(database: String) async throws {
    try await expect74(try ScratchFolder.simulated(), database)
  }

  @Test func reportFolderThatIsAFileIsNoticedBeforeAnythingIsAsked() async throws {
    let folder = try ScratchFolder.simulated()
    try folder.write("mine", to: "reports")
    let run = try await folder.tryout("run", "suite.yaml", "--report", "reports")
    #expect(run.code == 74)
    #expect(run.lastErrors[1].contains("reports"))
    #expect(try folder.text("reports") == "mine")
    #expect(!folder.exists("tryout.db"))
  }

  @Test func reportThatCannotBeWritten() async throws {
    let folder = try ScratchFolder.simulated()
    _ = try await finished(folder)
    for file in ["no/such/folder.md", "."] {
      let report = try await folder.tryout("report", "--db", "made.db", "--output", file)
      #expect(report.code == 74)
      #expect(report.lastErrors[1].contains("\(file) cannot be written"))
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullStdoutIsNotTakenForSuccess() async throws {
    let folder = try ScratchFolder.simulated()
    _ = try await finished(folder)
    for command in ["report", "show", "runs", "gate", "validate suite.yaml --json"] {
      let database = command.hasPrefix("validate") ? "" : "--db made.db"
      let outcome = try await folder.shell("tryout \(command) \(database) >/dev/full")
      #expect(outcome.code == 74, "\(command)")
      #expect(outcome.lastErrors[1].contains("stdout cannot be written"))
    }
  }

  @Test func readerThatWentAwayIsNoError() async throws {
    let folder = try ScratchFolder.simulated()
    let bytes = try await finished(folder)
    let pipe = Pipe()
    try pipe.fileHandleForReading.close()
    let report = try Command(
      ["report", "--db", "made.db"], in: folder, output: pipe.fileHandleForWriting)
    #expect(try await report.end().code == 0)
    let closed = try await folder.shell("tryout report --db made.db >&-")
    #expect(closed.code == 74 || closed.code == 0, "\(closed.errors)")
    #expect(try folder.data("made.db") == bytes)
  }

  private static let isRoot = getuid() == 0
  private static let canStepDown = FileManager.default.fileExists(atPath: "/usr/bin/setpriv")

  /// Permissions do not bind root, who therefore becomes nobody first.
  @Test(.enabled(if: !isRoot || canStepDown))
  func readOnlyFileAndFolder() async throws {
    let folder = try ScratchFolder.simulated()
    let bytes = try await finished(folder)
    let binary = folder.path("tryout-copy")
    try FileManager.default.copyItem(atPath: Command.binary.path, toPath: binary)
    let nobody =
      Self.isRoot ? "/usr/bin/setpriv --reuid 65534 --regid 65534 --clear-groups " : ""
    // Proves that what follows fails for the reason that is meant.
    let works = try await folder.shell("\(nobody)./tryout-copy validate suite.yaml")
    try #require(works.code == 0, "\(works.errors)")
    try await folder.shell("chmod 444 made.db && chmod 555 .")
    let file = try await folder.shell("\(nobody)./tryout-copy run suite.yaml --db made.db")
    let place = try await folder.shell("\(nobody)./tryout-copy run suite.yaml --db new.db")
    try await folder.shell("chmod 755 .")
    #expect(file.code == 74)
    #expect(file.lastErrors[1].contains("made.db cannot be "))
    #expect(place.code == 74)
    #expect(place.lastErrors[1].contains("new.db cannot be "))
    #expect(try folder.data("made.db") == bytes)
    #expect(!folder.exists("new.db"))
  }

  @Test func diskThatFillsUpInTheMiddleLosesNothingThatWasAcknowledged() async throws {
    let answer = String(repeating: "word ", count: 200)
    let server = try RawServer { _, _ in RawServer.completion(answer) }
    let folder = try ScratchFolder.remote(Suites.remote(server.url, samples: 5000))
    // A limit on the size of files stands for the end of the disk.
    let run = try await folder.shell(
      #"trap "" XFSZ; ulimit -f 600; exec tryout run suite.yaml"#)
    #expect(run.code == 74, "\(run.errors)")
    #expect(run.lastErrors[1].contains("tryout.db"))
    let asked = server.requests.count
    #expect(asked > 5)
    // A request is sent after its row was committed, so every one that came must be known.
    let row = try await folder.latestRun()
    #expect(row.requests >= asked)
    #expect(row.state == "crashed" || row.state == "interrupted")
    #expect(try await folder.attempts().count == row.requests)
    #expect(try await folder.tryout("report").code == 0)
    // With room again it goes on.
    let resumed = try Command(["run", "suite.yaml", "--resume"], in: folder)
    try await waitUntil("more requests came") { server.requests.count > asked + 3 }
    resumed.send(SIGINT)
    #expect(try await resumed.end().code == 130)
  }
}

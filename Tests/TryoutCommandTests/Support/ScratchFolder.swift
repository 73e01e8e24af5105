import Foundation
import Testing

/// A folder of one test, which goes when the test does.
final class ScratchFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("tryout-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    // A program of another user must be able to look in.
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: url.path)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  func write(_ text: String, to name: String) throws { try write(Data(text.utf8), to: name) }

  func write(_ data: Data, to name: String) throws {
    try data.write(to: url.appendingPathComponent(name))
  }

  func data(_ name: String) throws -> Data {
    try Data(contentsOf: url.appendingPathComponent(name))
  }

  func text(_ name: String) throws -> String { String(decoding: try data(name), as: UTF8.self) }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  /// An empty file for what a process prints, outside of what a test looks at.
  func newFile() throws -> URL {
    let prints = url.appendingPathComponent(".prints", isDirectory: true)
    try FileManager.default.createDirectory(at: prints, withIntermediateDirectories: true)
    let file = prints.appendingPathComponent(UUID().uuidString)
    try Data().write(to: file)
    return file
  }

  /// Every file in here and below, by its path, with its bytes.
  func files() throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: url.path) {
      var isFolder = ObjCBool(false)
      _ = FileManager.default.fileExists(atPath: path(name), isDirectory: &isFolder)
      if !isFolder.boolValue { files[name] = try data(name) }
    }
    return files
  }

  // MARK: Commands

  /// Runs the binary to its end.
  @discardableResult
  func tryout(_ arguments: String..., environment: [String: String] = [:]) async throws
    -> Command.Outcome
  {
    try await Command(arguments, in: self, environment: environment).end()
  }

  /// Runs a shell line, in which `tryout` is the binary.
  @discardableResult
  func shell(_ line: String) async throws -> Command.Outcome {
    let program = URL(fileURLWithPath: "/bin/sh")
    return try await Command(["-c", line], program: program, in: self).end()
  }

  // MARK: What the binary tells

  struct RunRow: Decodable {
    var runId: String
    var suite: String
    var state: String
    var reason: String?
    var planned: Int
    var done: Int
    var requests: Int
    var tokens: Int?
  }

  struct SampleRow: Decodable {
    var target: String
    var outcome: String
    var score: Double?
    var reasons: [String]
  }

  struct AttemptRow: Equatable {
    var sample: String
    var status: String
  }

  func runs(_ database: String = "tryout.db") async throws -> [RunRow] {
    let outcome = try await tryout("runs", "--json", "--db", database)
    try #require(outcome.code == 0, "\(outcome.errors)")
    return try decode([RunRow].self, outcome.output)
  }

  func latestRun() async throws -> RunRow { try #require(await runs().first) }

  /// The latest run's samples, by target.
  func samples() async throws -> [String: [SampleRow]] {
    let shown = try await tryout("show", "--json")
    return Dictionary(grouping: try decode([SampleRow].self, shown.output), by: \.target)
  }

  /// The latest run's attempts.
  func attempts(_ database: String = "tryout.db") async throws -> [AttemptRow] {
    let outcome = try await tryout(
      "report", "--db", database, "--format", "csv", "--rows", "attempts")
    try #require(outcome.code == 0, "\(outcome.errors)")
    let table = CommaSeparated(outcome.output)
    let samples = try #require(table["sample_id"])
    let states = try #require(table["status"])
    return zip(samples, states).map { AttemptRow(sample: $0, status: $1) }
  }

  func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(type, from: Data(text.utf8))
  }
}

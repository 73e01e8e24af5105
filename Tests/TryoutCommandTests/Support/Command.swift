import Foundation
import Synchronization

/// A process that was started: the built binary, or a shell around it.
///
/// What it prints goes to files, so that no full pipe can hold it up and everything so far can be read at any
/// time.
final class Command: Sendable {
  /// What came of a process that ended.
  struct Outcome: Sendable {
    /// The exit code; 128 and the signal's number where a signal ended it, as shells say.
    var code: Int32
    var output: String
    var errors: String

    /// The last two lines of stderr; empty where there are fewer.
    var lastErrors: [String] {
      let lines = errors.split(separator: "\n").suffix(2).map(String.init)
      return Array(repeating: "", count: 2 - lines.count) + lines
    }
  }

  struct TookTooLong: Error { var errors: String }

  /// The built binary, which lies beside the bundle with the tests.
  static let binary = URL(fileURLWithPath: CommandLine.arguments[0])
    .deletingLastPathComponent().appendingPathComponent("tryout")

  private let process = Process()
  private let folder: ScratchFolder
  private let outputFile: URL
  private let errorFile: URL
  private let ends: AsyncStream<Int32>
  private let isOverdue = Mutex(false)

  /// Starts a program in a folder with an environment that has no keys.
  init(
    _ arguments: [String], program: URL = Command.binary, in folder: ScratchFolder,
    environment: [String: String] = [:], output: FileHandle? = nil, seconds: Double = 40
  ) throws {
    self.folder = folder
    outputFile = try folder.newFile()
    errorFile = try folder.newFile()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder.url
    let path = "\(Command.binary.deletingLastPathComponent().path):/usr/bin:/bin:/usr/sbin"
    process.environment = ["PATH": path, "HOME": folder.url.path].merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try output ?? FileHandle(forWritingTo: outputFile)
    process.standardError = try FileHandle(forWritingTo: errorFile)
    let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
    ends = stream
    process.terminationHandler = { process in
      let wasKilled = process.terminationReason == .uncaughtSignal
      continuation.yield(process.terminationStatus + (wasKilled ? 128 : 0))
      continuation.finish()
    }
    try process.run()
    DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { [weak self] in
      // An end that nobody was told of must not keep the tests waiting either.
      defer { continuation.finish() }
      guard let self, process.isRunning else { return }
      isOverdue.withLock { $0 = true }
      send(SIGKILL)
    }
  }

  deinit { if process.isRunning { send(SIGKILL) } }

  var output: String { Command.text(of: outputFile) }
  var errors: String { Command.text(of: errorFile) }

  /// The process's id.
  var id: Int32 { process.processIdentifier }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits for the end; throws where it had to be killed because it took too long.
  func end() async throws -> Outcome {
    var code: Int32 = -1
    for await value in ends { code = value }
    if code == -1, !process.isRunning { code = process.terminationStatus }
    guard !isOverdue.withLock({ $0 }) else { throw TookTooLong(errors: errors) }
    return Outcome(code: code, output: output, errors: errors)
  }

  private static func text(of file: URL) -> String {
    (try? Data(contentsOf: file)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

struct NeverCameTrue: Error { var what: String }

/// Waits until something holds, which is looked at again and again; throws after half a minute.
func waitUntil(_ what: String, _ condition: () async throws -> Bool) async throws {
  let deadline = ContinuousClock.now + .seconds(30)
  while try await !condition() {
    guard ContinuousClock.now < deadline else { throw NeverCameTrue(what: what) }
    try await Task.sleep(for: .milliseconds(5))
  }
}

import Foundation
import Synchronization

@testable import tryout

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

  /// The process's id.
  let id: pid_t

  private let folder: ScratchFolder
  private let outputFile: URL
  private let errorFile: URL
  private let ends: AsyncStream<Int32>
  private let life = Life()

  /// Starts a program in a folder with an environment that has no keys.
  init(
    _ arguments: [String], program: URL = Command.binary, in folder: ScratchFolder,
    environment: [String: String] = [:], output: FileHandle? = nil, seconds: Double = 40
  ) throws {
    self.folder = folder
    outputFile = try folder.newFile()
    errorFile = try folder.newFile()
    let path = "\(Command.binary.deletingLastPathComponent().path):/usr/bin:/bin:/usr/sbin"
    let all = ["PATH": path, "HOME": folder.url.path].merging(environment) { $1 }
    let handles = [
      try FileHandle(forReadingFrom: URL(fileURLWithPath: "/dev/null")),
      try output ?? FileHandle(forWritingTo: outputFile),
      try FileHandle(forWritingTo: errorFile),
    ]
    let launch = Launch(
      words: [program.path] + arguments, environment: all.map { "\($0)=\($1)" },
      folder: folder.url.path,
      files: handles.enumerated().map { ($1.fileDescriptor, Int32($0)) }, leadsGroup: true)
    let started = withExtendedLifetime(handles) { launch.start() }
    guard let started else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    id = started
    let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
    ends = stream
    Thread.detachNewThread { [life] in
      continuation.yield(life.end(of: started))
      continuation.finish()
    }
    DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { [weak self] in
      guard let self else { return }
      life.kill(-started, SIGKILL, isOverdue: true)
    }
  }

  /// With all that it started: it leads a group of its own.
  deinit { life.kill(-id, SIGKILL) }

  var output: String { Command.text(of: outputFile) }
  var errors: String { Command.text(of: errorFile) }

  func send(_ signal: Int32) { life.kill(id, signal) }

  /// Waits for the end; throws where it had to be killed because it took too long.
  func end() async throws -> Outcome {
    var code: Int32 = -1
    for await value in ends { code = value }
    guard !life.isOverdue else { throw TookTooLong(errors: errors) }
    return Outcome(code: code, output: output, errors: errors)
  }

  private static func text(of file: URL) -> String {
    (try? Data(contentsOf: file)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

/// Whether a process may still be sent signals: once it was waited for, its number may be another's.
private final class Life: Sendable {
  private struct State {
    var hasEnded = false
    var isOverdue = false
  }

  private let state = Mutex(State())

  var isOverdue: Bool { state.withLock { $0.isOverdue } }

  /// Of a process, or of the group with the negative of its number.
  func kill(_ process: pid_t, _ signal: Int32, isOverdue: Bool = false) {
    state.withLock { state in
      guard !state.hasEnded else { return }
      if isOverdue { state.isOverdue = true }
      _ = Foundation.kill(process, signal)
    }
  }

  /// Blocks until it has ended; its exit code as shells tell it.
  func end(of process: pid_t) -> Int32 {
    var info = siginfo_t()
    while waitid(P_PID, id_t(process), &info, WEXITED | WNOWAIT) < 0, errno == EINTR {}
    return state.withLock { state in
      state.hasEnded = true
      var status: Int32 = 0
      while waitpid(process, &status, 0) < 0, errno == EINTR {}
      let signal = status & 0x7F
      return signal == 0 ? status >> 8 & 0xFF : 128 + signal
    }
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

import Foundation
import Synchronization

@testable import tryout

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A program of the system that these tests need.
struct Tool {
  /// Why a program could not do what a test needs.
  enum Trouble: Error, CustomStringConvertible {
    case missing(String)
    case failed(String, said: String)

    var description: String {
      switch self {
      case .missing(let name):
        "These tests need \(name), which this machine lacks. Run `scripts/bootstrap tests`."
      case .failed(let name, let said): "\(name) failed: \(said)"
      }
    }
  }

  let name: String
  private let program: URL

  /// Looks where the shell looks, and where systems keep servers.
  init(_ name: String) throws {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let servers = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"]
    let folders = path.split(separator: ":").map(String.init) + servers
    let found = folders.map { "\($0)/\(name)" }.first(where: FileManager.default.isExecutableFile)
    guard let found else { throw Trouble.missing(name) }
    self.name = name
    program = URL(fileURLWithPath: found)
  }

  /// Starts it in a folder; what it prints goes to the file `NAME.out` there, and a thread waits for its end.
  func start(_ arguments: [String], in folder: URL) throws -> Running {
    let printed = folder.appendingPathComponent("\(name).out")
    let input = open("/dev/null", O_RDONLY)
    let output = open(printed.path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    defer { for file in [input, output] { close(file) } }
    let launch = Launch(
      words: [program.path] + arguments,
      environment: ProcessInfo.processInfo.environment.map { "\($0)=\($1)" }, folder: folder.path,
      files: [(input, 0), (output, 1), (output, 2)], leadsGroup: false)
    guard let child = launch.start() else {
      throw Trouble.failed(name, said: String(cString: strerror(errno)))
    }
    let (ends, end) = AsyncStream.makeStream(of: Int32.self)
    let running = Running(child: child, ends: ends, printed: printed)
    Thread.detachNewThread {
      var status: Int32 = 0
      while waitpid(running.child, &status, 0) < 0, errno == EINTR {}
      running.hasEnded.withLock { $0 = true }
      end.yield(status)
      end.finish()
    }
    return running
  }

  /// Runs it to its end; throws what it printed where it fails.
  func run(_ arguments: String..., in folder: URL) async throws {
    let running = try start(arguments, in: folder)
    guard await running.end() == 0 else { throw Trouble.failed(name, said: running.said) }
  }

  /// A program that was started.
  final class Running: Sendable {
    fileprivate let child: pid_t
    fileprivate let hasEnded = Mutex(false)
    private let ends: AsyncStream<Int32>
    private let printed: URL

    fileprivate init(child: pid_t, ends: AsyncStream<Int32>, printed: URL) {
      (self.child, self.ends, self.printed) = (child, ends, printed)
    }

    var isRunning: Bool { hasEnded.withLock { !$0 } }
    var said: String { (try? String(contentsOf: printed, encoding: .utf8)) ?? "" }

    /// Asks it to finish what it does, as servers do on SIGQUIT; `end()` then waits for that.
    func stop() {
      hasEnded.withLock { if !$0 { kill(child, SIGQUIT) } }
    }

    /// Waits for its end, and returns zero where all went well.
    ///
    /// To be called once.
    func end() async -> Int32 { await ends.first { _ in true } ?? -1 }
  }
}

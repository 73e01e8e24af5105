import Foundation
import Synchronization

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

  /// Starts it in a folder; what it prints goes to the file `NAME.out` there.
  ///
  /// Not with Foundation's `Process`: nginx inherited blocked signals from it, so that SIGTERM did not stop it. Here
  /// children inherit no blocked signals and no open files, and a thread waits for each.
  func start(_ arguments: [String], in folder: URL) throws -> Running {
    let printed = folder.appendingPathComponent("\(name).out")
    var actions = Inheritance.files()
    defer { posix_spawn_file_actions_destroy(&actions) }
    var attributes = Inheritance.noBlockedSignals()
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(
      &actions, 1, printed.path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    #if !canImport(Darwin)
    for descriptor in Int32(3)..<1024 {
      posix_spawn_file_actions_addclose(&actions, descriptor)
    }
    #endif
    let enter = ["sh", "-c", #"cd "$0" && exec "$@""#, folder.path, program.path]
    let words = (enter + arguments).map { strdup($0) }
    defer { words.forEach { free($0) } }
    var child = pid_t()
    let code = posix_spawn(&child, "/bin/sh", &actions, &attributes, words + [nil], environ)
    guard code == 0 else { throw Trouble.failed(name, said: String(cString: strerror(code))) }
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

    /// Asks it to end; `end()` then waits for that.
    func stop() {
      hasEnded.withLock { if !$0 { kill(child, SIGTERM) } }
    }

    /// Waits for its end, and returns zero where all went well.
    ///
    /// To be called once.
    func end() async -> Int32 { await ends.first { _ in true } ?? -1 }
  }

  /// What a child gets from this process.
  private enum Inheritance {
    #if canImport(Darwin)
    static func files() -> posix_spawn_file_actions_t? {
      var actions: posix_spawn_file_actions_t?
      posix_spawn_file_actions_init(&actions)
      return actions
    }

    static func noBlockedSignals() -> posix_spawnattr_t? {
      var attributes: posix_spawnattr_t?
      posix_spawnattr_init(&attributes)
      var none = sigset_t()
      sigemptyset(&none)
      posix_spawnattr_setsigmask(&attributes, &none)
      let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_CLOEXEC_DEFAULT
      posix_spawnattr_setflags(&attributes, Int16(flags))
      return attributes
    }
    #else
    static func files() -> posix_spawn_file_actions_t {
      var actions = posix_spawn_file_actions_t()
      posix_spawn_file_actions_init(&actions)
      return actions
    }

    static func noBlockedSignals() -> posix_spawnattr_t {
      var attributes = posix_spawnattr_t()
      posix_spawnattr_init(&attributes)
      var none = sigset_t()
      sigemptyset(&none)
      posix_spawnattr_setsigmask(&attributes, &none)
      posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
      return attributes
    }
    #endif
  }
}

import Foundation
import Synchronization

/// One program, started without a shell, fed and listened to until it ends or must.
struct ProgramRun {
  enum Outcome: Equatable {
    case exited(Int32, output: String, errors: String)
    case signalled(Int32)
    case notStarted(String)
    case overdue, tooMuch, cancelled
  }

  let words: [String]
  /// The only place that it is told of; nil where it gets all that the user has.
  let folder: String?
  let limit: Duration
  /// Bytes of stdout and of stderr each.
  let mostOutput: Int
  let isCancelled: () -> Bool

  static let usualOutput = 64 << 10

  /// A program that may know next to nothing: neither the environment nor the user's folder.
  init(
    words: [String], folder: String, limit: Duration, isCancelled: @escaping () -> Bool = { false }
  ) {
    self.words = words
    self.folder = folder
    self.limit = limit
    mostOutput = ProgramRun.usualOutput
    self.isCancelled = isCancelled
  }

  /// A program of the user's, which is started as they would start it; its stderr is theirs to see.
  init(asUser words: [String], limit: Duration, mostOutput: Int) {
    self.words = words
    folder = nil
    self.limit = limit
    self.mostOutput = mostOutput
    isCancelled = { false }
  }

  /// Without a folder the user's own; else where programs are, the language, and where temporary files may go.
  ///
  /// Keys are in the environment too, and none of them is passed on then.
  private var environment: [String] {
    let own = ProcessInfo.processInfo.environment
    guard folder != nil else { return own.map { "\($0)=\($1)" } }
    return ["LANG=C.UTF-8"]
      + ["PATH", "TMPDIR"].compactMap { name in own[name].map { "\(name)=\($0)" } }
  }

  /// A program of the user's may ask for a passphrase, which only the terminal's own group may.
  private var leadsGroup: Bool { folder != nil }

  /// Runs it; blocks until it has ended, and every process of its group where it has one of its own.
  func outcome(of input: [UInt8]) -> Outcome {
    let deadline = ContinuousClock.now + limit
    guard let (process, pipes) = start() else {
      return .notStarted(String(cString: strerror(errno)))
    }
    var talk = Talk(pipes: pipes, input: input[...], mostOutput: mostOutput)
    var early: Outcome?
    var hasExited = false
    while !hasExited || talk.isOpen {
      if early == nil {
        if isCancelled() { early = .cancelled }
        if ContinuousClock.now >= deadline { early = .overdue }
        if talk.isTooMuch { early = .tooMuch }
        // All that it started goes with it.
        if early != nil || hasExited { kill(leadsGroup ? -process : process, SIGKILL) }
      }
      // What left the group and keeps a pipe open is not waited for.
      if hasExited, early != nil || ContinuousClock.now >= deadline { break }
      talk.go(on: talk.isOpen && !hasExited ? 20 : 1)
      if !hasExited { hasExited = ProgramRun.hasExited(process) }
    }
    kill(leadsGroup ? -process : process, SIGKILL)
    talk.close()
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    if let early { return early }
    let signal = status & 0x7F
    return signal == 0
      ? .exited(status >> 8 & 0xFF, output: talk.text(.output), errors: talk.text(.errors))
      : .signalled(signal)
  }

  /// Whether it has ended; it keeps its number until it is waited for.
  private static func hasExited(_ process: pid_t) -> Bool {
    var info = siginfo_t()
    return waitid(P_PID, id_t(process), &info, WEXITED | WNOWAIT | WNOHANG) == 0
      && info.si_signo == SIGCHLD
  }

  // MARK: - Starting

  /// Of two that start at once, neither inherits the other's pipes.
  private static let gate = Mutex(())

  private func start() -> (pid_t, Talk.Pipes)? {
    ProgramRun.gate.withLock { _ in
      var pipes: [Pipe] = []
      // Without a folder it keeps the user's stderr.
      for _ in 0..<(folder == nil ? 2 : 3) {
        guard let pipe = Pipe() else {
          for pipe in pipes { pipe.close() }
          return nil
        }
        pipes.append(pipe)
      }
      let its = pipes.enumerated().map { ($0 == 0 ? $1.read : $1.write, Int32($0)) }
      let ours = pipes.enumerated().map { $0 == 0 ? $1.write : $1.read }
      let launch = Launch(
        words: words, environment: environment, folder: folder, files: its, leadsGroup: leadsGroup)
      let process = launch.start()
      let reason = errno
      for (end, _) in its { Foundation.close(end) }
      guard let process else {
        for end in ours { Foundation.close(end) }
        errno = reason
        return nil
      }
      let errors = ours.count > 2 ? ours[2] : -1
      return (process, Talk.Pipes(input: ours[0], output: ours[1], errors: errors))
    }
  }

  /// Two ends, neither of which a child inherits unasked.
  private struct Pipe {
    let read: Int32
    let write: Int32

    init?() {
      var ends: [Int32] = [0, 0]
      guard pipe(&ends) == 0 else { return nil }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      (read, write) = (ends[0], ends[1])
    }

    func close() {
      Foundation.close(read)
      Foundation.close(write)
    }
  }
}

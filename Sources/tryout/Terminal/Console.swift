import Foundation
import Synchronization
import TryoutReport

/// The two streams of a command: data on stdout, talk on stderr.
///
/// The only place that prints.
enum Console {
  /// Gives the standard streams that were closed to nobody.
  ///
  /// Else the next file or socket would be one of them, and get what is printed. Writing to them stays an error.
  static func occupyClosedStreams() {
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) < 0 {
      // The lowest free number is taken, which is this one.
      _ = open("/dev/null", O_RDONLY)
    }
  }

  /// Writes data as it is, without a line end of its own; throws where not all of it can be written.
  static func data(_ text: String) throws {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        var output = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
        poll(&output, 1, -1)
      } else if errno != EINTR {
        // A reader that went away, as `head` does, has what it wanted.
        if errno == EPIPE { return }
        throw UserError(
          .cannotWrite,
          "stdout cannot be written: \(String(cString: strerror(errno)))."
        )
      }
    }
  }

  /// Writes a text for people as data; under GitHub Actions no line of it is a command, whoever wrote it.
  static func text(_ text: String) throws {
    guard isGitHubJob else { return try data(text) }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    try data(lines.map { AnnotationRendering.disarmed(String($0)) }.joined(separator: "\n"))
  }

  /// Says a line on stderr, whoever wrote it: nothing in it reaches the terminal as a command.
  static func say(_ line: String) {
    block.withLock { drawn in
      let safe = VisibleText.line(line)
      let text = clearing(drawn) + (isGitHubJob ? AnnotationRendering.disarmed(safe) : safe) + "\n"
      FileHandle.standardError.writeIgnoringClosedPipes(text)
      drawn = 0
    }
  }

  /// Tells GitHub's runner something on stderr, which it reads as it reads stdout.
  static func command(_ lines: String) {
    block.withLock { drawn in
      FileHandle.standardError.writeIgnoringClosedPipes(clearing(drawn) + lines)
      drawn = 0
    }
  }

  static let isGitHubJob =
    ProcessInfo.processInfo.environment["GITHUB_ACTIONS"] == "true"

  /// Draws lines on stderr in place of those drawn before; none removes them.
  static func redraw(_ lines: [String]) {
    block.withLock { drawn in
      guard drawn > 0 || !lines.isEmpty else { return }
      let text = clearing(drawn) + lines.map { $0 + "\n" }.joined()
      FileHandle.standardError.writeIgnoringClosedPipes(text)
      drawn = lines.count
    }
  }

  /// How many lines at the end of the terminal will be drawn again.
  private static let block = Mutex(0)

  private static func clearing(_ lines: Int) -> String {
    lines > 0 ? "\u{1B}[\(lines)A\u{1B}[J" : ""
  }

  static let isErrorTerminal = isatty(STDERR_FILENO) == 1
  static let isOutputTerminal = isatty(STDOUT_FILENO) == 1

  /// Whether colour may be used on stdout: a terminal, and nobody said no (no-color.org).
  static func usesColor(_ isRefused: Bool) -> Bool {
    let environment = ProcessInfo.processInfo.environment
    let isSilenced = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
    return isOutputTerminal && !isRefused && !isSilenced
  }

  /// Columns and rows of the terminal on stderr; 80 × 24 where there is none.
  static var size: (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
    else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }
}

private extension FileHandle {
  /// Talk that nobody hears is no reason to stop a run.
  func writeIgnoringClosedPipes(_ text: String) {
    try? write(contentsOf: Data(text.utf8))
  }
}

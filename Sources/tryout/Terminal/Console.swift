import Foundation

/// The two streams of a command: data on stdout, talk on stderr.
///
/// The only place that prints.
enum Console {
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

  /// Says a line on stderr.
  static func say(_ line: String) {
    FileHandle.standardError.writeIgnoringClosedPipes(line + "\n")
  }

  /// Draws on stderr without ending the line.
  static func draw(_ text: String) {
    FileHandle.standardError.writeIgnoringClosedPipes(text)
  }

  static let isErrorTerminal = isatty(STDERR_FILENO) == 1
  static let isOutputTerminal = isatty(STDOUT_FILENO) == 1

  /// Whether colour may be used on stdout: a terminal, and nobody said no (no-color.org).
  static func usesColor(_ isRefused: Bool) -> Bool {
    let environment = ProcessInfo.processInfo.environment
    let isSilenced = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
    return isOutputTerminal && !isRefused && !isSilenced
  }

  /// The columns of the terminal on stderr; 80 where there is none.
  static var width: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}

private extension FileHandle {
  /// Talk that nobody hears is no reason to stop a run.
  func writeIgnoringClosedPipes(_ text: String) {
    try? write(contentsOf: Data(text.utf8))
  }
}

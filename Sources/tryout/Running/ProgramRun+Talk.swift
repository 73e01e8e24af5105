import Foundation

extension ProgramRun {
  /// What goes through a program's pipes, a piece at a time and never waiting on one while another is full.
  struct Talk {
    struct Pipes {
      var input: Int32
      var output: Int32
      var errors: Int32
    }

    enum Side { case output, errors }

    /// -1 where the pipe is closed, or never was.
    private var pipes: Pipes
    private var input: ArraySlice<UInt8>
    private var output: [UInt8] = []
    private var errors: [UInt8] = []
    private let mostOutput: Int

    init(pipes: Pipes, input: ArraySlice<UInt8>, mostOutput: Int) {
      self.pipes = pipes
      self.input = input
      self.mostOutput = mostOutput
      for end in [pipes.input, pipes.output, pipes.errors] where end >= 0 {
        _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
      }
    }

    /// Whether it may still say something.
    var isOpen: Bool { pipes.output >= 0 || pipes.errors >= 0 }

    var isTooMuch: Bool { max(output.count, errors.count) > mostOutput }

    func text(_ side: Side) -> String {
      String(decoding: side == .output ? output : errors, as: UTF8.self)
    }

    /// Waits at most so many milliseconds for a pipe, and moves what it takes or gives.
    mutating func go(on milliseconds: Int32) {
      var waiting = [
        pollfd(fd: pipes.input, events: Int16(POLLOUT), revents: 0),
        pollfd(fd: pipes.output, events: Int16(POLLIN), revents: 0),
        pollfd(fd: pipes.errors, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&waiting, nfds_t(waiting.count), milliseconds) > 0 else { return }
      if waiting[0].revents != 0 { write() }
      if waiting[1].revents != 0 { Talk.read(&pipes.output, into: &output, atMost: mostOutput) }
      if waiting[2].revents != 0 { Talk.read(&pipes.errors, into: &errors, atMost: mostOutput) }
    }

    private mutating func write() {
      let count = input.withUnsafeBytes { Foundation.write(pipes.input, $0.baseAddress, $0.count) }
      if count > 0 { input = input.dropFirst(count) }
      // A program that does not read all of it may know enough.
      let isOver = input.isEmpty || count < 0 && errno != EAGAIN && errno != EINTR
      if isOver { Talk.close(&pipes.input) }
    }

    private static func read(_ end: inout Int32, into bytes: inout [UInt8], atMost most: Int) {
      var buffer = [UInt8](repeating: 0, count: 16 << 10)
      let count = Foundation.read(end, &buffer, buffer.count)
      if count > 0, bytes.count <= most { bytes += buffer.prefix(count) }
      if count == 0 || count < 0 && errno != EAGAIN && errno != EINTR { close(&end) }
    }

    private static func close(_ end: inout Int32) {
      if end >= 0 { Foundation.close(end) }
      end = -1
    }

    mutating func close() {
      Talk.close(&pipes.input)
      Talk.close(&pipes.output)
      Talk.close(&pipes.errors)
    }
  }
}

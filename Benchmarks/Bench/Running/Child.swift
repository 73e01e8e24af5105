import Glibc

/// What a process printed and took.
struct Outcome {
  var output: String
  /// Seconds.
  var wall: Double
  /// Seconds of user and system time.
  var cpu: Double
  /// The most memory at any time, in megabytes of 2²⁰ bytes.
  var memory: Double
  var status: Int32
}

/// A process that was started here; whoever starts it waits for it.
struct Child {
  private let process: pid_t
  private let input: Int32
  private let output: Int32
  private let started = Moment.now()

  /// Starts a program by its path, with pipes at its input and output; what it says besides goes into a file.
  init(_ words: [String], talk: String) throws {
    var (input, output): ([Int32], [Int32]) = ([0, 0], [0, 0])
    guard pipe(&input) == 0, pipe(&output) == 0 else { throw BenchError("no pipe for \(words[0])") }
    for end in [input[1], output[0]] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (end, standard) in [(input[0], STDIN_FILENO), (output[1], STDOUT_FILENO)] {
      posix_spawn_file_actions_adddup2(&actions, end, standard)
      posix_spawn_file_actions_addclose(&actions, end)
    }
    posix_spawn_file_actions_addopen(
      &actions, STDERR_FILENO, talk, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    var arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process: pid_t = 0
    let result = posix_spawn(&process, words[0], &actions, nil, &arguments, environ)
    close(input[0])
    close(output[1])
    guard result == 0 else { throw BenchError("\(words[0]): \(String(cString: strerror(result)))") }
    self.process = process
    self.input = input[1]
    self.output = output[0]
  }

  /// What it prints next; empty at the end.
  func read() -> String {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = Glibc.read(output, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  /// Lets its input end, reads the rest of its output and waits for it.
  func finish() -> Outcome {
    close(input)
    var text = ""
    while case let more = read(), !more.isEmpty { text += more }
    close(output)
    var (status, usage): (Int32, rusage) = (0, rusage())
    wait4(process, &status, 0, &usage)
    return Outcome(
      output: text, wall: Double(Moment.now() - started) / 1e9,
      cpu: usage.ru_utime.seconds + usage.ru_stime.seconds,
      memory: Double(usage.ru_maxrss) / 1024, status: status)
  }
}

/// Why nothing could be measured, in words.
struct BenchError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

private extension timeval {
  var seconds: Double { Double(tv_sec) + Double(tv_usec) / 1e6 }
}

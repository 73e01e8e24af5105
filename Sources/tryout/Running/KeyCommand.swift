import Foundation
import TryoutCore

/// A program that prints a key, such as the client of a secret manager; no shell is between.
struct KeyCommand {
  private let program: URL
  private let words: [String]

  /// How long it may take: somebody may have to unlock something.
  private static let patience = Duration.seconds(30)

  /// Looks for the program where a shell would; throws where it is not there.
  init(_ words: [String]) throws {
    self.words = words
    let name = words[0]
    let folders =
      name.contains("/")
      ? [""]
      : (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/" }
    guard
      let path = folders.map({ $0 + name })
        .first(where: { FileManager.default.isExecutableFile(atPath: $0) })
    else { throw UserError(.usage, "The program \(name) of its key_command is not there.") }
    program = URL(fileURLWithPath: path)
  }

  /// What it prints on stdout; its stderr is the user's to see.
  ///
  /// Throws where it fails, takes too long, or prints more than a key can be.
  func output(atMost most: Int) throws -> String {
    let process = Process()
    process.executableURL = program
    process.arguments = Array(words.dropFirst())
    process.standardInput = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    do {
      try process.run()
    } catch {
      throw UserError(.usage, "The program \(words[0]) of its key_command cannot be started.")
    }
    let deadline = ContinuousClock.now + KeyCommand.patience
    let bytes = read(pipe.fileHandleForReading.fileDescriptor, atMost: most, until: deadline)
    let left = max(0, (deadline - .now).nanoseconds)
    guard let bytes, ended.wait(timeout: .now() + .nanoseconds(Int(left))) == .success else {
      kill(process.processIdentifier, SIGKILL)
      throw UserError(
        .usage,
        "The program \(words[0]) of its key_command printed no key within \(KeyCommand.patience.brief)."
      )
    }
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      throw UserError(
        .usage,
        "The program \(words[0]) of its key_command failed with code \(process.terminationStatus).")
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Everything until the end of file; nil where that does not come in time, or comes too late.
  private func read(
    _ descriptor: Int32, atMost most: Int, until deadline: ContinuousClock.Instant
  ) -> [UInt8]? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while bytes.count <= most {
      var input = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let left = (deadline - .now).nanoseconds / 1_000_000
      guard left > 0 else { return nil }
      guard poll(&input, 1, Int32(left)) > 0 else { continue }
      let count = Foundation.read(descriptor, &buffer, buffer.count)
      if count == 0 { return bytes }
      if count > 0 { bytes += buffer[..<count] }
    }
    return nil
  }
}

import Dispatch
import Foundation
import Synchronization
import TryoutCore

/// Turns SIGINT, SIGTERM and SIGHUP into words for a run: the first drains it, the second stops it.
final class Signals: Sendable {
  let interruption = Interruption()
  private let received = Mutex<Received?>(nil)
  private let queue = DispatchQueue(label: "signals")

  private struct Received {
    let first: Int32
    let at = ContinuousClock.now
    var hasSecond = false
  }

  /// What is said when the first signal comes.
  private let farewell: String

  init(farewell: String = "Stopping.") {
    self.farewell = farewell
  }

  /// The first signal that came.
  var first: Int32? { received.withLock { $0?.first } }

  /// Whether what is under way must end too: a second signal came, or the time of grace is over.
  func isFinal(after grace: Duration) -> Bool {
    received.withLock { $0.map { $0.hasSecond || $0.at + grace < .now } ?? false }
  }

  /// Handles signals while the body runs.
  func handling<T>(_ body: () async throws -> T) async rethrows -> T {
    let numbers = [SIGINT, SIGTERM] + (Signals.isIgnored(SIGHUP) ? [] : [SIGHUP])
    let sources = numbers.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { [self] in
        let isFirst = received.withLock { received in
          guard received != nil else {
            received = Received(first: number)
            return true
          }
          received?.hasSecond = true
          return false
        }
        Console.say(isFirst ? farewell : "Stopping at once.")
        interruption.signal()
      }
      source.resume()
      return source
    }
    defer {
      sources.forEach { $0.cancel() }
      // From here on a signal ends the process as usual.
      for number in numbers { signal(number, SIG_DFL) }
    }
    return try await body()
  }

  /// Whether whoever started this wants it to live on, as `nohup` does.
  private static func isIgnored(_ number: Int32) -> Bool {
    let before = signal(number, SIG_IGN)
    signal(number, before)
    return unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}

extension Verdict.Code {
  /// The exit code of a command that the first signal may have ended early: of shells, 128 and its number.
  func status(after signal: Int32?) -> Int32 {
    self == .interrupted ? 128 + (signal ?? SIGINT) : rawValue
  }
}

import Synchronization

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Streams whose every chunk says when it was sent, for many clients at once.
///
/// A chunk's content is the server's reading of `CLOCK_MONOTONIC`, in nanoseconds and followed by
/// a space, taken just before the write. Chunks are paced by a schedule that a late one does not
/// shift; the streams' phases are spread evenly over the pause, as strangers' streams would be.
package final class StampServer: Sendable {
  private let port: Int
  /// Closing it tells the loop to end.
  private let stopper: Mutex<(descriptor: Int32, thread: pthread_t)?>

  /// Opens a free loopback port and serves it on one thread of its own.
  ///
  /// Every answer has so many chunks with a pause between each two; the delay is what passes before
  /// the first, and lets many connections be opened in peace.
  package init(
    chunks: Int, pause: Duration, delay: Duration = .zero
  ) throws(SimulatorError) {
    let (listener, port) = try Loopback.listener(on: 0)
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      close(listener)
      throw .cannotListen(port: 0, reason: "There are too many open files.")
    }
    let loop = Unmanaged.passRetained(
      StampLoop(
        listener: listener, stopper: ends[0], chunks: chunks, pause: pause.nanoseconds,
        delay: delay.nanoseconds))
    #if canImport(Darwin)
    var started: pthread_t?
    let code = pthread_create(&started, nil, StampServer.main, loop.toOpaque())
    #else
    var thread = pthread_t()
    let code = pthread_create(&thread, nil, StampServer.main, loop.toOpaque())
    let started: pthread_t? = thread
    #endif
    guard code == 0, let started else {
      loop.release()
      close(ends[1])
      throw .cannotListen(port: 0, reason: "There is no thread for it.")
    }
    self.port = port
    stopper = Mutex((ends[1], started))
  }

  deinit { stop() }

  /// What a client puts `/chat/completions` behind.
  package var url: String { "http://127.0.0.1:\(port)/v1" }

  /// Closes all connections and waits until the thread has left.
  package func stop() {
    stopper.withLock { stopper in
      guard let (descriptor, thread) = stopper else { return }
      close(descriptor)
      pthread_join(thread, nil)
      stopper = nil
    }
  }

  #if canImport(Darwin)
  private static let main: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? = {
    Unmanaged<StampLoop>.fromOpaque($0).takeRetainedValue().run()
    return nil
  }
  #else
  private static let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
    if let loop = $0 { Unmanaged<StampLoop>.fromOpaque(loop).takeRetainedValue().run() }
    return nil
  }
  #endif
}

private extension Duration {
  var nanoseconds: Int64 {
    components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
  }
}

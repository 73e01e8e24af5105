#if !os(Linux)
import CCurl
import Darwin

/// Waits for the sockets of a multi handle by libcurl's own poll.
///
/// Each wake-up costs in proportion to the open streams: good for some hundred, not for thousands.
final class Poller {
  private let multi: UnsafeMutableRawPointer
  private let turn: UnsafeMutablePointer<UInt64>
  private let waker: Waker

  init(
    _ multi: UnsafeMutableRawPointer,
    turn: UnsafeMutablePointer<UInt64>,
    waker: Waker
  ) throws(TransportError) {
    self.multi = multi
    self.turn = turn
    self.waker = waker
  }

  /// Waits for sockets, libcurl's timer, the waker or the moment, lets libcurl serve what is ready,
  /// and returns when it was woken.
  func poll(until moment: Int64?) -> Int64 {
    var active: Int32 = 0
    // Starts what was added and tells libcurl's own timers before the wait.
    turn.pointee += 1
    curl_multi_perform(multi, &active)
    let left = moment.map { max(0, $0 - MonotonicClock.now()) } ?? .max
    let timeout = Int32(min(left / 1_000_000 + (left % 1_000_000 > 0 ? 1 : 0), 60_000))
    var extra = curl_waitfd(fd: waker.descriptor, events: Int16(CURL_WAIT_POLLIN), revents: 0)
    curl_multi_poll(multi, &extra, 1, timeout, nil)
    if extra.revents != 0 { waker.rest() }
    let woken = MonotonicClock.now()
    turn.pointee += 1
    curl_multi_perform(multi, &active)
    return woken
  }
}

/// Wakes the engine from another thread: a pipe.
final class Waker: Sendable {
  let descriptor: Int32
  private let writing: Int32

  init() throws(TransportError) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw .noEngine("pipe: \(String(cString: strerror(errno)))") }
    (descriptor, writing) = (ends[0], ends[1])
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
  }

  deinit {
    close(descriptor)
    close(writing)
  }

  func wake() {
    var byte: UInt8 = 0
    write(writing, &byte, 1)
  }

  /// Forgets the wake-ups so far.
  func rest() {
    var bytes = [UInt8](repeating: 0, count: 64)
    while read(descriptor, &bytes, bytes.count) > 0 {}
  }
}
#endif

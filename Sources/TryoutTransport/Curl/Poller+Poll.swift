#if !os(Linux)
import CCurl
import Darwin

/// Waits for the sockets of a multi handle by libcurl's own poll.
///
/// Each wake-up costs in proportion to the open streams: good for some hundred, not for thousands.
final class Poller {
  private let multi: UnsafeMutableRawPointer
  private let turn: UnsafeMutablePointer<Turn>
  private let waker: Waker
  private var lastAsked = MonotonicClock.now()
  private var beat: Int64?

  init(
    _ multi: UnsafeMutableRawPointer,
    turn: UnsafeMutablePointer<Turn>,
    waker: Waker
  ) throws(TransportError) {
    self.multi = multi
    self.turn = turn
    self.waker = waker
  }

  /// Waits for sockets, libcurl's timer, the waker, the moment or a beat, and lets libcurl serve what is ready.
  func poll(until moment: Int64?, beats: Bool) -> Awakening {
    // Tells libcurl's own timers before the wait.
    drive()
    let asleep = MonotonicClock.now()
    if !beats {
      beat = nil
    } else if beat == nil {
      beat = asleep + EngineWatch.beat
    }
    let left = max(0, min(moment ?? .max, beat ?? .max) - asleep)
    let timeout = Int32(min(left / 1_000_000 + (left % 1_000_000 > 0 ? 1 : 0), 60_000))
    var extra = curl_waitfd(fd: waker.descriptor, events: Int16(CURL_WAIT_POLLIN), revents: 0)
    curl_multi_poll(multi, &extra, 1, timeout, nil)
    if extra.revents != 0 { waker.rest() }
    let awakening = Awakening(
      asleep: asleep, woken: MonotonicClock.now(), before: lastAsked, due: beat)
    lastAsked = awakening.asked
    if awakening.lag != nil {
      beat = beat.map { EngineWatch.beat(after: awakening.moment, from: $0) }
    }
    turn.pointee.readySince = awakening.readySince
    drive()
    return awakening
  }

  /// Lets libcurl do what is due, such as starting a transfer that was added.
  func drive() {
    var active: Int32 = 0
    turn.pointee.number += 1
    curl_multi_perform(multi, &active)
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

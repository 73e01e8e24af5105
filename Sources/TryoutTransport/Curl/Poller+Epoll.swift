#if os(Linux)
import CCurl
import Glibc

/// Waits for the sockets of a multi handle by epoll, which costs the same for one stream and for
/// thousands.
///
/// Timeouts round up to milliseconds: nothing that is measured depends on them.
final class Poller {
  /// What libcurl's callbacks write.
  private struct Wishes {
    let epoll: Int32
    let multi: UnsafeMutableRawPointer
    /// When libcurl wants to be called without a socket.
    var timer: Int64?
  }

  private static let batch = 256

  private let multi: UnsafeMutableRawPointer
  private let turn: UnsafeMutablePointer<UInt64>
  private let waker: Waker
  private let wishes: UnsafeMutablePointer<Wishes>
  private let events: UnsafeMutablePointer<epoll_event>

  /// The multi handle must be cleaned up only while this poller still exists.
  init(
    _ multi: UnsafeMutableRawPointer,
    turn: UnsafeMutablePointer<UInt64>,
    waker: Waker
  ) throws(TransportError) {
    let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard epoll >= 0 else { throw .noEngine("epoll: \(String(cString: strerror(errno)))") }
    self.multi = multi
    self.turn = turn
    self.waker = waker
    wishes = .allocate(capacity: 1)
    wishes.initialize(to: Wishes(epoll: epoll, multi: multi))
    events = .allocate(capacity: Self.batch)
    events.initialize(repeating: epoll_event(), count: Self.batch)
    var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data(fd: waker.descriptor))
    epoll_ctl(epoll, EPOLL_CTL_ADD, waker.descriptor, &event)

    curl_multi_setopt_pointer(multi, CURLMOPT_SOCKETDATA, wishes)
    curl_multi_setopt_socket(multi) { _, socket, what, context, known in
      guard let wishes = context?.assumingMemoryBound(to: Wishes.self) else { return -1 }
      let epoll = wishes.pointee.epoll
      guard what != CURL_POLL_REMOVE else {
        epoll_ctl(epoll, EPOLL_CTL_DEL, socket, nil)
        return 0
      }
      let wanted =
        (what & CURL_POLL_IN != 0 ? EPOLLIN.rawValue : 0)
        | (what & CURL_POLL_OUT != 0 ? EPOLLOUT.rawValue : 0)
      var event = epoll_event(events: wanted, data: epoll_data(fd: socket))
      // libcurl keeps a mark for each socket that it has told us of.
      if known == nil { curl_multi_assign(wishes.pointee.multi, socket, wishes) }
      epoll_ctl(epoll, known == nil ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event)
      return 0
    }
    curl_multi_setopt_pointer(multi, CURLMOPT_TIMERDATA, wishes)
    curl_multi_setopt_timer(multi) { _, milliseconds, context in
      guard let wishes = context?.assumingMemoryBound(to: Wishes.self) else { return -1 }
      wishes.pointee.timer =
        milliseconds < 0 ? nil : MonotonicClock.now() + Int64(milliseconds) * 1_000_000
      return 0
    }
  }

  deinit {
    close(wishes.pointee.epoll)
    wishes.deallocate()
    events.deallocate()
  }

  /// Waits for sockets, libcurl's timer, the waker or the moment, lets libcurl serve what is ready,
  /// and returns when it was woken.
  func poll(until moment: Int64?) -> Int64 {
    let count = epoll_wait(wishes.pointee.epoll, events, Int32(Self.batch), timeout(moment))
    let woken = MonotonicClock.now()
    var active: Int32 = 0
    for event in UnsafeBufferPointer(start: events, count: max(0, Int(count))) {
      guard event.data.fd != waker.descriptor else {
        waker.rest()
        continue
      }
      let ready =
        (event.events & EPOLLIN.rawValue != 0 ? CURL_CSELECT_IN : 0)
        | (event.events & EPOLLOUT.rawValue != 0 ? CURL_CSELECT_OUT : 0)
        | (event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 ? CURL_CSELECT_ERR : 0)
      turn.pointee += 1
      curl_multi_socket_action(multi, event.data.fd, ready, &active)
    }
    if let timer = wishes.pointee.timer, timer <= MonotonicClock.now() {
      wishes.pointee.timer = nil
      turn.pointee += 1
      curl_multi_socket_action(multi, curl_socket_timeout, 0, &active)
    }
    return woken
  }

  /// Milliseconds until the moment or libcurl's timer, rounded up; -1 without either.
  private func timeout(_ moment: Int64?) -> Int32 {
    guard let due = [moment, wishes.pointee.timer].compactMap(\.self).min() else { return -1 }
    let left = due - MonotonicClock.now()
    return left <= 0 ? 0 : Int32(min((left + 999_999) / 1_000_000, 60_000))
  }
}

/// Wakes the engine from another thread: an eventfd.
final class Waker: Sendable {
  let descriptor: Int32

  init() throws(TransportError) {
    descriptor = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
    guard descriptor >= 0 else { throw .noEngine("eventfd: \(String(cString: strerror(errno)))") }
  }

  deinit { close(descriptor) }

  func wake() { eventfd_write(descriptor, 1) }

  /// Forgets the wake-ups so far.
  func rest() {
    var count: eventfd_t = 0
    eventfd_read(descriptor, &count)
  }
}
#endif

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
  private let turn: UnsafeMutablePointer<Turn>
  private let waker: Waker
  private let metronome: Metronome
  private var lastAsked = MonotonicClock.now()
  private let wishes: UnsafeMutablePointer<Wishes>
  private let events: UnsafeMutablePointer<epoll_event>

  /// The multi handle must be cleaned up only while this poller still exists.
  init(
    _ multi: UnsafeMutableRawPointer,
    turn: UnsafeMutablePointer<Turn>,
    waker: Waker
  ) throws(TransportError) {
    let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard epoll >= 0 else { throw .noEngine("epoll: \(String(cString: strerror(errno)))") }
    self.multi = multi
    self.turn = turn
    self.waker = waker
    do throws(TransportError) {
      metronome = try Metronome()
    } catch {
      close(epoll)
      throw error
    }
    wishes = .allocate(capacity: 1)
    wishes.initialize(to: Wishes(epoll: epoll, multi: multi))
    events = .allocate(capacity: Self.batch)
    events.initialize(repeating: epoll_event(), count: Self.batch)
    var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data(fd: waker.descriptor))
    epoll_ctl(epoll, EPOLL_CTL_ADD, waker.descriptor, &event)
    event.data.fd = metronome.descriptor
    epoll_ctl(epoll, EPOLL_CTL_ADD, metronome.descriptor, &event)

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

  /// Waits for sockets, libcurl's timer, the waker, the moment or a beat, and lets libcurl serve what is ready.
  func poll(until moment: Int64?, beats: Bool) -> Awakening {
    let asleep = MonotonicClock.now()
    metronome.run(beats, from: asleep)
    let count = epoll_wait(
      wishes.pointee.epoll, events, Int32(Self.batch), timeout(moment, at: asleep))
    let awakening = Awakening(
      asleep: asleep, woken: MonotonicClock.now(), before: lastAsked, due: metronome.due)
    lastAsked = awakening.asked
    if awakening.lag != nil { metronome.count(at: awakening.moment) }
    turn.pointee.readySince = awakening.readySince
    var active: Int32 = 0
    for event in UnsafeBufferPointer(start: events, count: max(0, Int(count))) {
      if event.data.fd == waker.descriptor {
        waker.rest()
        continue
      }
      if event.data.fd == metronome.descriptor {
        metronome.rest()
        continue
      }
      let ready =
        (event.events & EPOLLIN.rawValue != 0 ? CURL_CSELECT_IN : 0)
        | (event.events & EPOLLOUT.rawValue != 0 ? CURL_CSELECT_OUT : 0)
        | (event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 ? CURL_CSELECT_ERR : 0)
      turn.pointee.number += 1
      curl_multi_socket_action(multi, event.data.fd, ready, &active)
    }
    drive()
    return awakening
  }

  /// Lets libcurl do what its timer says is due, such as starting a transfer that was added.
  func drive() {
    guard let timer = wishes.pointee.timer, timer <= MonotonicClock.now() else { return }
    wishes.pointee.timer = nil
    turn.pointee.number += 1
    var active: Int32 = 0
    curl_multi_socket_action(multi, curl_socket_timeout, 0, &active)
  }

  /// Milliseconds until the moment or libcurl's timer, rounded up; -1 without either.
  private func timeout(_ moment: Int64?, at now: Int64) -> Int32 {
    let due = min(moment ?? .max, wishes.pointee.timer ?? .max)
    guard due < .max else { return -1 }
    let left = due - now
    return left <= 0 ? 0 : Int32(min((left + 999_999) / 1_000_000, 60_000))
  }
}

/// Beats while exchanges are under way: a timerfd.
///
/// Its beats are exact to microseconds, which timeouts of epoll are not.
private final class Metronome {
  let descriptor: Int32
  /// When the next beat is due; nil at rest.
  private(set) var due: Int64?

  init() throws(TransportError) {
    descriptor = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_NONBLOCK | TFD_CLOEXEC))
    guard descriptor >= 0 else { throw .noEngine("timerfd: \(String(cString: strerror(errno)))") }
  }

  deinit { close(descriptor) }

  /// Starts or stops; a beat that was missed meanwhile stays due, since it shows how long the thread was busy.
  func run(_ beats: Bool, from now: Int64) {
    if beats, due == nil { set(now + EngineWatch.beat) }
    if !beats, due != nil { set(nil) }
  }

  /// A beat was served, or several at once; the next one after now is due.
  func count(at now: Int64) {
    due = due.map { EngineWatch.beat(after: now, from: $0) }
  }

  private func set(_ first: Int64?) {
    due = first
    var time = itimerspec()
    if let first {
      time.it_value = timespec(
        tv_sec: Int(first / 1_000_000_000), tv_nsec: Int(first % 1_000_000_000))
      time.it_interval.tv_nsec = Int(EngineWatch.beat)
    }
    timerfd_settime(descriptor, Int32(TFD_TIMER_ABSTIME), &time, nil)
  }

  /// Forgets the beats so far.
  func rest() {
    var beats: UInt64 = 0
    read(descriptor, &beats, 8)
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

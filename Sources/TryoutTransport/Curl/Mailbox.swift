import Synchronization
import TryoutCore

/// Hands orders to the engine's thread; the only state that other threads share with it.
final class Mailbox: Sendable {
  struct Letter: Sendable {
    var ticket: UInt64
    var order: Order
    /// When `ask` was called.
    var asked: Int64
    var answer: CheckedContinuation<Parcel, Never>
  }

  struct Post {
    var letters: [Letter] = []
    var cancelled: [UInt64] = []
    /// Whether the engine is to end everything and leave.
    var stops = false

    var isEmpty: Bool { letters.isEmpty && cancelled.isEmpty && !stops }
  }

  private struct State {
    var post = Post()
    /// The engine may be waiting for its sockets, and a new letter must wake it.
    var sleeps = false
    var tickets: UInt64 = 0
    var observed = HarnessRecord()
  }

  private let state = Mutex(State())
  let waker: Waker

  init() throws(TransportError) { waker = try Waker() }

  /// A number that no other order has.
  func ticket() -> UInt64 {
    state.withLock { state in
      state.tickets += 1
      return state.tickets
    }
  }

  /// Puts a letter in; one that comes after `stop` is answered at once.
  func send(_ letter: Letter) {
    let isStopped = state.withLock { state in
      guard !state.post.stops else { return true }
      state.post.letters.append(letter)
      wakeIfAsleep(&state)
      return false
    }
    if isStopped { letter.answer.resume(returning: Parcel(Reply(ending: .cancelled))) }
  }

  /// Asks to end an order; means nothing once it has ended.
  func cancel(_ ticket: UInt64) {
    state.withLock { state in
      guard !state.post.stops else { return }
      state.post.cancelled.append(ticket)
      wakeIfAsleep(&state)
    }
  }

  func stop() {
    state.withLock { state in
      state.post.stops = true
      wakeIfAsleep(&state)
    }
  }

  /// What the engine observed about itself; complete once it has left.
  var observed: HarnessRecord { state.withLock { $0.observed } }

  /// The engine's last words.
  func leave(_ record: HarnessRecord) { state.withLock { $0.observed = record } }

  /// Takes what has come.
  ///
  /// After an empty post the engine counts as asleep, until it takes again, unless it is busy.
  func take(isBusy: Bool) -> Post {
    state.withLock { state in
      state.sleeps = !isBusy && state.post.isEmpty
      var post = Post()
      post.stops = state.post.stops
      swap(&post, &state.post)
      return post
    }
  }

  private func wakeIfAsleep(_ state: inout State) {
    guard state.sleeps else { return }
    state.sleeps = false
    waker.wake()
  }
}

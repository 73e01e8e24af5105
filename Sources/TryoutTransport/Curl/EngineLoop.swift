import CCurl
import TryoutCore

/// The engine's own half: the multi handle and everything attached to it.
///
/// Made by one thread and then handed to the engine's, which alone may use it from then on.
final class EngineLoop {
  private let mailbox: Mailbox
  private let multi: UnsafeMutableRawPointer
  private let poller: Poller
  private let turn: UnsafeMutablePointer<UInt64>
  private var deadlines = Deadlines()
  private var running: [UInt64: UnsafeMutablePointer<Transfer>] = [:]
  private var idle: [UnsafeMutablePointer<Transfer>] = []

  init(_ mailbox: Mailbox) throws(TransportError) {
    guard let multi = curl_multi_init() else { throw .noEngine("libcurl has no memory left") }
    self.mailbox = mailbox
    self.multi = multi
    // Connections that stay open for reuse; transfers are limited by the scheduler, never here.
    curl_multi_setopt_long(multi, CURLMOPT_MAXCONNECTS, 1024)
    turn = .allocate(capacity: 1)
    turn.initialize(to: 1)
    do throws(TransportError) {
      poller = try Poller(multi, turn: turn, waker: mailbox.waker)
    } catch {
      turn.deallocate()
      curl_multi_cleanup(multi)
      throw error
    }
  }

  deinit {
    for transfer in idle { Transfer.destroy(transfer) }
    curl_multi_cleanup(multi)
    turn.deallocate()
  }

  /// Serves the mailbox until it says to stop; then ends everything that is under way.
  func run() {
    while true {
      let post = mailbox.take()
      for letter in post.letters { start(letter) }
      for ticket in post.cancelled { end(ticket, .cancelled, at: MonotonicClock.now()) }
      if post.stops { break }
      let woken = poller.poll(until: post.isEmpty ? deadlines.first : 0)
      reap()
      expire(at: woken)
    }
    let now = MonotonicClock.now()
    for ticket in Array(running.keys) { end(ticket, .cancelled, at: now) }
  }

  private func start(_ letter: Mailbox.Letter) {
    guard let transfer = idle.popLast() ?? Transfer.make(for: letter, turn: turn) else {
      let error = CurlError(code: CURLE_OUT_OF_MEMORY.rawValue, detail: "", proxyStatus: 0)
      return letter.answer.resume(returning: Reply(ending: .curl(error)))
    }
    let code = transfer.pointee.load(letter)
    let now = MonotonicClock.now()
    transfer.pointee.begin(at: now)
    running[letter.ticket] = transfer
    guard code == CURLE_OK, curl_multi_add_handle(multi, transfer.pointee.easy) == CURLM_OK else {
      return end(
        letter.ticket,
        transfer.pointee.ending(code == CURLE_OK ? CURLE_FAILED_INIT : code),
        at: now
      )
    }
    deadlines.insert(letter.ticket, due: now)
  }

  /// Collects what libcurl has finished.
  private func reap() {
    var code = CURLE_OK
    while let easy = curl_multi_next_done(multi, &code) {
      guard let context = curl_easy_getinfo_private(easy) else { continue }
      let transfer = context.assumingMemoryBound(to: Transfer.self)
      end(
        transfer.pointee.letter.ticket,
        transfer.pointee.ending(code),
        at: MonotonicClock.now()
      )
    }
  }

  /// Looks at the exchanges whose moment has come.
  ///
  /// The moment is that of the last wake-up: what was
  /// ready by then has been read, so a busy engine lets nothing expire that had arrived.
  private func expire(at now: Int64) {
    while let ticket = deadlines.next(at: now) {
      guard let transfer = running[ticket] else { continue }
      let patience = transfer.pointee.letter.order.patience
      switch patience.judge(transfer.pointee.progress, at: now) {
      case .expired(let kind): end(ticket, .expired(kind), at: now)
      case .waits(let due): deadlines.insert(ticket, due: due)
      }
    }
  }

  private func end(_ ticket: UInt64, _ ending: Ending, at now: Int64) {
    guard let transfer = running.removeValue(forKey: ticket) else { return }
    let reply = transfer.pointee.reply(ending, at: now)
    curl_multi_remove_handle(multi, transfer.pointee.easy)
    idle.append(transfer)
    transfer.pointee.letter.answer.resume(returning: reply)
  }
}

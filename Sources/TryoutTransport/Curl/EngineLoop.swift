import CCurl
import TryoutCore

/// The engine's own half: the multi handle and everything attached to it.
///
/// Made by one thread and then handed to the engine's, which alone may use it from then on.
final class EngineLoop {
  private let mailbox: Mailbox
  private let trust: Trust
  private let multi: UnsafeMutableRawPointer
  private let poller: Poller
  private let turn: UnsafeMutablePointer<Turn>
  private var deadlines = Deadlines()
  private var watch = EngineWatch()
  /// Letters whose turn has not come, from `next` on.
  private var letters: [Mailbox.Letter] = []
  private var next = 0
  /// Whether libcurl may have finished more than was collected.
  private var hasFinished = false
  private var running: [UInt64: UnsafeMutablePointer<Transfer>] = [:]
  private var idle: [UnsafeMutablePointer<Transfer>] = []

  init(_ mailbox: Mailbox, _ trust: Trust) throws(TransportError) {
    guard let multi = curl_multi_init() else { throw .noEngine("libcurl has no memory left") }
    self.mailbox = mailbox
    self.trust = trust
    self.multi = multi
    // Connections that stay open for reuse; transfers are limited by the scheduler, never here.
    curl_multi_setopt_long(multi, CURLMOPT_MAXCONNECTS, 1024)
    turn = .allocate(capacity: 1)
    turn.initialize(to: Turn())
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
      let post = mailbox.take(isBusy: hasFinished || next < letters.count)
      accept(post.letters)
      startSome()
      for ticket in post.cancelled { cancel(ticket) }
      if post.stops { break }
      let isBusy = next < letters.count || !post.isEmpty || hasFinished
      let woken = poller.poll(until: isBusy ? 0 : deadlines.first, beats: !running.isEmpty)
      if let lag = woken.lag {
        watch.add(beat: lag)
        if lag >= EngineWatch.standstill {
          for transfer in running.values {
            transfer.pointee.isResumed(after: lag, at: woken.moment)
          }
        }
      }
      hasFinished = reap()
      expire(at: woken.moment)
    }
    let now = MonotonicClock.now()
    for ticket in Array(running.keys) { end(ticket, .cancelled, at: now) }
    for letter in letters[next...] {
      letter.answer.resume(returning: Parcel(Reply(ending: .cancelled)))
    }
    mailbox.leave(watch.record(processorTime: MonotonicClock.ofThread()))
  }

  /// Lets go of the letters that were started, so that a queue which never empties does not keep them.
  private func accept(_ post: [Mailbox.Letter]) {
    guard !post.isEmpty else { return }
    letters.removeFirst(next)
    letters += post
    next = 0
  }

  /// Starts a few of those who wait; between them the streams that are open are read, as between those that end.
  private func startSome() {
    for letter in letters[next...].prefix(8) { start(letter) }
    next = min(next + 8, letters.count)
  }

  private func cancel(_ ticket: UInt64) {
    let now = MonotonicClock.now()
    if let index = letters[next...].firstIndex(where: { $0.ticket == ticket }) {
      letters.remove(at: index).answer.resume(returning: Parcel(Reply(ending: .cancelled)))
    } else {
      end(ticket, .cancelled, at: now)
    }
  }

  private func start(_ letter: Mailbox.Letter) {
    guard let transfer = idle.popLast() ?? Transfer.make(for: letter, turn: turn, trust) else {
      let error = CurlError(code: CURLE_OUT_OF_MEMORY.rawValue, detail: "", proxyStatus: 0)
      return letter.answer.resume(returning: Parcel(Reply(ending: .curl(error))))
    }
    let code = transfer.pointee.load(letter, among: running.count)
    let now = MonotonicClock.now()
    transfer.pointee.begin(at: now)
    running[letter.ticket] = transfer
    watch.set(inFlight: running.count, at: now)
    watch.add(dispatch: now - letter.asked)
    guard code == CURLE_OK, curl_multi_add_handle(multi, transfer.pointee.easy) == CURLM_OK else {
      return end(
        letter.ticket,
        transfer.pointee.ending(code == CURLE_OK ? CURLE_FAILED_INIT : code),
        at: now
      )
    }
    deadlines.insert(letter.ticket, due: now)
    // Sends at once where a connection is open: what follows in this turn must not delay it.
    poller.drive()
    transfer.pointee.isDriven(at: MonotonicClock.now())
  }

  /// Collects some of what libcurl has finished; false where that was all.
  private func reap() -> Bool {
    var code = CURLE_OK
    for _ in 0..<8 {
      guard let easy = curl_multi_next_done(multi, &code) else { return false }
      guard let context = curl_easy_getinfo_private(easy) else { continue }
      let transfer = context.assumingMemoryBound(to: Transfer.self)
      end(
        transfer.pointee.letter.ticket,
        transfer.pointee.ending(code),
        at: MonotonicClock.now()
      )
    }
    return true
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
    watch.set(inFlight: running.count, at: now)
    let reply = transfer.pointee.reply(ending, at: now)
    if let lag = transfer.pointee.stampLag { watch.add(stamp: lag) }
    curl_multi_remove_handle(multi, transfer.pointee.easy)
    idle.append(transfer)
    transfer.pointee.letter.answer.resume(returning: Parcel(reply))
  }
}

import CCurl
import Foundation
import Synchronization
import TryoutCore

/// The thread that owns libcurl, seen from outside: orders in, replies out.
final class Engine: Sendable {
  private let mailbox: Mailbox
  /// Nil once the thread was joined.
  private let thread: Mutex<pthread_t?>

  /// Starts the thread, which takes `trust` over.
  init(_ trust: sending Trust) throws(TransportError) {
    mailbox = try Mailbox()
    let loop = Unmanaged.passRetained(try EngineLoop(mailbox, trust))
    #if canImport(Darwin)
    var thread: pthread_t?
    #else
    var thread = pthread_t()
    #endif
    // The pointer carries the loop to the one thread that uses it from now on.
    let code = pthread_create(&thread, nil, Engine.main, loop.toOpaque())
    guard code == 0 else {
      loop.release()
      throw .noEngine("no thread: \(String(cString: strerror(code)))")
    }
    self.thread = Mutex(thread)
  }

  #if canImport(Darwin)
  private static let main: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? = {
    Unmanaged<EngineLoop>.fromOpaque($0).takeRetainedValue().run()
    return nil
  }
  #else
  private static let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
    if let loop = $0 { Unmanaged<EngineLoop>.fromOpaque(loop).takeRetainedValue().run() }
    return nil
  }
  #endif

  /// Carries out an order that was asked for at the moment; ends early when the task is cancelled.
  func carryOut(_ order: Order, asked: Int64) async -> Parcel {
    let ticket = mailbox.ticket()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        mailbox.send(.init(ticket: ticket, order: order, asked: asked, answer: continuation))
        // A cancellation before the letter was sent had nothing to cancel.
        if Task.isCancelled { mailbox.cancel(ticket) }
      }
    } onCancel: {
      mailbox.cancel(ticket)
    }
  }

  /// Ends all orders as cancelled and waits until the thread has left; later orders end at once.
  func shutDown() {
    mailbox.stop()
    thread.withLock { thread in
      guard let running = thread else { return }
      pthread_join(running, nil)
      thread = nil
    }
  }

  /// What the engine observed about itself; complete after `shutDown`.
  var observed: HarnessRecord { mailbox.observed }
}

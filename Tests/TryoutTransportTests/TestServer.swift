import Foundation
import Synchronization

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// What a server does with one request on a connection.
enum Step: Sendable {
  case write(String)
  case writeBytes([UInt8])
  /// Writes the bytes again and again until the client hangs up, with milliseconds between.
  case flood([UInt8], every: Int = 0)
  /// Waits for milliseconds.
  case wait(Int)
  /// Waits until the client has read all that was written: what comes next is another read.
  case waitUntilRead
  /// Says that nothing more will be written, and goes on reading.
  case closeHalf
  /// Waits until the client has closed the connection.
  case waitForClose
  /// Closes the connection in good order.
  case close
  /// Resets the connection.
  case reset
}

/// A server of raw bytes on a loopback port, one thread for each connection.
///
/// Shares nothing with the code under test: it knows no JSON, no events, and of HTTP only where a
/// request ends. Clients must be of the same process.
final class TestServer: Sendable {
  /// One request as it came, with the connection that it came on.
  struct Received: Sendable {
    var connection: Int
    var head: String
    var body: String
  }

  /// Gets the number of the request on the server, and of the request on its connection, from 0.
  typealias Script = @Sendable (_ request: Int, _ onConnection: Int) -> [Step]

  private struct State {
    var received: [Received] = []
    var connections: [Int32] = []
    var isStopped = false
    var sent = 0
  }

  let port: Int
  private let listener: Int32
  private let state = Mutex(State())
  private let script: Script
  private let readsBodies: Bool

  /// Without `readsBodies` it answers as soon as a request's head has come, and reads no more.
  init(readsBodies: Bool = true, _ script: @escaping Script) throws {
    self.script = script
    self.readsBodies = readsBodies
    #if canImport(Darwin)
    listener = socket(AF_INET, SOCK_STREAM, 0)
    #else
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = listener
    let failed = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) != 0 || listen(descriptor, 256) != 0
          || getsockname(descriptor, $0, &length) != 0
      }
    }
    guard !failed else { throw POSIXError(.EADDRNOTAVAIL) }
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread.detachNewThread { [self] in acceptAll() }
  }

  /// The same bytes for every request, then as said.
  convenience init(_ steps: Step...) throws { try self.init { _, _ in steps } }

  var url: String { "http://127.0.0.1:\(port)/v1" }

  var received: [Received] { state.withLock(\.received) }

  /// Bytes written on all connections.
  var sent: Int { state.withLock(\.sent) }

  /// Stops accepting and closes all connections.
  func stop() {
    let open = state.withLock { state in
      defer { state.connections = [] }
      guard !state.isStopped else { return [Int32]() }
      state.isStopped = true
      return state.connections + [listener]
    }
    for descriptor in open { shutdown(descriptor, Int32(SHUT_RDWR)) }
  }

  private func acceptAll() {
    var count = 0
    while true {
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { break }
      let isStopped = state.withLock { state in
        state.connections.append(connection)
        return state.isStopped
      }
      if isStopped { shutdown(connection, Int32(SHUT_RDWR)) }
      var on: Int32 = 1
      let size = socklen_t(MemoryLayout<Int32>.size)
      setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &on, size)
      #if canImport(Darwin)
      setsockopt(connection, SOL_SOCKET, SO_NOSIGPIPE, &on, size)
      #endif
      let number = count
      count += 1
      Thread.detachNewThread { [self] in serve(connection, number) }
    }
    close(listener)
  }

  private func serve(_ connection: Int32, _ number: Int) {
    var buffer: [UInt8] = []
    var onConnection = 0
    while let (head, body) = nextRequest(connection, &buffer) {
      let request = state.withLock { state in
        state.received.append(Received(connection: number, head: head, body: body))
        return state.received.count - 1
      }
      for step in script(request, onConnection) {
        guard perform(step, connection) else {
          state.withLock { state in state.connections.removeAll { $0 == connection } }
          close(connection)
          return
        }
      }
      onConnection += 1
    }
    state.withLock { state in state.connections.removeAll { $0 == connection } }
    close(connection)
  }

  /// False where the connection is to be closed.
  private func perform(_ step: Step, _ connection: Int32) -> Bool {
    switch step {
    case .write(let text): return write(Array(text.utf8), to: connection)
    case .writeBytes(let bytes): return write(bytes, to: connection)
    case .flood(let bytes, let pause):
      while write(bytes, to: connection) { if pause > 0 { wait(pause) } }
      return false
    case .wait(let milliseconds):
      wait(milliseconds)
      return true
    case .waitUntilRead: return waitUntilRead(connection)
    case .closeHalf:
      shutdown(connection, Int32(SHUT_WR))
      return true
    case .waitForClose:
      var byte: UInt8 = 0
      while recv(connection, &byte, 1, 0) > 0 {}
      return false
    case .close: return false
    case .reset:
      var abort = linger(l_onoff: 1, l_linger: 0)
      setsockopt(
        connection,
        SOL_SOCKET,
        SO_LINGER,
        &abort,
        socklen_t(MemoryLayout<linger>.size)
      )
      return false
    }
  }

  private func wait(_ milliseconds: Int) {
    var ignored = pollfd(fd: -1, events: 0, revents: 0)
    poll(&ignored, 1, Int32(milliseconds))
  }

  /// False where the client has hung up.
  private func write(_ bytes: [UInt8], to connection: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        send(connection, $0.baseAddress, $0.count, Self.quietly)
      }
      guard count > 0 else { return false }
      sent += count
      state.withLock { $0.sent += count }
    }
    return true
  }

  #if canImport(Darwin)
  private static let quietly: Int32 = 0
  #else
  /// No signal where the client has hung up.
  private static let quietly = Int32(MSG_NOSIGNAL)
  #endif

  /// Reads until a request with its whole body has come; nil at the end of the connection.
  private func nextRequest(_ connection: Int32, _ buffer: inout [UInt8]) -> (String, String)? {
    while true {
      let text = String(decoding: buffer, as: UTF8.self)
      if let end = text.range(of: "\r\n\r\n") {
        let head = String(text[..<end.lowerBound])
        let length =
          head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
          .flatMap { Int($0.drop { $0 != ":" }.dropFirst().trimmingCharacters(in: .whitespaces)) }
        let start = head.utf8.count + 4
        if !readsBodies {
          buffer = []
          return (head, "")
        }
        if buffer.count >= start + (length ?? 0) {
          let body = String(decoding: buffer[start..<(start + (length ?? 0))], as: UTF8.self)
          buffer.removeFirst(start + (length ?? 0))
          return (head, body)
        }
      }
      var chunk = [UInt8](repeating: 0, count: 65536)
      let count = recv(connection, &chunk, chunk.count, 0)
      guard count > 0 else { return nil }
      buffer += chunk[..<count]
    }
  }
}

import Foundation
import Synchronization

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A server of raw bytes on a loopback port, one thread for each connection.
///
/// It knows no JSON, no events, and of HTTP only where a request ends, so that it can break all of
/// them.
package final class RawServer: Sendable {
  /// One request as it came.
  package struct Request: Sendable {
    /// Counts the server's requests from 0.
    package var number = 0
    /// Counts the server's connections from 0.
    package var connection: Int
    /// Counts the connection's requests from 0.
    package var onConnection: Int
    /// The request line and the header fields.
    package var head: String
    /// What had come of the body when the request was answered.
    package var body: String
  }

  /// What the server does with a request; called on the connection's thread.
  package typealias Script = @Sendable (Request) -> [Step]

  /// Whether so much of a body is enough to answer before the rest has come.
  package typealias Haste = @Sendable (ArraySlice<UInt8>) -> Bool

  private struct State {
    var requests = 0
    var received: [Request] = []
    var connections: [Int32] = []
    var isStopped = false
    var sent = 0
  }

  let port: Int
  private let listener: Int32
  private let state = Mutex(State())
  private let script: Script
  private let answersEarly: Haste
  private let keepsRequests: Bool

  /// Opens the port and begins to serve; 0 lets the system choose a free one.
  ///
  /// A server that runs for long must not keep requests. One that `answersEarly` reads no more of
  /// the connection after that answer.
  package init(
    port: UInt16 = 0,
    keepsRequests: Bool = true,
    answersEarly: @escaping Haste = { _ in false },
    _ script: @escaping Script
  ) throws(SimulatorError) {
    self.script = script
    self.answersEarly = answersEarly
    self.keepsRequests = keepsRequests
    (listener, self.port) = try Loopback.listener(on: port)
    Thread.detachNewThread { [self] in acceptAll() }
  }

  /// Does the same for every request.
  package convenience init(
    keepsRequests: Bool = true, _ steps: Step...
  ) throws(SimulatorError) {
    try self.init(keepsRequests: keepsRequests) { _ in steps }
  }

  /// What a client puts the path of a dialect behind.
  package var url: String { "http://127.0.0.1:\(port)/v1" }

  /// The requests so far, where they are kept.
  package var received: [Request] { state.withLock(\.received) }

  /// Bytes written on all connections.
  package var sent: Int { state.withLock(\.sent) }

  /// Stops accepting and closes all connections.
  package func stop() {
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
      Loopback.writePromptly(connection)
      let number = count
      count += 1
      Thread.detachNewThread { [self] in serve(connection, number) }
    }
    close(listener)
  }

  private func serve(_ connection: Int32, _ number: Int) {
    var reader = RequestReader(connection: connection)
    var count = 0
    serving: while let (head, body) = reader.next(isEnough: answersEarly) {
      var request = Request(connection: number, onConnection: count, head: head, body: body)
      count += 1
      state.withLock { state in
        request.number = state.requests
        state.requests += 1
        if keepsRequests { state.received.append(request) }
      }
      for step in script(request) {
        guard perform(step, connection) else { break serving }
      }
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
      while write(bytes, to: connection) { if pause > 0 { Loopback.wait(pause) } }
      return false
    case .wait(let milliseconds):
      Loopback.wait(milliseconds)
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
      Loopback.resetOnClose(connection)
      return false
    }
  }

  /// False where the client has hung up.
  private func write(_ bytes: [UInt8], to connection: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        send(connection, $0.baseAddress, $0.count, Loopback.quietly)
      }
      guard count > 0 else { return false }
      sent += count
      state.withLock { $0.sent += count }
    }
    return true
  }
}

/// Cuts what comes on one connection into requests.
private struct RequestReader {
  let connection: Int32
  private var buffer: [UInt8] = []

  init(connection: Int32) { self.connection = connection }

  /// Reads until a request with its whole body, or enough of it, has come; nil at the end of the
  /// connection.
  mutating func next(isEnough: RawServer.Haste) -> (head: String, body: String)? {
    while true {
      if let request = cut(isEnough) { return request }
      guard read() else { return nil }
    }
  }

  private mutating func cut(_ isEnough: RawServer.Haste) -> (head: String, body: String)? {
    guard let end = RequestHead.end(in: buffer) else { return nil }
    let head = RequestHead(buffer[..<end])
    let body = buffer[end...].prefix(head.length)
    guard body.count == head.length || isEnough(body) else { return nil }
    let text = String(decoding: body, as: UTF8.self)
    buffer.removeFirst(end + body.count)
    return (head.text, text)
  }

  private mutating func read() -> Bool {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = recv(connection, &chunk, chunk.count, 0)
    guard count > 0 else { return false }
    buffer += chunk[..<count]
    return true
  }
}

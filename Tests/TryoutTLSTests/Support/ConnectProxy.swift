import Foundation
import Synchronization

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// An HTTP proxy that knows CONNECT, and takes every name for this machine's loopback.
///
/// Two threads for each connection, one for each direction.
final class ConnectProxy: Sendable {
  let port: UInt16
  private let listener: Int32
  private let refusal: String?
  private let received = Mutex<[String]>([])

  /// Refuses everybody with a status line, where one is given.
  init(refusal: String? = nil) throws {
    (listener, port) = try Loopback.listen()
    self.refusal = refusal
    // A server that says goodbye to a client that has gone must not end the process.
    signal(SIGPIPE, SIG_IGN)
    Thread.detachNewThread { [self] in
      while case let client = accept(listener, nil, nil), client >= 0 {
        Thread.detachNewThread { self.serve(client) }
      }
      close(listener)
    }
  }

  /// The heads of all requests.
  var heads: [String] { received.withLock(\.self) }

  /// Takes no more connections; those that are open last as long as their ends do.
  func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  private func serve(_ client: Int32) {
    defer { close(client) }
    var head = ""
    var byte: UInt8 = 0
    while !head.hasSuffix("\r\n\r\n"), recv(client, &byte, 1, 0) == 1 {
      head.unicodeScalars.append(Unicode.Scalar(byte))
    }
    received.withLock { $0.append(head) }
    if let refusal {
      write("HTTP/1.1 \(refusal)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", to: client)
      return
    }
    // CONNECT name:port HTTP/1.1
    let authority = head.split(separator: " ").dropFirst().first
    guard
      let port = authority?.split(separator: ":").last.flatMap({ UInt16($0) }),
      let server = try? Loopback.connect(to: port)
    else { return }
    write("HTTP/1.1 200 Connection established\r\n\r\n", to: client)
    let back = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      Self.pump(from: server, to: client)
      back.signal()
    }
    Self.pump(from: client, to: server)
    back.wait()
    close(server)
  }

  private func write(_ text: String, to socket: Int32) {
    let bytes = Array(text.utf8)
    _ = send(socket, bytes, bytes.count, 0)
  }

  /// Passes on what comes until there is no more, and says so to the other side.
  private static func pump(from source: Int32, to sink: Int32) {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = recv(source, &buffer, buffer.count, 0), count > 0 {
      var sent = 0
      while sent < count {
        let written = buffer[sent..<count].withUnsafeBytes {
          send(sink, $0.baseAddress, $0.count, 0)
        }
        guard written > 0 else { break }
        sent += written
      }
      guard sent == count else { break }
    }
    shutdown(sink, Int32(SHUT_WR))
    shutdown(source, Int32(SHUT_RD))
  }
}

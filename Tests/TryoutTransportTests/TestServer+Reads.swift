import Foundation

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Knowing when a client has read: its socket is in this process, so it can be looked at.
extension TestServer {
  /// Waits until nothing is left to read at the other end; false where that end is closed.
  ///
  /// A pause would only make it likely that the client reads before the next write.
  func waitUntilRead(_ connection: Int32) -> Bool {
    guard let port = Self.port(of: connection, getpeername) else { return false }
    var client: Int32?
    var quiet = 0
    for _ in 0..<10_000 {
      if client.map({ isClient($0, port) }) != true { client = findClient(port) }
      guard let client else { return false }
      var byte: UInt8 = 0
      let count = recv(client, &byte, 1, Self.peeking)
      quiet = count > 0 ? 0 : quiet + 1
      // What was just written may be on its way for a moment.
      if quiet == 3 { return true }
      var ignored = pollfd(fd: -1, events: 0, revents: 0)
      poll(&ignored, 1, 1)
    }
    return false
  }

  private func findClient(_ port: Int) -> Int32? {
    (3..<min(getdtablesize(), 4096)).first { isClient($0, port) }
  }

  private func isClient(_ descriptor: Int32, _ port: Int) -> Bool {
    Self.port(of: descriptor, getsockname) == port
      && Self.port(of: descriptor, getpeername) == self.port
  }

  private typealias Naming = (
    Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>
  ) -> Int32

  /// The port of one end of an IPv4 socket.
  private static func port(of descriptor: Int32, _ name: Naming) -> Int? {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let failed = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        name(descriptor, $0, &length) != 0
      }
    }
    guard !failed, Int32(address.sin_family) == AF_INET else { return nil }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  #if canImport(Darwin)
  private static let peeking = MSG_PEEK | MSG_DONTWAIT
  #else
  private static let peeking = Int32(MSG_PEEK | MSG_DONTWAIT)
  #endif
}

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Knowing when a client has read.
///
/// The socket of a client in this process can be looked at. Another process is given time.
extension RawServer {
  /// Waits until nothing is left to read at the other end; false where that end is closed.
  ///
  /// A pause would only make it likely that the client reads before the next write.
  func waitUntilRead(_ connection: Int32) -> Bool {
    guard let port = Self.port(of: connection, getpeername) else { return false }
    var client: Int32?
    var quiet = 0
    for _ in 0..<10_000 {
      if client.map({ isClient($0, port) }) != true { client = findClient(port) }
      guard let client else { return waitForStranger(connection) }
      var byte: UInt8 = 0
      let count = recv(client, &byte, 1, Loopback.peeking)
      quiet = count > 0 ? 0 : quiet + 1
      // What was just written may be on its way for a moment.
      if quiet == 3 { return true }
      Loopback.wait(1)
    }
    return false
  }

  /// Gives a client of another process time to read; false where it has hung up.
  private func waitForStranger(_ connection: Int32) -> Bool {
    var byte: UInt8 = 0
    let count = recv(connection, &byte, 1, Loopback.peeking)
    guard count > 0 || count < 0 && errno == EAGAIN else { return false }
    Loopback.wait(10)
    return true
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
}

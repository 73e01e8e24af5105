import Foundation

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// TCP sockets on 127.0.0.1.
enum Loopback {
  /// A socket that listens on a port of the system's choice.
  static func listen() throws -> (socket: Int32, port: UInt16) {
    let listener = try stream()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    var own = address(0)
    let failed = withUnsafeMutablePointer(to: &own) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) != 0 || systemListen(listener, 64) != 0
          || getsockname(listener, $0, &length) != 0
      }
    }
    guard !failed else { throw POSIXError(.EADDRNOTAVAIL) }
    return (listener, UInt16(bigEndian: own.sin_port))
  }

  /// A port that was free a moment ago.
  static func freePort() throws -> UInt16 {
    let (listener, port) = try listen()
    close(listener)
    return port
  }

  /// A connection to a port; nil where nobody listens.
  static func connect(to port: UInt16) throws -> Int32? {
    let connection = try stream()
    var server = address(port)
    let result = withUnsafePointer(to: &server) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        systemConnect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result != 0 else { return connection }
    close(connection)
    return nil
  }

  private static func stream() throws -> Int32 {
    #if canImport(Darwin)
    let made = socket(AF_INET, SOCK_STREAM, 0)
    #else
    let made = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #endif
    guard made >= 0 else { throw POSIXError(.EMFILE) }
    return made
  }

  private static func address(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    address.sin_port = port.bigEndian
    return address
  }
}

/// The system's functions, whose names `Loopback` has taken.
private func systemListen(_ socket: Int32, _ backlog: Int32) -> Int32 { listen(socket, backlog) }

private func systemConnect(
  _ socket: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t
) -> Int32 { connect(socket, address, length) }

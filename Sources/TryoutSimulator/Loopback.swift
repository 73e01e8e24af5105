#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Sockets on 127.0.0.1, for servers that want every byte in their own hand.
enum Loopback {
  /// A listening socket and its port; 0 lets the system choose a free one.
  static func listener(on port: UInt16) throws(SimulatorError) -> (descriptor: Int32, port: Int) {
    #if canImport(Darwin)
    let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #else
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #endif
    var on: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let failed = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) != 0 || listen(descriptor, 4096) != 0
          || getsockname(descriptor, $0, &length) != 0
      }
    }
    guard !failed else {
      let reason = String(cString: strerror(errno))
      close(descriptor)
      throw .cannotListen(port: port, reason: "\(reason).")
    }
    return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
  }

  /// Every write leaves at once, and none to a client that is gone raises a signal.
  static func writePromptly(_ connection: Int32) {
    var on: Int32 = 1
    let size = socklen_t(MemoryLayout<Int32>.size)
    setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &on, size)
    #if canImport(Darwin)
    setsockopt(connection, SOL_SOCKET, SO_NOSIGPIPE, &on, size)
    #endif
  }

  /// Calls return at once where they would have to wait.
  static func neverBlock(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  }

  /// Closing will reset the connection instead of ending it.
  static func resetOnClose(_ connection: Int32) {
    var abort = linger(l_onoff: 1, l_linger: 0)
    setsockopt(connection, SOL_SOCKET, SO_LINGER, &abort, socklen_t(MemoryLayout<linger>.size))
  }

  /// Waits for milliseconds.
  static func wait(_ milliseconds: Int) {
    var ignored = pollfd(fd: -1, events: 0, revents: 0)
    poll(&ignored, 1, Int32(milliseconds))
  }

  #if canImport(Darwin)
  /// Flags of `send`; the socket itself was told to raise no signal.
  static let quietly: Int32 = 0
  static let peeking = MSG_PEEK | MSG_DONTWAIT
  #else
  /// Flags of `send`: no signal where the client has hung up.
  static let quietly = Int32(MSG_NOSIGNAL)
  static let peeking = Int32(MSG_PEEK | MSG_DONTWAIT)
  #endif
}

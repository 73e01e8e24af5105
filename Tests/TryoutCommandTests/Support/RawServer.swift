import Foundation
import Synchronization

/// A loopback server that answers every request with the bytes a closure makes, and hangs up.
///
/// One thread for each connection, so that the closure may wait as long as it likes.
final class RawServer: Sendable {
  /// Gets the whole request as text, and its number from 1.
  typealias Answer = @Sendable (_ request: String, _ number: Int) -> String

  let port: UInt16
  private let listener: Int32
  private let answer: Answer
  private let received = Mutex<[String]>([])

  init(_ answer: @escaping Answer) throws {
    self.answer = answer
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
        bind(descriptor, $0, length) != 0 || listen(descriptor, 64) != 0
          || getsockname(descriptor, $0, &length) != 0
      }
    }
    guard !failed else { throw POSIXError(.EADDRNOTAVAIL) }
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [weak self, descriptor] in
      while true {
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0 else { break }
        guard let self else {
          close(connection)
          break
        }
        Thread.detachNewThread { self.serve(connection) }
      }
      close(descriptor)
    }
  }

  /// Wakes the thread that accepts, which then closes the socket.
  deinit { shutdown(listener, Int32(SHUT_RDWR)) }

  var url: String { "http://127.0.0.1:\(port)/v1" }

  /// The requests so far.
  var requests: [String] { received.withLock { $0 } }

  private func serve(_ connection: Int32) {
    defer { close(connection) }
    guard let request = read(connection) else { return }
    let number = received.withLock { requests in
      requests.append(request)
      return requests.count
    }
    var rest = Array(answer(request, number).utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// A whole HTTP request, or the first bytes of whatever is none, such as the beginning of TLS.
  private func read(_ connection: Int32) -> String? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      bytes += buffer[..<count]
      let text = String(decoding: bytes, as: UTF8.self)
      if bytes.first == 0x16 { return text }
      guard let end = text.range(of: "\r\n\r\n") else { continue }
      let length = text.lowercased().components(separatedBy: "content-length: ").dropFirst().first
        .flatMap { Int($0.prefix { $0.isNumber }) }
      if text[end.upperBound...].utf8.count >= length ?? 0 { return text }
    }
  }
}

extension RawServer {
  static func response(
    _ status: String = "200 OK", type: String = "application/json", _ body: String
  ) -> String {
    "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n"
      + "Connection: close\r\n\r\n\(body)"
  }

  /// A streamed completion; both texts are the insides of JSON strings.
  static func completion(_ content: String = "Lima", model: String = "m") -> String {
    let head = #""id":"g","object":"chat.completion.chunk","model":"\#(model)""#
    return response(
      type: "text/event-stream",
      """
      data: {\(head),"choices":[{"index":0,"delta":{"role":"assistant","content":"\(content)"}}]}

      data: {\(head),"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

      data: [DONE]


      """)
  }

  /// The body of an error as most providers write it; the text is the inside of a JSON string.
  static func error(_ message: String) -> String {
    #"{"error":{"message":"\#(message)","code":"oops"}}"#
  }
}

/// Holds threads up until it is opened.
final class Gate: Sendable {
  private let group = DispatchGroup()
  private let isClosed = Mutex(true)

  init() { group.enter() }

  deinit { open() }

  func wait() { group.wait() }

  func open() {
    let wasClosed = isClosed.withLock { isClosed in
      defer { isClosed = false }
      return isClosed
    }
    if wasClosed { group.leave() }
  }
}

import Foundation

/// What came back over one connection, and whether HTTP says that it is all.
struct RawResponse: Sendable {
  var status = 0
  var headers: [String: String] = [:]
  var body = Data()
  /// Whether the last chunk came, or as many bytes as `Content-Length` promised.
  var isComplete = false

  init(_ bytes: Data) {
    guard let head = bytes.firstRange(of: Data("\r\n\r\n".utf8)) else { return }
    let lines = String(decoding: bytes[..<head.lowerBound], as: UTF8.self)
      .components(separatedBy: "\r\n")
    status = Int(lines[0].split(separator: " ")[1]) ?? 0
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    let rest = bytes[head.upperBound...]
    if let length = headers["content-length"] {
      body = Data(rest)
      isComplete = Int(length) == rest.count
    } else {
      readChunks(rest)
    }
  }

  private mutating func readChunks(_ bytes: Data) {
    var rest = bytes
    while let line = rest.firstRange(of: Data("\r\n".utf8)) {
      let digits = String(decoding: rest[..<line.lowerBound], as: UTF8.self)
      guard let size = Int(digits, radix: 16) else { return }
      if size == 0 {
        isComplete = Data(rest[line.upperBound...]) == Data("\r\n".utf8)
        return
      }
      guard rest[line.upperBound...].count >= size + 2 else { return }
      body += rest[line.upperBound...].prefix(size)
      rest = rest[line.upperBound...].dropFirst(size + 2)
    }
  }
}

/// A client of plain sockets that sees what an HTTP library would hide: how a connection ended.
enum RawClient {
  struct Failure: Error { var call: String }

  /// Sends a request and reads until the server closes the connection.
  static func exchange(
    _ request: String,
    port: UInt16,
    whenItAnswers: @escaping @Sendable () -> Void = {}
  ) async throws -> RawResponse {
    try await offThePool {
      let socket = try connect(to: port)
      defer { close(socket) }
      try send(request, to: socket)
      var received = Data()
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = recv(socket, &buffer, buffer.count, 0)
        guard count > 0 else { return RawResponse(received) }
        if received.isEmpty { whenItAnswers() }
        received.append(contentsOf: buffer[..<count])
      }
    }
  }

  /// Sends a request, waits for the first bytes and closes the connection.
  static func sendAndLeave(_ request: String, port: UInt16) async throws {
    try await offThePool {
      let socket = try connect(to: port)
      defer { close(socket) }
      try send(request, to: socket)
      var byte: UInt8 = 0
      guard recv(socket, &byte, 1, 0) == 1 else { throw Failure(call: "recv") }
    }
  }

  /// Calls that block have no place on the threads of Swift's concurrency.
  private static func offThePool<Result: Sendable>(
    _ work: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: .init(catching: work)) }
    }
  }

  private static func connect(to port: UInt16) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Failure(call: "socket") }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Foundation.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else {
      close(descriptor)
      throw Failure(call: "connect")
    }
    return descriptor
  }

  private static func send(_ text: String, to socket: Int32) throws {
    let bytes = Array(text.utf8)
    let sent = Foundation.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    guard sent == bytes.count else { throw Failure(call: "send") }
  }
}

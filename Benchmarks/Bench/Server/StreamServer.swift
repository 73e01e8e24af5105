import CEpoll
import Glibc

/// A provider that does nothing but keep time: one thread, any request, always the same reply.
///
/// It ends when its standard input does, and therefore with the process that started it.
struct StreamServer {
  /// What a request is answered with.
  struct Pacing: Sendable {
    var chunks = 100
    /// Nanoseconds until the first chunk, give or take a half; zero for everything at once.
    var first: Int64 = 0
    /// Nanoseconds from chunk to chunk, give or take a fifth.
    var gap: Int64 = 0
  }

  private struct Connection {
    var generation: UInt32 = 0
    /// The next chunk to send.
    var next = 0
    var received = 0
    var request: UnsafeMutableBufferPointer<UInt8>?
  }

  private static let mostSockets = 65_536
  private static let longestRequest = 8192
  /// Sends after which the sockets are looked at again.
  private static let patience = 256

  /// Where it listens, on 127.0.0.1.
  let port: UInt16
  private let pacing: Pacing
  private let reply: Reply
  private let epoll: Int32
  private let listener: Int32
  private let connections: UnsafeMutableBufferPointer<Connection>
  private var agenda = Agenda()
  private var random = Jitter(state: 0x9E37_79B9_7F4A_7C15)

  /// Listens on a free port.
  init(_ pacing: Pacing) throws {
    self.pacing = pacing
    reply = Reply(chunks: pacing.chunks)
    connections = .allocate(capacity: Self.mostSockets)
    connections.initialize(repeating: Connection())
    (listener, port) = try Self.listen()
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    watch(listener)
    watch(STDIN_FILENO)
  }

  mutating func run() {
    let events = UnsafeMutableBufferPointer<epoll_event>.allocate(capacity: 1024)
    while true {
      let isBehind = sendWhatIsDue()
      var timeout = timespec()
      let left = isBehind ? 0 : max(0, (agenda.first?.due ?? .max) - Moment.now())
      timeout.tv_sec = Int(min(left / 1_000_000_000, 3600))
      timeout.tv_nsec = Int(left % 1_000_000_000)
      let count = epoll_pwait2(epoll, events.baseAddress, Int32(events.count), &timeout, nil)
      for event in events.prefix(max(0, Int(count))) {
        switch event.data.fd {
        case STDIN_FILENO: return
        case listener: acceptAll()
        case let socket: receive(socket)
        }
      }
    }
  }

  /// True where more is due than one turn may send.
  private mutating func sendWhatIsDue() -> Bool {
    for _ in 0..<Self.patience {
      guard let entry = agenda.next(at: Moment.now()) else { return false }
      let socket = Int(entry.socket)
      guard connections[socket].generation == entry.generation else { continue }
      let chunk = connections[socket].next
      connections[socket].next += 1
      guard reply.send(chunk..<chunk + 1, to: entry.socket) else {
        drop(entry.socket)
        continue
      }
      // The schedule is absolute: a late chunk does not delay the next.
      if chunk + 1 < pacing.chunks {
        plan(entry.socket, at: entry.due + random.about(pacing.gap, spread: 0.2))
      }
    }
    return true
  }

  private mutating func plan(_ socket: Int32, at due: Int64) {
    agenda.add(
      Agenda.Entry(due: due, socket: socket, generation: connections[Int(socket)].generation))
  }

  private func acceptAll() {
    while true {
      let socket = accept(listener, nil, nil)
      guard socket >= 0 else { return }
      guard socket < Self.mostSockets else {
        close(socket)
        continue
      }
      _ = fcntl(socket, F_SETFL, O_NONBLOCK)
      var on: Int32 = 1
      setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
      connections[Int(socket)].received = 0
      if connections[Int(socket)].request == nil {
        connections[Int(socket)].request = .allocate(capacity: Self.longestRequest)
      }
      watch(socket)
    }
  }

  private mutating func receive(_ socket: Int32) {
    let known = connections[Int(socket)].received
    guard let request = connections[Int(socket)].request, known < request.count,
      let start = request.baseAddress
    else { return drop(socket) }
    let count = recv(socket, start + known, request.count - known, 0)
    guard count > 0 else {
      if count == 0 || errno != EAGAIN { drop(socket) }
      return
    }
    connections[Int(socket)].received += count
    guard Self.isWhole(request.prefix(known + count)) else { return }
    connections[Int(socket)].received = 0
    answer(socket)
  }

  private mutating func answer(_ socket: Int32) {
    connections[Int(socket)].next = 0
    guard pacing.first == 0, pacing.gap == 0 else {
      plan(socket, at: Moment.now() + random.about(pacing.first, spread: 0.5))
      return
    }
    if !reply.send(0..<pacing.chunks, to: socket) { drop(socket) }
  }

  private func drop(_ socket: Int32) {
    close(socket)
    connections[Int(socket)].generation &+= 1
  }

  private func watch(_ socket: Int32) {
    var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data(fd: socket))
    epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event)
  }

  /// Whether head and body are there.
  private static func isWhole(_ request: Slice<UnsafeMutableBufferPointer<UInt8>>) -> Bool {
    let text = String(decoding: request, as: UTF8.self).utf8
    var head = text[...]
    var length = 0
    while let end = head.firstIndex(of: UInt8(ascii: "\n")) {
      let line = String(Substring(head[..<end])).lowercased()
      head = head[text.index(after: end)...]
      if line == "\r" { return head.count >= length }
      if line.hasPrefix("content-length:") {
        length = Int(line.drop { !$0.isNumber }.prefix { $0.isNumber }) ?? 0
      }
    }
    return false
  }

  private static func listen() throws -> (socket: Int32, port: UInt16) {
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let socket = Glibc.socket(AF_INET, kind, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(socket, address, size) == 0 && Glibc.listen(socket, 4096) == 0
          && getsockname(socket, address, &size) == 0
      }
    }
    guard isBound else {
      throw BenchError("no port on 127.0.0.1: \(String(cString: strerror(errno)))")
    }
    return (socket, UInt16(bigEndian: address.sin_port))
  }
}

/// Delays that differ a little, so that streams do not run in step.
private struct Jitter {
  var state: UInt64

  /// A duration that lies evenly in a range around another.
  mutating func about(_ duration: Int64, spread: Double) -> Int64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    let share = Double(state >> 11) / Double(1 << 53) * 2 - 1
    return Int64(Double(duration) * (1 + spread * share))
  }
}

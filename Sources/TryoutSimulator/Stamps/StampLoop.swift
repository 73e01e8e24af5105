import CStamps

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// The stamp server's own half: its sockets, and what is due on them.
final class StampLoop {
  private struct Connection {
    /// Tells apart the connections that had the same descriptor.
    var generation: Int
    var request: [UInt8] = []
    /// Chunks of the answer that are still to come.
    var left = 0
  }

  private let listener: Int32
  private let stopper: Int32
  private let chunks: Int
  private let pause: Int64
  private let delay: Int64
  private let sockets = stamps_set()
  private var ready = [Int32](repeating: 0, count: 256)
  private var connections: [Int32: Connection] = [:]
  private var schedule = StampSchedule()
  private var chunk = StampedChunk()
  private var generations = 0
  private var answers = 0

  init(listener: Int32, stopper: Int32, chunks: Int, pause: Int64, delay: Int64) {
    self.listener = listener
    self.stopper = stopper
    self.chunks = chunks
    self.pause = pause
    self.delay = delay
    Loopback.neverBlock(listener)
    stamps_watch(sockets, listener)
    stamps_watch(sockets, stopper)
  }

  deinit {
    for connection in connections.keys { close(connection) }
    close(listener)
    close(stopper)
    close(sockets)
  }

  /// Serves until the stopper's other end is closed.
  func run() {
    while true {
      let count = stamps_wait(sockets, schedule.next ?? -1, &ready, Int32(ready.count))
      for descriptor in ready.prefix(Int(count)) {
        switch descriptor {
        case stopper: return
        case listener: acceptAll()
        default: read(descriptor)
        }
      }
      while let due = schedule.pop(until: stamps_now()) { write(due) }
    }
  }

  private func acceptAll() {
    while case let connection = accept(listener, nil, nil), connection >= 0 {
      Loopback.neverBlock(connection)
      Loopback.writePromptly(connection)
      generations += 1
      connections[connection] = Connection(generation: generations)
      stamps_watch(sockets, connection)
    }
  }

  private func read(_ connection: Int32) {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = recv(connection, &bytes, bytes.count, 0)
    guard count > 0 else {
      if count == 0 || errno != EAGAIN { hangUp(connection) }
      return
    }
    guard var state = connections[connection] else { return }
    state.request += bytes[..<count]
    if state.left == 0, let end = RequestHead.end(in: state.request) {
      let length = end + RequestHead(state.request[..<end]).length
      if state.request.count >= length {
        state.request.removeFirst(length)
        state.left = chunks
        connections[connection] = state
        return begin(connection, state.generation)
      }
    }
    connections[connection] = state
  }

  private func begin(_ connection: Int32, _ generation: Int) {
    guard put(StampedChunk.head, to: connection) else { return }
    // Multiples of the golden ratio spread evenly, however many there are.
    let phase = (Double(answers) * 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1)
    answers += 1
    let first = stamps_now() + delay + Int64(phase * Double(pause))
    schedule.push(.init(moment: first, connection: connection, generation: generation))
  }

  private func write(_ due: StampSchedule.Due) {
    guard let state = connections[due.connection], state.generation == due.generation else {
      return
    }
    chunk.stamp()
    guard put(chunk.bytes, to: due.connection) else { return }
    connections[due.connection]?.left -= 1
    if state.left > 1 {
      var next = due
      next.moment += pause
      schedule.push(next)
    } else {
      _ = put(StampedChunk.tail(of: chunks), to: due.connection)
    }
  }

  /// False where the connection is gone, or its client so far behind that it is given up.
  private func put(_ bytes: [UInt8], to connection: Int32) -> Bool {
    let count = bytes.withUnsafeBytes {
      send(connection, $0.baseAddress, $0.count, Loopback.quietly)
    }
    if count != bytes.count { hangUp(connection) }
    return count == bytes.count
  }

  private func hangUp(_ connection: Int32) {
    connections[connection] = nil
    close(connection)
  }
}

import Foundation

/// Cuts a stream of bytes into lines that end with LF, CRLF or CR, however the bytes are split.
struct LineSplitter {
  /// The beginning of a line whose end has not come yet.
  private var carry: [UInt8] = []
  private var endedWithReturn = false

  /// Hands each line that ended to the events; false where a line became too long.
  mutating func split(
    _ bytes: UnsafeRawBufferPointer,
    into events: inout EventReader,
    at stamp: Int64
  ) -> Bool {
    guard var start = bytes.baseAddress else { return true }
    let end = start + bytes.count
    if endedWithReturn, start < end {
      endedWithReturn = false
      if start.load(as: UInt8.self) == UInt8(ascii: "\n") { start += 1 }
    }
    var lineFeed = Self.find(UInt8(ascii: "\n"), start, end)
    while start < end {
      if lineFeed < start { lineFeed = Self.find(UInt8(ascii: "\n"), start, end) }
      let stop = Self.find(UInt8(ascii: "\r"), start, lineFeed)
      let piece = UnsafeRawBufferPointer(start: start, count: stop - start)
      guard carry.count + piece.count <= Bounds.line else { return false }
      if stop == end {
        carry.append(contentsOf: piece)
        break
      }
      if carry.isEmpty {
        events.take(line: piece, at: stamp)
      } else {
        carry.append(contentsOf: piece)
        carry.withUnsafeBytes { events.take(line: $0, at: stamp) }
        carry.removeAll(keepingCapacity: true)
      }
      start = stop + 1
      guard stop < lineFeed else { continue }
      if start == end { endedWithReturn = true } else if start == lineFeed { start += 1 }
    }
    return true
  }

  /// Hands over a last line that was not ended.
  mutating func finish(into events: inout EventReader, at stamp: Int64) {
    guard !carry.isEmpty else { return }
    carry.withUnsafeBytes { events.take(line: $0, at: stamp) }
    carry = []
  }

  private static func find(
    _ byte: UInt8,
    _ start: UnsafeRawPointer,
    _ end: UnsafeRawPointer
  ) -> UnsafeRawPointer {
    memchr(start, Int32(byte), end - start).map { UnsafeRawPointer($0) } ?? end
  }
}

import TryoutCore

/// Walks once over a JSON text in memory, without copying or allocating.
///
/// The caller asks for what it expects and skips the rest, so the order of members and unknown
/// members do not matter. It is lenient about commas and strict about where texts end: after
/// `isBroken` nothing that it returned should be kept.
struct JSONWalker {
  private var position: UnsafePointer<UInt8>
  private let end: UnsafePointer<UInt8>
  /// Whether the text ended too early or was no JSON.
  private(set) var isBroken = false

  /// The bytes must outlive the walker and every text that it returns.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return nil }
    position = base.assumingMemoryBound(to: UInt8.self)
    end = position + bytes.count
  }

  /// Whether nothing but white space is left.
  mutating func isAtEnd() -> Bool {
    peek() == nil && !isBroken
  }

  /// The first byte of what comes next, white space skipped.
  mutating func peek() -> UInt8? {
    while position < end {
      switch position.pointee {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      case let byte: return byte
      }
    }
    return nil
  }

  /// Steps into an object; skips the value and returns false where it is none.
  mutating func enterObject() -> Bool { enter(UInt8(ascii: "{")) }

  /// Steps into an array; skips the value and returns false where it is none.
  mutating func enterArray() -> Bool { enter(UInt8(ascii: "[")) }

  private mutating func enter(_ bracket: UInt8) -> Bool {
    guard peek() == bracket else {
      skipValue()
      return false
    }
    position += 1
    return true
  }

  /// The name of the next member, whose value must be read or skipped next; nil after the last.
  mutating func nextKey() -> JSONText? {
    guard advance(to: UInt8(ascii: "}")) else { return nil }
    guard peek() == UInt8(ascii: "\"") else {
      stop()
      return nil
    }
    let key = text()
    guard peek() == UInt8(ascii: ":") else {
      stop()
      return nil
    }
    position += 1
    return key
  }

  /// Whether the array has another element, which must be read or skipped next.
  mutating func nextElement() -> Bool { advance(to: UInt8(ascii: "]")) }

  /// Passes a comma, or the closing bracket and then returns false.
  private mutating func advance(to bracket: UInt8) -> Bool {
    if peek() == UInt8(ascii: ",") { position += 1 }
    guard let byte = peek() else {
      stop()
      return false
    }
    guard byte == bracket else { return true }
    position += 1
    return false
  }

  /// The string that comes next; skips the value and returns nil where it is none.
  mutating func string() -> JSONText? {
    guard peek() == UInt8(ascii: "\"") else {
      skipValue()
      return nil
    }
    return text()
  }

  /// A believable number of tokens; skips the value and returns nil where it is none.
  mutating func count() -> Int? {
    guard let first = peek(), isDigit(first) else {
      skipValue()
      return nil
    }
    var value = 0
    while position < end, isDigit(position.pointee) {
      let (shifted, overflowed) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowedToo) = shifted.addingReportingOverflow(Int(position.pointee & 0x0F))
      if overflowed || overflowedToo {
        skipScalar()
        return nil
      }
      value = sum
      position += 1
    }
    guard position < end, isScalar(position.pointee) else { return Usage.believed(value) }
    skipScalar()
    return nil
  }

  /// A finite number of zero or more; skips the value and returns nil where it is none.
  mutating func amount() -> Double? {
    guard let first = peek(), isDigit(first) else {
      skipValue()
      return nil
    }
    let start = position
    skipScalar()
    let digits = UnsafeBufferPointer(start: start, count: position - start)
    guard let value = Double(String(decoding: digits, as: UTF8.self)), value.isFinite else {
      return nil
    }
    return value
  }

  /// Passes over one value of any kind and depth.
  mutating func skipValue() {
    var depth = 0
    repeat {
      switch peek() {
      case UInt8(ascii: "\""): _ = text()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        position += 1
      case UInt8(ascii: ","), UInt8(ascii: ":"):
        if depth == 0 { return stop() }
        position += 1
      case let byte? where isScalar(byte): skipScalar()
      default: return stop()
      }
      if depth < 0 { return stop() }
    } while depth > 0
  }

  private mutating func skipScalar() {
    while position < end, isScalar(position.pointee) { position += 1 }
  }

  /// The text between the quotes; the position is at the opening one.
  private mutating func text() -> JSONText {
    position += 1
    let start = position
    var isEscaped = false
    while position < end {
      switch position.pointee {
      case UInt8(ascii: "\""):
        let text = JSONText(start: start, count: position - start, isEscaped: isEscaped)
        position += 1
        return text
      case UInt8(ascii: "\\"):
        isEscaped = true
        position += position + 1 < end ? 2 : 1
      default: position += 1
      }
    }
    stop()
    return JSONText(start: start, count: 0, isEscaped: false)
  }

  private mutating func stop() {
    isBroken = true
    position = end
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  /// Digits, letters and signs: what numbers, `true`, `false` and `null` are made of.
  private func isScalar(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
  }
}

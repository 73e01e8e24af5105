import Foundation

/// The bytes of a JSON string as they stand in the text, valid as long as that text.
struct JSONText {
  let start: UnsafePointer<UInt8>
  let count: Int
  let isEscaped: Bool

  var isEmpty: Bool { count == 0 }

  /// Whether the text is this one; names with escapes are compared as they mean.
  static func == (text: JSONText, name: StaticString) -> Bool {
    if text.isEscaped { return text.string == "\(name)" }
    return text.count == name.utf8CodeUnitCount
      && memcmp(text.start, name.utf8Start, text.count) == 0
  }

  var string: String {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return String(repairing: bytes)
  }

  /// Appends what the text means.
  ///
  /// A lone surrogate becomes its three bytes, because its other half
  /// may come with the next chunk; `String(repairing:)` joins them.
  func append(to bytes: inout [UInt8]) {
    guard isEscaped else {
      return bytes.append(contentsOf: UnsafeBufferPointer(start: start, count: count))
    }
    var next = start
    let end = start + count
    while next < end {
      let byte = next.pointee
      next += 1
      guard byte == UInt8(ascii: "\\"), next < end else {
        bytes.append(byte)
        continue
      }
      let escape = next.pointee
      next += 1
      switch escape {
      case UInt8(ascii: "n"): bytes.append(0x0A)
      case UInt8(ascii: "t"): bytes.append(0x09)
      case UInt8(ascii: "r"): bytes.append(0x0D)
      case UInt8(ascii: "b"): bytes.append(0x08)
      case UInt8(ascii: "f"): bytes.append(0x0C)
      case UInt8(ascii: "u"):
        guard var code = hexadecimal(next, end) else {
          bytes.append(contentsOf: [0xEF, 0xBF, 0xBD])
          continue
        }
        next += 4
        if code & 0xFC00 == 0xD800, next + 1 < end, next.pointee == UInt8(ascii: "\\"),
          next[1] == UInt8(ascii: "u"), let low = hexadecimal(next + 2, end), low & 0xFC00 == 0xDC00
        {
          next += 6
          code = 0x10000 + (code & 0x3FF) << 10 + low & 0x3FF
        }
        append(code, to: &bytes)
      default: bytes.append(escape)
      }
    }
  }

  private func hexadecimal(_ digits: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> UInt32? {
    guard digits + 4 <= end else { return nil }
    var value: UInt32 = 0
    for index in 0..<4 {
      let digit = digits[index]
      switch digit {
      case 0x30...0x39: value = value << 4 | UInt32(digit - 0x30)
      case 0x41...0x46, 0x61...0x66: value = value << 4 | UInt32((digit | 0x20) - 0x57)
      default: return nil
      }
    }
    return value
  }

  private func append(_ code: UInt32, to bytes: inout [UInt8]) {
    func tail(_ shift: UInt32) -> UInt8 { UInt8(0x80 | code >> shift & 0x3F) }
    switch code {
    case ..<0x80: bytes.append(UInt8(code))
    case ..<0x800:
      bytes.append(UInt8(0xC0 | code >> 6))
      bytes.append(tail(0))
    case ..<0x10000:
      bytes.append(UInt8(0xE0 | code >> 12))
      bytes.append(tail(6))
      bytes.append(tail(0))
    default:
      bytes.append(UInt8(0xF0 | code >> 18))
      bytes.append(tail(12))
      bytes.append(tail(6))
      bytes.append(tail(0))
    }
  }
}

extension String {
  /// Text from bytes that should be UTF-8: halves of surrogate pairs that met are joined, and what
  /// is still invalid becomes U+FFFD.
  init(repairing bytes: [UInt8]) {
    if let text = String(validating: bytes, as: UTF8.self) {
      self = text
      return
    }
    var joined: [UInt8] = []
    joined.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      // A high surrogate is ED A0…AF xx, a low one ED B0…BF xx.
      if index + 5 < bytes.count, bytes[index] == 0xED, bytes[index + 1] & 0xF0 == 0xA0,
        bytes[index + 3] == 0xED, bytes[index + 4] & 0xF0 == 0xB0
      {
        let high = UInt32(bytes[index + 1] & 0x0F) << 6 | UInt32(bytes[index + 2] & 0x3F)
        let low = UInt32(bytes[index + 4] & 0x0F) << 6 | UInt32(bytes[index + 5] & 0x3F)
        if let scalar = Unicode.Scalar(0x10000 + high << 10 + low) {
          joined.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
          index += 6
          continue
        }
      }
      if index + 2 < bytes.count, bytes[index] == 0xED, bytes[index + 1] & 0xE0 == 0xA0 {
        joined.append(contentsOf: UTF8.encodedReplacementCharacter)
        index += 3
        continue
      }
      joined.append(bytes[index])
      index += 1
    }
    self = String(decoding: joined, as: UTF8.self)
  }
}

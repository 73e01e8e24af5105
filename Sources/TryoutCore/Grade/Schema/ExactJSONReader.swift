/// Reads one JSON text by RFC 8259, to a depth that no stack minds.
struct ExactJSONReader {
  enum Problem: Error, Equatable {
    case malformed(offset: Int)
    case tooDeep
  }

  /// Deeper values are not read; answers that people ask for have a dozen levels.
  static let mostDepth = 64

  private let bytes: [UInt8]
  private var place = 0
  private var depth = 0

  static func read(_ text: String) throws(Problem) -> ExactJSON {
    var reader = ExactJSONReader(bytes: Array(text.utf8))
    reader.skipSpace()
    let value = try reader.value()
    reader.skipSpace()
    guard reader.next == nil else { throw reader.malformed }
    return value
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  private var malformed: Problem { .malformed(offset: place) }

  private mutating func skipSpace() {
    while let byte = next, [0x20, 0x0A, 0x0D, 0x09].contains(byte) { place += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    place += 1
    return true
  }

  private mutating func value() throws(Problem) -> ExactJSON {
    switch next {
    case UInt8(ascii: "{"): return try nested { reader throws(Problem) in try reader.object() }
    case UInt8(ascii: "["): return try nested { reader throws(Problem) in try reader.array() }
    case UInt8(ascii: "\""): return .string(ExactText(try string()))
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .number(try number())
    }
  }

  private mutating func nested(
    _ read: (inout ExactJSONReader) throws(Problem) -> ExactJSON
  ) throws(Problem) -> ExactJSON {
    depth += 1
    guard depth <= ExactJSONReader.mostDepth else { throw .tooDeep }
    place += 1
    skipSpace()
    let value = try read(&self)
    depth -= 1
    return value
  }

  private mutating func word(_ word: String, _ value: ExactJSON) throws(Problem) -> ExactJSON {
    guard bytes[place...].starts(with: word.utf8) else { throw malformed }
    place += word.utf8.count
    return value
  }

  private mutating func array() throws(Problem) -> ExactJSON {
    var elements: [ExactJSON] = []
    if take(UInt8(ascii: "]")) { return .array([]) }
    repeat {
      skipSpace()
      elements.append(try value())
      skipSpace()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw malformed }
    return .array(elements)
  }

  /// Of members with one name the last counts, as in most languages.
  private mutating func object() throws(Problem) -> ExactJSON {
    var members: [ExactText: ExactJSON] = [:]
    if take(UInt8(ascii: "}")) { return .object([:]) }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw malformed }
      let name = ExactText(try string())
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw malformed }
      skipSpace()
      members[name] = try value()
      skipSpace()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw malformed }
    return .object(members)
  }

  // MARK: - Numbers

  private mutating func digits() -> [UInt8] {
    let start = place
    while let byte = next, (48...57).contains(byte) { place += 1 }
    return bytes[start..<place].map { $0 - 48 }
  }

  private mutating func number() throws(Problem) -> ExactNumber {
    let isNegative = take(UInt8(ascii: "-"))
    let whole = digits()
    guard !whole.isEmpty, whole.count == 1 || whole[0] != 0 else { throw malformed }
    var fraction: [UInt8] = []
    if take(UInt8(ascii: ".")) {
      fraction = digits()
      guard !fraction.isEmpty else { throw malformed }
    }
    var exponent = 0
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      let isMinus = take(UInt8(ascii: "-"))
      if !isMinus { _ = take(UInt8(ascii: "+")) }
      let power = digits()
      guard !power.isEmpty else { throw malformed }
      exponent = ExactNumber.exponent(isNegative: isMinus, power)
    }
    return ExactNumber(isNegative: isNegative, whole: whole, fraction: fraction, exponent: exponent)
  }

  // MARK: - Strings

  private mutating func string() throws(Problem) -> String {
    place += 1
    var text: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        place += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        place += 1
        let scalar = try escape()
        text.append(contentsOf: String(Character(scalar)).utf8)
      case 0..<0x20: throw malformed
      default:
        text.append(byte)
        place += 1
      }
    }
    throw malformed
  }

  private mutating func escape() throws(Problem) -> Unicode.Scalar {
    guard let byte = next else { throw malformed }
    place += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let first = try codeUnit()
      if let scalar = Unicode.Scalar(first) { return scalar }
      guard UTF16.isLeadSurrogate(first), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
        throw malformed
      }
      let second = try codeUnit()
      guard UTF16.isTrailSurrogate(second) else { throw malformed }
      let value = 0x10000 + (UInt32(first & 0x3FF) << 10 | UInt32(second & 0x3FF))
      guard let scalar = Unicode.Scalar(value) else { throw malformed }
      return scalar
    default: throw malformed
    }
  }

  private mutating func codeUnit() throws(Problem) -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard let digit = next.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else {
        throw malformed
      }
      value = value << 4 | UInt16(digit)
      place += 1
    }
    return value
  }
}

/// Comma-separated values by RFC 4180, with LF as well as CRLF.
enum CSV {
  struct Record: Equatable {
    /// The line on which the record begins.
    var line: Int
    var fields: [String]
  }

  struct Malformed: Error {
    var message: String
    var line: Int
    var expected: String
  }

  /// Splits a text into records; empty lines are left out.
  static func records(in text: String) throws(Malformed) -> [Record] {
    var parser = Parser(bytes: Array(text.utf8))
    var records: [Record] = []
    while let record = try parser.next() {
      if record.fields != [""] || parser.wasQuoted { records.append(record) }
    }
    return records
  }

  private struct Parser {
    let bytes: [UInt8]
    var index = 0
    var line = 1
    /// Whether a field of the last record had quotes: `""` alone on a line is an empty value.
    var wasQuoted = false

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() throws(Malformed) -> Record? {
      guard index < bytes.count else { return nil }
      var record = Record(line: line, fields: [])
      wasQuoted = false
      while true {
        record.fields.append(try field())
        guard index < bytes.count, bytes[index] == UInt8(ascii: ",") else {
          takeLineBreak()
          return record
        }
        index += 1
      }
    }

    private var isAtLineBreak: Bool {
      bytes[index] == 10 || bytes[index] == 13 && index + 1 < bytes.count && bytes[index + 1] == 10
    }

    private mutating func takeLineBreak() {
      guard index < bytes.count else { return }
      index += bytes[index] == 13 ? 2 : 1
      line += 1
    }

    private mutating func field() throws(Malformed) -> String {
      guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
        return try bareField()
      }
      let start = line
      wasQuoted = true
      index += 1
      var content: [UInt8] = []
      while index < bytes.count {
        let byte = bytes[index]
        index += 1
        if byte != UInt8(ascii: "\"") {
          if byte == 10 { line += 1 }
          content.append(byte)
        } else if index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
          content.append(byte)
          index += 1
        } else if index == bytes.count || bytes[index] == UInt8(ascii: ",") || isAtLineBreak {
          return String(decoding: content, as: UTF8.self)
        } else {
          throw Malformed(
            message: "text follows the closing quote of a field",
            line: line,
            expected: "a comma or the end of the row; a quote inside is written \"\""
          )
        }
      }
      throw Malformed(
        message: "a quoted field has no end",
        line: start,
        expected: "a closing quote"
      )
    }

    private mutating func bareField() throws(Malformed) -> String {
      let start = index
      while index < bytes.count, bytes[index] != UInt8(ascii: ","), !isAtLineBreak {
        if bytes[index] == UInt8(ascii: "\"") {
          throw Malformed(
            message: "a quote stands inside a field without quotes",
            line: line,
            expected: "quotes around the whole field, and \"\" for the one inside"
          )
        }
        index += 1
      }
      return String(decoding: bytes[start..<index], as: UTF8.self)
    }
  }
}

import Foundation

/// The request line and the header fields of a request, and how long a body follows.
struct RequestHead {
  /// Without the blank line at the end.
  let text: String
  /// Bytes of the body.
  let length: Int

  /// Reads what stands before a body, with or without the blank line.
  init(_ bytes: some Collection<UInt8>) {
    text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .newlines)
    let field = text.split(whereSeparator: \.isNewline)
      .first { $0.lowercased().hasPrefix("content-length:") }
    let value = field?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces)
    length = max(0, value.flatMap { Int($0) } ?? 0)
  }

  /// Where the body begins; nil where the head has not come whole.
  static func end(in buffer: [UInt8]) -> Int? {
    buffer.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound
  }
}

import CStamps

/// A chunk of a chunked body whose content is a moment; one buffer serves all writes.
struct StampedChunk {
  private(set) var bytes: [UInt8]
  private let digits: Range<Int>

  init() {
    let digits = String(repeating: "0", count: 19)
    bytes = Array(RawHTTP.chunked(SSE.content(digits + " ")).utf8)
    self.digits = bytes.firstRange(of: Array(digits.utf8)) ?? 0..<0
  }

  /// Puts the moment in.
  mutating func stamp() {
    var rest = stamps_now()
    for index in digits.reversed() {
      bytes[index] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
  }

  /// What comes before the first chunk, at once.
  static let head = Array((RawHTTP.streamHead + RawHTTP.chunked(SSE.role)).utf8)

  /// What comes after the last of so many chunks.
  static func tail(of chunks: Int) -> [UInt8] {
    let end = SSE.finish() + SSE.usage(chunks) + SSE.done
    return Array((RawHTTP.chunked(end) + RawHTTP.lastChunk).utf8)
  }
}

import TryoutCore

/// Reads the body of an answer, which is an event stream or one whole text.
///
/// Which of the two it is shows the first byte that is no white space, not the request or a header:
/// a provider may ignore `stream: true`, and errors come as plain JSON.
struct BodyReader {
  enum Shape { case undecided, stream, whole }

  private(set) var shape = Shape.undecided
  /// The whole text, or the first bytes of a stream.
  private(set) var bytes: [UInt8] = []
  private(set) var stream: StreamReader
  private(set) var isTooLarge = false

  init(dialect: Provider.Dialect = .chatCompletions) { stream = StreamReader(dialect: dialect) }

  /// Reads the next bytes, all of which came at the same moment; false where the body is too large.
  mutating func consume(_ next: UnsafeRawBufferPointer, at stamp: Int64) -> Bool {
    if shape == .stream {
      let room = Bounds.streamExcerpt - bytes.count
      if room > 0 { bytes.append(contentsOf: next.prefix(room)) }
      isTooLarge = !stream.consume(next, at: stamp)
      return !isTooLarge
    }
    guard bytes.count + next.count <= Bounds.body else {
      isTooLarge = true
      return false
    }
    bytes.append(contentsOf: next)
    guard shape == .undecided else { return true }
    // White space, and the bytes of a byte order mark.
    let first = bytes.first { $0 > 0x20 && ![0xEF, 0xBB, 0xBF].contains($0) }
    switch first {
    case nil: return true
    case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "<"):
      shape = .whole
      return true
    default:
      shape = .stream
      isTooLarge = !bytes.withUnsafeBytes { stream.consume($0, at: stamp) }
      bytes.removeLast(max(0, bytes.count - Bounds.streamExcerpt))
      return !isTooLarge
    }
  }

  /// Ends the body.
  mutating func finish(at stamp: Int64) {
    if shape == .stream { stream.finish(at: stamp) }
  }
}

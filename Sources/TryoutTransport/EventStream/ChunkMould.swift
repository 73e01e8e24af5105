import Foundation

/// Recognises a chunk that is the last one with another text in it, which most chunks of a stream are.
///
/// The bytes around the text are compared instead of read again. What they mean was kept when they were read, and
/// keeping it twice would change nothing; therefore only chunks with a single text and no error make a mould.
struct ChunkMould {
  enum Kind { case answer, reasoning }

  /// The chunk without its text.
  private var bytes: [UInt8] = []
  /// How many of the bytes stand before the text; zero before the first chunk.
  private var prefix = 0
  private var kind = Kind.answer
  /// Chunks in a row that did not fit: streams that number or date their chunks are not worth the try.
  private var misses = 0
  private static let patience = 4

  /// Remembers a chunk around its text, which follows the prefix and has so many bytes.
  mutating func take(_ chunk: UnsafeRawBufferPointer, prefix: Int, count: Int, _ kind: Kind) {
    misses += 1
    guard misses <= Self.patience else { return self.prefix = 0 }
    self.prefix = prefix
    self.kind = kind
    bytes.removeAll(keepingCapacity: true)
    bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: chunk[..<prefix]))
    bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: chunk[(prefix + count)...]))
  }

  /// The text of a chunk that is the same around it; nil where it differs, or where the text is empty.
  mutating func text(in chunk: UnsafeRawBufferPointer) -> (JSONText, Kind)? {
    let count = chunk.count - bytes.count
    guard prefix > 0, count > 0, let base = chunk.baseAddress else { return nil }
    let start = base + prefix
    let isSame = bytes.withUnsafeBytes { old in
      guard let old = old.baseAddress else { return false }
      return memcmp(base, old, prefix) == 0
        && memcmp(start + count, old + prefix, bytes.count - prefix) == 0
    }
    guard isSame else { return nil }
    // The quote after the text must be the first that ends it.
    let text = start.assumingMemoryBound(to: UInt8.self)
    var isEscaped = false
    var index = 0
    while index < count {
      switch text[index] {
      case UInt8(ascii: "\""): return nil
      case UInt8(ascii: "\\"):
        isEscaped = true
        index += 2
      default: index += 1
      }
    }
    guard index == count else { return nil }
    misses = 0
    return (JSONText(start: text, count: count, isEscaped: isEscaped), kind)
  }
}

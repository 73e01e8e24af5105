import TryoutCore

/// Reads an event stream in whatever pieces it comes.
struct StreamReader {
  private var lines = LineSplitter()
  private(set) var events: EventReader
  /// Whether the stream went beyond a bound and is not read any more.
  private(set) var isTooLarge = false

  init(dialect: Provider.Dialect = .chatCompletions) { events = EventReader(dialect: dialect) }

  /// Reads bytes that came at the same moment; false where the stream has become too large.
  mutating func consume(_ bytes: UnsafeRawBufferPointer, at stamp: Int64) -> Bool {
    if lines.split(bytes, into: &events, at: stamp), events.events <= Bounds.events,
      events.data.count <= Bounds.line, events.scanner.textCount <= Bounds.body
    {
      return true
    }
    isTooLarge = true
    return false
  }

  /// Reads what was left without a blank line at the end, or even without a line end.
  mutating func finish(at stamp: Int64) {
    lines.finish(into: &events, at: stamp)
    events.dispatch()
  }
}

/// How much of an answer is read before the exchange ends as `too_large`.
enum Bounds {
  /// Bytes of a body that is no stream, and of the text that a stream carries: 16 MiB.
  static let body = 16 << 20
  /// Bytes of one line of a stream, and of the data of one event: 8 MiB.
  static let line = 8 << 20
  /// Events of one stream.
  static let events = 2_000_000
  /// Bytes of an answer that are kept as evidence.
  static let excerpt = 2048
  /// Bytes of a stream that are kept in case they become evidence.
  static let streamExcerpt = 1024
}

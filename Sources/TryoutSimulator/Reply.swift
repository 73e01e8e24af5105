/// Everything the server will send for one request, and when: a value, made without a clock.
package struct Reply: Equatable, Sendable {
  /// Bytes that leave together.
  package struct Piece: Equatable, Sendable {
    /// From the arrival of the request.
    package var at: Duration
    /// What is written, without the framing of chunks.
    package var bytes: [UInt8]

    init(at: Duration, _ text: String) {
      self.at = at
      bytes = Array(text.utf8)
    }
  }

  /// How the body ends.
  package enum Ending: Equatable, Sendable {
    case whole
    /// The connection is closed, without the last chunk or short of the length promised.
    case cut(at: Duration)
  }

  /// Of HTTP.
  package var status: Int
  /// Without those that the server adds by itself, such as the length.
  package var headers: [String: String]
  /// When the status line and the headers leave.
  package var headAt: Duration
  /// The length promised; `nil` is a chunked body, each piece one chunk.
  package var contentLength: Int?
  /// In the order of their times.
  package var pieces: [Piece]
  /// Whether the body comes to its end.
  package var ending = Ending.whole
  /// US dollars that are billed for it.
  package var cost = 0.0
  /// What can be asked about it afterwards; nil where no model answered.
  package var generation: Generation?

  /// One JSON (or other) text with its length.
  init(status: Int, headers: [String: String] = [:], at: Duration = .zero, text: String) {
    self.status = status
    self.headers = ["Content-Type": "application/json"].merging(headers) { _, given in given }
    headAt = at
    let piece = Piece(at: at, text)
    contentLength = piece.bytes.count
    pieces = [piece]
  }

  /// An event stream, whose head leaves at once.
  init(headers: [String: String], stream pieces: [Piece]) {
    status = 200
    self.headers = ["Content-Type": "text/event-stream", "Cache-Control": "no-cache"]
      .merging(headers) { _, given in given }
    headAt = .zero
    contentLength = nil
    self.pieces = pieces
  }
}

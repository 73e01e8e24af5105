/// What an answer made of the server's own stamps says of our clocks.
///
/// Both ends read one clock of one machine, so the difference is what the sockets, the reading and
/// the stamping took, and can never be negative.
package struct StampedAnswer: Sendable, Equatable {
  /// Nanoseconds from the server's stamp of the first chunk to ours.
  package var firstToken: Int64
  /// Nanoseconds from the server's stamp of the last chunk to ours.
  package var lastToken: Int64
  /// The server's stamps of the first and the last chunk, on the monotonic clock.
  package var span: ClosedRange<Int64>

  /// Why an answer says nothing of clocks.
  package struct Unreadable: Error, Equatable, CustomStringConvertible {
    /// A sentence.
    package var description: String

    package init(description: String) { self.description = description }
  }

  /// Reads an exchange whose every chunk carried one stamp in decimal digits and a space.
  package init(_ exchange: Exchange, chunks: Int) throws(Unreadable) {
    if let failure = exchange.failure { throw Unreadable(description: failure.message) }
    let stamps = exchange.answer.split(separator: " ").compactMap { Int64($0) }
    guard stamps.count == chunks, let first = stamps.first, let last = stamps.last,
      zip(stamps, stamps.dropFirst()).allSatisfy({ $0 <= $1 })
    else { throw Unreadable(description: "The stamps did not come whole and in order.") }
    guard exchange.chunks == chunks else {
      throw Unreadable(description: "\(exchange.chunks) chunks were counted, \(chunks) were sent.")
    }
    let time = exchange.timeline
    guard let firstToken = time.firstToken, let lastToken = time.lastToken else {
      throw Unreadable(description: "The first or the last token has no time.")
    }
    self.firstToken = time.origin + firstToken - first
    self.lastToken = time.origin + lastToken - last
    span = first...last
  }
}

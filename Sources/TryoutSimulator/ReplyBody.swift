import FlyingFox
import FlyingSocks
import Foundation

/// Plays the pieces of a reply, each at its own moment.
///
/// The moments are counted from the arrival of the request, so that one late piece does not delay
/// the next. FlyingFox writes each buffer at once, in a chunked body as one chunk.
struct ReplyBody: AsyncBufferedSequence {
  typealias Element = UInt8

  /// Ends the connection: FlyingFox closes it when a body throws, without the last chunk.
  struct Cut: Error {}

  struct Iterator: AsyncBufferedIteratorProtocol {
    private var pieces: ArraySlice<Reply.Piece>
    private var ending: Reply.Ending
    private var arrived: ContinuousClock.Instant
    private var begun: ArraySlice<UInt8> = []

    fileprivate init(_ reply: Reply, arrived: ContinuousClock.Instant) {
      pieces = reply.pieces[...]
      ending = reply.ending
      self.arrived = arrived
    }

    mutating func next() async throws -> UInt8? {
      while begun.isEmpty {
        guard let buffer = try await nextBuffer(suggested: 0) else { return nil }
        begun = buffer[...]
      }
      return begun.popFirst()
    }

    mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
      if let piece = pieces.popFirst() {
        try await Task.sleep(until: arrived + piece.at, tolerance: .zero)
        return piece.bytes
      }
      guard case .cut(let at) = ending else { return nil }
      try await Task.sleep(until: arrived + at, tolerance: .zero)
      throw Cut()
    }
  }

  private let reply: Reply
  private let arrived: ContinuousClock.Instant

  fileprivate init(_ reply: Reply, arrived: ContinuousClock.Instant) {
    self.reply = reply
    self.arrived = arrived
  }

  func makeAsyncIterator() -> Iterator {
    Iterator(reply, arrived: arrived)
  }
}

extension HTTPResponse {
  /// The reply as FlyingFox sends it, to HEAD without its body.
  ///
  /// `arrived` is the moment its times are counted from.
  init(_ reply: Reply, arrived: ContinuousClock.Instant, isHead: Bool) {
    let body = ReplyBody(reply, arrived: arrived)
    let sequence =
      reply.contentLength.map { HTTPBodySequence(from: body, count: $0) }
      ?? HTTPBodySequence(from: body)
    var headers = HTTPHeaders()
    for (name, value) in reply.headers { headers[HTTPHeader(name)] = value }
    guard !isHead else {
      headers[.contentLength] = reply.contentLength.map(String.init)
      self.init(statusCode: .init(code: reply.status), headers: headers)
      return
    }
    self.init(statusCode: .init(code: reply.status), headers: headers, body: sequence)
  }
}

extension HTTPStatusCode {
  fileprivate init(code: Int) {
    let phrases = [
      200: "OK", 400: "Bad Request", 401: "Unauthorized", 402: "Payment Required",
      403: "Forbidden", 404: "Not Found", 429: "Too Many Requests", 500: "Internal Server Error",
      502: "Bad Gateway", 503: "Service Unavailable",
    ]
    self.init(code, phrase: phrases[code] ?? "Unknown")
  }
}

/// What a server does for one row of the table of streams, and how it is asked.
package struct StreamScript: Sendable, CustomStringConvertible {
  /// What the steps may depend on.
  package struct Scene: Sendable {
    /// The number of the request on its connection, from 0.
    package var onConnection: Int
    /// The base URL of another server, which must not see a request.
    package var other: String
  }

  /// The row's.
  package let id: String
  /// The body, where it is nothing but bytes that come.
  package private(set) var body: [UInt8]?
  let steps: @Sendable (Scene) -> [Step]

  /// The preset that a client takes the server for.
  package var provider = "openrouter"
  /// The text that a client reads.
  package var answer = "Hello"
  /// The reasoning that a client reads.
  package var reasoning = ""
  /// Words that the failure's message must have.
  package var message = ""
  /// How many requests there are, one after the other; the last is compared with the row.
  package var requests = 1
  /// What a client asks.
  package var prompt = "Say hello."
  var readsBodies = true
  /// How long a client waits for the first token.
  package var firstToken = Duration.seconds(20)
  /// How long a client waits for an event after it.
  package var stall = Duration.seconds(20)

  /// The id.
  package var description: String { id }

  /// A server that sends segments of a stream, each of which the client reads apart, and an end.
  init(
    _ id: String, _ segments: [[UInt8]], end: [Step] = [.write(RawHTTP.lastChunk)],
    change: (inout StreamScript) -> Void = { _ in }
  ) {
    self.init(id, change: change) { _ in
      [.write(RawHTTP.streamHead)] + segments.flatMap { Self.chunk($0) + [.waitUntilRead] } + end
    }
    body = segments.flatMap(\.self)
  }

  init(
    _ id: String, _ segments: String..., end: [Step] = [.write(RawHTTP.lastChunk)],
    change: (inout StreamScript) -> Void = { _ in }
  ) {
    self.init(id, segments.map { Array($0.utf8) }, end: end, change: change)
  }

  /// A server that sends a whole body of known length.
  init(
    _ id: String, type: String, body: String, change: (inout StreamScript) -> Void = { _ in }
  ) {
    self.init(id, change: change) { _ in [.write(RawHTTP.response(type: type, body))] }
    self.body = Array(body.utf8)
  }

  /// A server that does as told.
  init(
    _ id: String, change: (inout StreamScript) -> Void = { _ in },
    steps: @escaping @Sendable (Scene) -> [Step]
  ) {
    self.id = id
    self.steps = steps
    change(&self)
  }

  /// A chunk of a chunked body in one write.
  private static func chunk(_ bytes: [UInt8]) -> [Step] {
    let size = String(bytes.count, radix: 16)
    return [.writeBytes(Array("\(size)\r\n".utf8) + bytes + Array("\r\n".utf8))]
  }
}

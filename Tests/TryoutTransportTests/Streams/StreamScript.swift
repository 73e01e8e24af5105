import Testing
import TryoutCore

@testable import TryoutTransport

/// What a server does for one row of the table of streams, and how it is asked.
struct StreamScript: Sendable, CustomTestStringConvertible {
  /// What the steps may depend on.
  struct Scene {
    var onConnection: Int
    /// The base URL of another server, which must not see a request.
    var other: String
  }

  let id: String
  /// The body, where it is nothing but bytes that come.
  private(set) var body: [UInt8]?
  let steps: @Sendable (Scene) -> [Step]

  var provider = "openrouter"
  var answer = "Hello"
  var reasoning = ""
  /// Words that the failure's message must have.
  var message = ""
  /// How many requests there are, one after the other; the last is compared with the row.
  var requests = 1
  var prompt = "Say hello."
  var readsBodies = true
  var firstToken = Duration.seconds(20)
  var stall = Duration.seconds(20)

  var testDescription: String { id }

  /// A server that sends segments of a stream, each of which the client reads apart, and an end.
  init(
    _ id: String, _ segments: [[UInt8]], end: [Step] = [.write(Wire.lastChunk)],
    change: (inout StreamScript) -> Void = { _ in }
  ) {
    self.init(id, change: change) { _ in
      [.write(Wire.streamHead)] + segments.flatMap { Self.chunk($0) + [.waitUntilRead] } + end
    }
    body = segments.flatMap(\.self)
  }

  init(
    _ id: String, _ segments: String..., end: [Step] = [.write(Wire.lastChunk)],
    change: (inout StreamScript) -> Void = { _ in }
  ) {
    self.init(id, segments.map { Array($0.utf8) }, end: end, change: change)
  }

  /// A server that sends a whole body of known length.
  init(
    _ id: String, type: String, body: String, change: (inout StreamScript) -> Void = { _ in }
  ) {
    self.init(id, change: change) { _ in [.write(Wire.response(type: type, body))] }
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

  var question: Question {
    get throws {
      try Fixture.question(provider) { question in
        question.user = prompt
        question.timeouts.firstToken = firstToken
        question.timeouts.stall = stall
      }
    }
  }

  /// Asks over a real socket.
  func play() async throws -> Play {
    let other = try TestServer(.write(Wire.stream))
    defer { other.stop() }
    let server = try TestServer(readsBodies: readsBodies) { [steps, url = other.url] _, number in
      steps(Scene(onConnection: number, other: url))
    }
    defer { server.stop() }
    let transport = try CurlTransport(
      endpoints: ["test": Endpoint(url: server.url, key: Self.key)])
    defer { transport.shutdown() }
    var exchanges: [Exchange] = []
    for _ in 0..<requests { exchanges.append(await transport.ask(try question)) }
    return Play(exchanges: exchanges, sent: server.sent, strayed: other.received.count)
  }

  static let key = "sk-or-v1-0123456789abcdef"

  /// What came of it.
  struct Play {
    var exchanges: [Exchange]
    /// Bytes that the server could write.
    var sent: Int
    /// Requests that went to the other server.
    var strayed: Int
  }
}

/// Events as they stand in a stream, before HTTP cuts it into chunks.
enum SSE {
  static func event(_ data: String) -> String { "data: \(data)\n\n" }

  static func delta(_ members: String, finish: String? = nil) -> String {
    let reason = finish.map { #","finish_reason":"\#($0)""# } ?? ""
    return event(#"{"choices":[{"index":0,"delta":{\#(members)}\#(reason)}]}"#)
  }

  static func content(_ text: String) -> String { delta(#""content":"\#(text)""#) }

  static func finish(_ reason: String = "stop") -> String { delta("", finish: reason) }

  static func usage(_ tokens: Int, more: String = "") -> String {
    event(
      #"{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":\#(tokens)\#(more)}}"#)
  }

  static let role = delta(#""role":"assistant","content":"""#)
  static let done = event("[DONE]")

  /// How a good answer goes on after its tokens.
  static let end = finish() + usage(2) + done

  /// A good answer of two chunks.
  static let answer = role + content("Hel") + content("lo") + end

  static let error = #""error":{"code":502,"message":"The upstream went away."}"#
}

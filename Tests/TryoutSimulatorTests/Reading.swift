import Foundation
import Testing
import TryoutSimulator

/// What a test reads of a chunk of a stream, or of a whole completion.
struct Completion: Decodable {
  struct Choice: Decodable {
    struct Words: Decodable {
      var role: String?
      var content: String?
      var reasoning: String?
    }
    var delta: Words?
    var message: Words?
    var finishReason: String?
    enum CodingKeys: String, CodingKey { case delta, message, finishReason = "finish_reason" }
  }
  struct Usage: Decodable {
    struct Details: Decodable {
      var reasoningTokens: Int
      enum CodingKeys: String, CodingKey { case reasoningTokens = "reasoning_tokens" }
    }
    var promptTokens: Int
    var completionTokens: Int
    var totalTokens: Int
    var cost: Double
    var details: Details
    enum CodingKeys: String, CodingKey {
      case cost
      case promptTokens = "prompt_tokens"
      case completionTokens = "completion_tokens"
      case totalTokens = "total_tokens"
      case details = "completion_tokens_details"
    }
  }
  struct Failure: Decodable { var code: Int }

  var id: String
  var object: String
  var created: Int64
  var model: String
  var choices: [Choice]
  var usage: Usage?
  var error: Failure?
}

/// What a test reads of an error.
struct ErrorBody: Decodable {
  struct Envelope: Decodable { var error: ErrorBody }
  struct Metadata: Decodable {
    var headers: [String: String]?
    var limitSource: String?
    enum CodingKeys: String, CodingKey { case headers, limitSource = "limit_source" }
  }
  var code: Int
  var message: String
  var metadata: Metadata?
}

extension ErrorBody {
  init(_ reply: Reply) throws {
    self = try JSONDecoder().decode(Envelope.self, from: Data(reply.text.utf8)).error
  }
}

extension Reply {
  var text: String { String(decoding: pieces.flatMap(\.bytes), as: UTF8.self) }

  /// The data of a stream's events, each of which must be one piece.
  var events: [(at: Duration, data: String)] {
    get throws {
      try pieces.compactMap { piece in
        let text = String(decoding: piece.bytes, as: UTF8.self)
        if text.hasPrefix(":") { return nil }
        try #require(text.hasPrefix("data: ") && text.hasSuffix("\n\n"))
        let data = String(text.dropFirst(6).dropLast(2))
        try #require(!data.utf8.contains { $0 == 10 || $0 == 13 })
        return (piece.at, data)
      }
    }
  }

  var chunks: [(at: Duration, chunk: Completion)] {
    get throws {
      try events.filter { $0.data != "[DONE]" }.map { event in
        (event.at, try JSONDecoder().decode(Completion.self, from: Data(event.data.utf8)))
      }
    }
  }

  var completion: Completion {
    get throws { try JSONDecoder().decode(Completion.self, from: Data(text.utf8)) }
  }

  /// All visible content, of a stream or of an answer in one piece.
  var content: String {
    get throws {
      guard contentLength == nil else { return try completion.choices[0].message?.content ?? "" }
      return try chunks.compactMap { $0.chunk.choices.first?.delta?.content }.joined()
    }
  }
}

extension Reply {
  /// The moment of all planned replies: 2026-01-01 00:00 UTC.
  static let testTime = Duration.seconds(1_767_225_600)

  /// The reply to one prompt, by default as a stream of `steady`.
  static func asked(
    _ model: String = "steady",
    _ prompt: String = "Tell me something.",
    stream: Bool = true,
    usage: Bool = false,
    maxTokens: Int? = nil,
    script: Script = Script(),
    occurrence: Int = 0
  ) -> Reply {
    let request = ChatRequest(
      model: model,
      messages: [.init(role: "user", text: prompt)],
      stream: stream,
      wantsUsage: usage,
      maxTokens: maxTokens
    )
    return Reply(to: request, script: script, occurrence: occurrence, now: testTime)
  }
}

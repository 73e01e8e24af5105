import Foundation

/// What a client asked, as far as the simulator cares.
package struct ChatRequest: Equatable, Sendable {
  /// One turn of the conversation.
  package struct Message: Equatable, Sendable {
    /// `system`, `user`, `assistant` and whatever else clients send.
    package var role: String
    /// The content; of several parts, the text parts in lines.
    package var text: String

    /// A turn as a client would have sent it.
    package init(role: String, text: String) {
      self.role = role
      self.text = text
    }
  }

  /// Names a persona.
  package var model: String
  /// Never empty when read from JSON.
  package var messages: [Message]
  /// Whether the answer is wanted as an event stream.
  package var stream: Bool
  /// Whether `stream_options.include_usage` (or OpenRouter's `usage.include`) is true; where neither is said, whether the
  /// request is one for OpenRouter, which tells the usage of every answer.
  package var wantsUsage: Bool
  /// Whether `provider.max_price` allows no price at all.
  package var mustBeFree: Bool
  /// `max_completion_tokens`, else `max_tokens`.
  package var maxTokens: Int?

  /// A request as a client would have sent it.
  package init(
    model: String,
    messages: [Message],
    stream: Bool = false,
    wantsUsage: Bool = false,
    mustBeFree: Bool = false,
    maxTokens: Int? = nil
  ) {
    self.model = model
    self.messages = messages
    self.stream = stream
    self.wantsUsage = wantsUsage
    self.mustBeFree = mustBeFree
    self.maxTokens = maxTokens
  }

  /// The text of the last message by the user, or of the last message.
  var prompt: String {
    (messages.last { $0.role == "user" } ?? messages.last)?.text ?? ""
  }

  /// What makes two requests the same question.
  func hash(seed: UInt64) -> StableHash {
    var hash = StableHash()
    hash.add(seed)
    hash.add(model)
    for message in messages {
      hash.add(message.role)
      hash.add(message.text)
    }
    return hash
  }
}

extension ChatRequest {
  /// A body that is no chat-completions request, in a sentence for the client.
  struct Malformed: Error, Equatable {
    var message: String
  }

  /// Reads a request body, permissively: what is not needed is not looked at.
  init(json: Data) throws(Malformed) {
    let body: Body
    do {
      body = try JSONDecoder().decode(Body.self, from: json)
    } catch {
      throw Malformed(message: "The request body is not a chat-completions request.")
    }
    guard let model = body.model else { throw Malformed(message: "No models provided") }
    guard let messages = body.messages, !messages.isEmpty else {
      throw Malformed(message: "Input required: specify \"messages\"")
    }
    self.init(
      model: model,
      messages: messages.map { Message(role: $0.role, text: $0.content?.text ?? "") },
      stream: body.stream ?? false,
      wantsUsage: body.streamOptions?.includeUsage ?? body.usage?.include
        ?? (body.provider != nil || body.plugins != nil),
      mustBeFree: body.provider?.maxPrice?.isZero ?? false,
      maxTokens: body.maxCompletionTokens ?? body.maxTokens
    )
  }

  private struct Body: Decodable {
    struct Message: Decodable {
      var role: String
      var content: Content?
    }
    struct StreamOptions: Decodable {
      var includeUsage: Bool?
      enum CodingKeys: String, CodingKey { case includeUsage = "include_usage" }
    }
    struct Usage: Decodable { var include: Bool? }

    struct Route: Decodable {
      var maxPrice: MaxPrice?
      enum CodingKeys: String, CodingKey { case maxPrice = "max_price" }
    }

    struct Plugin: Decodable { var id: String? }

    var model: String?
    var messages: [Message]?
    var provider: Route?
    var plugins: [Plugin]?
    var stream: Bool?
    var streamOptions: StreamOptions?
    var usage: Usage?
    var maxTokens: Int?
    var maxCompletionTokens: Int?

    enum CodingKeys: String, CodingKey {
      case model, messages, stream, usage, provider, plugins
      case streamOptions = "stream_options"
      case maxTokens = "max_tokens"
      case maxCompletionTokens = "max_completion_tokens"
    }
  }

  /// Dollars for a million tokens, as texts or numbers.
  private struct MaxPrice: Decodable {
    var isZero: Bool

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      let texts = (try? container.decode([String: String].self))?.values.map { Double($0) }
      let numbers = (try? container.decode([String: Double].self))?.values.map { Optional($0) }
      let prices = texts ?? numbers ?? []
      isZero = !prices.isEmpty && prices.allSatisfy { $0 == 0 }
    }
  }

  /// A message's content: a string, or an array of parts of which the text parts count.
  private struct Content: Decodable {
    struct Part: Decodable { var text: String? }
    var text: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        self.text = text
      } else {
        text = try container.decode([Part].self).compactMap(\.text).joined(separator: "\n")
      }
    }
  }
}

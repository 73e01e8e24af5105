/// What one request is told and when, before it is put into the form of the wire.
struct Answer: Equatable {
  /// A part of the answer that leaves in one piece.
  struct Chunk: Equatable {
    /// From the arrival of the request.
    var at: Duration
    var isReasoning: Bool
    var text: String
  }

  var chunks: [Chunk]
  /// `stop`, or `length` when `max_tokens` cut it short.
  var finishReason: String
  /// When the first token of any kind is due, even if there is none.
  var firstToken: Duration
  var promptTokens: Int
  var reasoningTokens: Int
  /// Reasoning included, as in `usage`.
  var completionTokens: Int

  var content: String { chunks.filter { !$0.isReasoning }.map(\.text).joined() }
  var reasoning: String { chunks.filter(\.isReasoning).map(\.text).joined() }
  var end: Duration { chunks.last?.at ?? firstToken }

  init(
    to request: ChatRequest,
    by persona: Persona,
    shared: [ScriptedAnswer],
    says: Bool = true,
    using randomness: inout Randomness
  ) {
    let thoughts =
      Persona.sentences(words: persona.reasoningTokens, using: &randomness).tokens
    let words = persona.answer(to: request.prompt, shared: shared, using: &randomness).tokens
    let all = says ? thoughts + words : []
    let told = all.prefix(max(0, request.maxTokens ?? .max))

    firstToken = persona.firstToken.draw(from: &randomness)
    finishReason = told.count < all.count ? "length" : "stop"
    promptTokens = request.messages.map(\.text.tokens.count).reduce(0, +)
    reasoningTokens = min(thoughts.count, told.count)
    completionTokens = told.count

    var at = firstToken
    chunks = []
    for (index, token) in told.enumerated() {
      if index > 0 { at += persona.perToken.draw(from: &randomness) }
      chunks.append(Chunk(at: at, isReasoning: index < thoughts.count, text: token))
    }
    if persona.burst { chunks = chunks.joinedByKind() }
  }
}

extension [Answer.Chunk] {
  /// All reasoning in one chunk and all content in another, each when its last token is due.
  fileprivate func joinedByKind() -> [Answer.Chunk] {
    [true, false].compactMap { isReasoning in
      let chunks = filter { $0.isReasoning == isReasoning }
      guard let last = chunks.last else { return nil }
      let text = chunks.map(\.text).joined()
      return Answer.Chunk(at: last.at, isReasoning: isReasoning, text: text)
    }
  }
}

extension String {
  /// Words with the blanks before them: joined again they are the text.
  var tokens: [String] {
    var tokens: [String] = []
    var token = ""
    for character in self {
      if character.isWhitespace, token.contains(where: { !$0.isWhitespace }) {
        tokens.append(token)
        token = ""
      }
      token.append(character)
    }
    return token.isEmpty ? tokens : tokens + [token]
  }
}

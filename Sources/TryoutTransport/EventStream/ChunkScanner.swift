import TryoutCore

/// Reads the chunks of one answer and keeps what they told so far.
///
/// Reads all shapes that providers of the chat completions dialect send: usage in any chunk, with
/// or without `choices`; content as text, as parts or null; reasoning under either name.
struct ChunkScanner {
  /// What the delta of one chunk carried.
  struct Delta: Equatable {
    /// Some text or a piece of a tool call, even if it is only white space.
    var isFilled = false
    /// Something other than white space.
    var isVisible = false
    /// Visible content or a piece of a tool call.
    var isAnswer = false
  }

  private(set) var answer: [UInt8] = []
  private(set) var reasoning: [UInt8] = []
  private(set) var finishReason: String?
  private(set) var model: String?
  private(set) var upstream: String?
  private(set) var id: String?
  private(set) var usage = Usage()
  private(set) var cost: Double?
  /// Whether any chunk had the member that makes it a chunk of a chat completion.
  private(set) var hasChoices = false
  /// Whether the last chunk told of an error.
  private(set) var tellsError = false
  /// Whole messages count only in streams without deltas: elsewhere they repeat what was sent.
  private var hasDeltas = false

  /// What the last chunk looked like around its text.
  private var mould = ChunkMould()
  /// Where the last text of the chunk under way stands in memory, and how many pieces there were of any kind.
  private var text: (address: Int, count: Int, kind: ChunkMould.Kind)?
  private var pieces = 0

  /// Bytes of text kept so far.
  var textCount: Int { answer.count + reasoning.count }

  /// Reads one chunk; nil, with nothing of its text kept, where it is no JSON object.
  mutating func scan(_ chunk: UnsafeRawBufferPointer) -> Delta? {
    tellsError = false
    if let (text, kind) = mould.text(in: chunk) {
      var delta = Delta()
      if kind == .answer { keepAnswer(text, &delta) } else { keepReasoning(text, &delta) }
      return delta
    }
    (text, pieces) = (nil, 0)
    guard var walker = JSONWalker(chunk), walker.enterObject() else { return nil }
    let (answered, reasoned) = (answer.count, reasoning.count)
    var delta = Delta()
    while let key = walker.nextKey() {
      if key == "choices" {
        scanChoices(&walker, &delta)
      } else if key == "usage" {
        scanUsage(&walker)
      } else if key == "id" {
        Self.keep(walker.string(), in: &id)
      } else if key == "model" {
        Self.keep(walker.string(), in: &model)
      } else if key == "provider" {
        Self.keep(walker.string(), in: &upstream)
      } else if key == "error" {
        scanError(&walker)
      } else if key == "object" || key == "type" {
        if let text = walker.string(), text == "error" { tellsError = true }
      } else {
        walker.skipValue()
      }
    }
    guard walker.isAtEnd() else {
      answer.removeLast(answer.count - answered)
      reasoning.removeLast(reasoning.count - reasoned)
      return nil
    }
    if let text, pieces == 1, hasDeltas, !tellsError {
      let prefix = text.address - Int(bitPattern: chunk.baseAddress)
      mould.take(chunk, prefix: prefix, count: text.count, text.kind)
    }
    return delta
  }

  private mutating func scanChoices(_ walker: inout JSONWalker, _ delta: inout Delta) {
    guard walker.enterArray() else { return }
    hasChoices = true
    var isFirst = true
    while walker.nextElement() {
      scanChoice(&walker, &delta, isFirst: isFirst)
      isFirst = false
    }
  }

  private mutating func scanChoice(
    _ walker: inout JSONWalker,
    _ delta: inout Delta,
    isFirst: Bool
  ) {
    guard walker.enterObject() else { return }
    var message: JSONWalker?
    while let key = walker.nextKey() {
      if key == "finish_reason" {
        Self.keep(walker.string(), in: &finishReason)
      } else if isFirst, key == "delta" {
        scanDelta(&walker, &delta)
      } else if isFirst, key == "message" {
        message = walker
        walker.skipValue()
      } else if isFirst, key == "error" {
        scanError(&walker)
      } else {
        walker.skipValue()
      }
    }
    guard !hasDeltas, var message else { return }
    scanDelta(&message, &delta)
    hasDeltas = false
  }

  private mutating func scanDelta(_ walker: inout JSONWalker, _ delta: inout Delta) {
    guard walker.enterObject() else { return }
    hasDeltas = true
    var thought: JSONText?
    while let key = walker.nextKey() {
      if key == "content" {
        scanContent(&walker, &delta)
      } else if key == "reasoning" || key == "reasoning_content" {
        // Some servers send the same text under both names.
        if let text = walker.string(), !text.isEmpty { thought = text }
      } else if key == "tool_calls" {
        scanToolCalls(&walker, &delta)
      } else if key == "refusal" {
        if let text = walker.string() { keepAnswer(text, &delta) }
      } else {
        walker.skipValue()
      }
    }
    if let thought { keepReasoning(thought, &delta) }
  }

  /// Content is a text, null, or an array of parts.
  private mutating func scanContent(_ walker: inout JSONWalker, _ delta: inout Delta) {
    guard walker.peek() == UInt8(ascii: "[") else {
      if let text = walker.string() { keepAnswer(text, &delta) }
      return
    }
    guard walker.enterArray() else { return }
    while walker.nextElement() {
      guard walker.enterObject() else { continue }
      var text: JSONText?
      while let key = walker.nextKey() {
        if key == "text" {
          text = walker.string()
        } else if key == "thinking" {
          scanThinking(&walker, &delta)
        } else {
          walker.skipValue()
        }
      }
      if let text { keepAnswer(text, &delta) }
    }
  }

  /// The thinking of a part is a text, or an array of parts with texts.
  private mutating func scanThinking(_ walker: inout JSONWalker, _ delta: inout Delta) {
    guard walker.peek() == UInt8(ascii: "[") else {
      if let text = walker.string() { keepReasoning(text, &delta) }
      return
    }
    guard walker.enterArray() else { return }
    while walker.nextElement() {
      guard walker.enterObject() else { continue }
      while let key = walker.nextKey() {
        if key == "text" {
          if let text = walker.string() { keepReasoning(text, &delta) }
        } else {
          walker.skipValue()
        }
      }
    }
  }

  /// A piece of a call that says something; many providers also send pieces without a character.
  private mutating func scanToolCalls(_ walker: inout JSONWalker, _ delta: inout Delta) {
    guard walker.enterArray() else { return }
    var isFilled = false
    while walker.nextElement() {
      guard walker.enterObject() else { continue }
      while let key = walker.nextKey() {
        guard key == "function", walker.peek() == UInt8(ascii: "{"), walker.enterObject() else {
          walker.skipValue()
          continue
        }
        while walker.nextKey() != nil {
          if walker.peek() == UInt8(ascii: "{") { isFilled = true }
          if let text = walker.string(), !text.isEmpty { isFilled = true }
        }
      }
    }
    pieces += 1
    guard isFilled else { return }
    delta = Delta(isFilled: true, isVisible: true, isAnswer: true)
  }

  private mutating func scanUsage(_ walker: inout JSONWalker) {
    guard walker.enterObject() else { return }
    while let key = walker.nextKey() {
      if key == "prompt_tokens" {
        usage.prompt = walker.count() ?? usage.prompt
      } else if key == "completion_tokens" {
        usage.completion = walker.count() ?? usage.completion
      } else if key == "total_tokens" {
        usage.total = walker.count() ?? usage.total
      } else if key == "cost" {
        cost = walker.amount() ?? cost
      } else if key == "completion_tokens_details" {
        Self.scanDetail("reasoning_tokens", &usage.reasoning, &walker)
      } else if key == "prompt_tokens_details" {
        Self.scanDetail("cached_tokens", &usage.cached, &walker)
      } else {
        walker.skipValue()
      }
    }
  }

  private static func scanDetail(
    _ name: StaticString,
    _ count: inout Int?,
    _ walker: inout JSONWalker
  ) {
    guard walker.enterObject() else { return }
    while let key = walker.nextKey() {
      if key == name {
        count = walker.count() ?? count
      } else {
        walker.skipValue()
      }
    }
  }

  private mutating func scanError(_ walker: inout JSONWalker) {
    if walker.peek() == UInt8(ascii: "{") || walker.peek() == UInt8(ascii: "\"") {
      tellsError = true
    }
    walker.skipValue()
  }

  /// Keeps the first text that is not empty.
  private static func keep(_ text: JSONText?, in property: inout String?) {
    guard property == nil, let text, !text.isEmpty else { return }
    property = text.string
  }

  private mutating func keepAnswer(_ text: JSONText, _ delta: inout Delta) {
    guard !text.isEmpty else { return }
    note(text, .answer)
    delta.isFilled = true
    guard Self.append(text, to: &answer) else { return }
    delta.isVisible = true
    delta.isAnswer = true
  }

  private mutating func keepReasoning(_ text: JSONText, _ delta: inout Delta) {
    guard !text.isEmpty else { return }
    note(text, .reasoning)
    delta.isFilled = true
    if Self.append(text, to: &reasoning) { delta.isVisible = true }
  }

  private mutating func note(_ text: JSONText, _ kind: ChunkMould.Kind) {
    self.text = (Int(bitPattern: text.start), text.count, kind)
    pieces += 1
  }

  /// Appends what a text means; true where that is more than white space.
  private static func append(_ text: JSONText, to bytes: inout [UInt8]) -> Bool {
    let start = bytes.count
    text.append(to: &bytes)
    return bytes[start...].contains { $0 > 0x20 }
  }
}

import TryoutCore

/// The chunks of a chat completion.
///
/// Reads all shapes that providers of this dialect send: usage in any chunk, with or without
/// `choices`; content as text, as parts or null; reasoning under either name.
extension ChunkScanner {
  /// Reads the members of one chunk.
  mutating func scanCompletion(_ walker: inout JSONWalker, _ delta: inout Delta) {
    var (hasChoices, hasDetail) = (false, false)
    while let key = walker.nextKey() {
      if key == "choices" {
        hasChoices = true
        scanChoices(&walker, &delta)
      } else if key == "detail" {
        hasDetail = true
        walker.skipValue()
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
    // How Mistral and servers made with FastAPI refuse.
    if hasDetail, !hasChoices { tellsError = true }
  }

  private mutating func scanChoices(_ walker: inout JSONWalker, _ delta: inout Delta) {
    guard walker.enterArray() else { return }
    isInDialect = true
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
    noteMore()
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
    guard isFilled else { return }
    keepToolCall(&delta)
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
      } else if key == "cached_tokens" || key == "prompt_cache_hit_tokens" {
        usage.cached = walker.count() ?? usage.cached
      } else {
        walker.skipValue()
      }
    }
  }
}

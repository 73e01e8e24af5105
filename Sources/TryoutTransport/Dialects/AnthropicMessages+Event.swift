import TryoutCore

/// The events of a message.
///
/// Each kind of event and of block has members of its own, so these tell what comes and the order
/// of `type` and the rest does not matter. Signatures, citations, results of the provider's own tools
/// and encrypted thinking have members that are not looked at: none of them is a token.
extension ChunkScanner {
  /// Reads the members of one event.
  mutating func scanMessageEvent(_ walker: inout JSONWalker, _ delta: inout Delta) {
    while let key = walker.nextKey() {
      if key == "delta" || key == "content_block" {
        scanBlock(&walker, &delta)
      } else if key == "type" {
        guard let type = walker.string() else { continue }
        if type == "message_stop" {
          delta.isEnd = true
        } else if type == "ping" {
          delta.isKeepAlive = true
        } else if type == "error" {
          tellsError = true
        }
      } else if key == "usage" {
        messageUsage.scan(&walker, isFinal: true)
        usage = messageUsage.usage
      } else if key == "message" {
        scanMessage(&walker)
      } else if key == "error" {
        scanError(&walker)
      } else {
        walker.skipValue()
      }
    }
  }

  /// The beginning of a block, a piece of it, or the end of the message.
  private mutating func scanBlock(_ walker: inout JSONWalker, _ delta: inout Delta) {
    guard walker.enterObject() else { return }
    isInDialect = true
    while let key = walker.nextKey() {
      if key == "text" {
        if let text = walker.string() { keepAnswer(text, &delta) }
      } else if key == "thinking" {
        if let text = walker.string() { keepReasoning(text, &delta) }
      } else if key == "partial_json" || key == "name" {
        if let text = walker.string(), !text.isEmpty { keepToolCall(&delta) }
      } else if key == "stop_reason" {
        let reason = walker.string()
        guard finishReason == nil, let reason, !reason.isEmpty else { continue }
        finishReason = AnthropicMessages.finishReason(reason.string)
      } else {
        walker.skipValue()
      }
    }
  }

  /// The message as it is before its first block.
  private mutating func scanMessage(_ walker: inout JSONWalker) {
    guard walker.enterObject() else { return }
    isInDialect = true
    while let key = walker.nextKey() {
      if key == "id" {
        Self.keep(walker.string(), in: &id)
      } else if key == "model" {
        Self.keep(walker.string(), in: &model)
      } else if key == "usage" {
        messageUsage.scan(&walker, isFinal: false)
        usage = messageUsage.usage
      } else {
        walker.skipValue()
      }
    }
  }
}

private extension MessageUsage {
  /// Counts come twice and add up to the last; routers may not know the input before the end.
  ///
  /// The output at the beginning of a message is that of its first token, not of the answer.
  mutating func scan(_ walker: inout JSONWalker, isFinal: Bool) {
    guard walker.enterObject() else { return }
    while let key = walker.nextKey() {
      if key == "input_tokens" {
        input = walker.count() ?? input
      } else if key == "cache_creation_input_tokens" {
        cacheWritten = walker.count() ?? cacheWritten
      } else if key == "cache_read_input_tokens" {
        cacheRead = walker.count() ?? cacheRead
      } else if isFinal, key == "output_tokens" {
        output = walker.count() ?? output
      } else if isFinal, key == "output_tokens_details" {
        ChunkScanner.scanDetail("thinking_tokens", &thinking, &walker)
      } else {
        walker.skipValue()
      }
    }
  }
}

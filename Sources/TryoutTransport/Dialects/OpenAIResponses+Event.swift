import TryoutCore

/// The events of a response.
///
/// What an event's members mean depends on its `type`, which may stand behind them; so they are looked at when all have
/// been passed. Texts that come once more when a part, an item or the whole is done count only where no delta told them.
extension ChunkScanner {
  /// Reads the members of one event.
  mutating func scanResponseEvent(_ walker: inout JSONWalker, _ delta: inout Delta) {
    var type: JSONText?
    var text: JSONText?
    var response: JSONWalker?
    var item: JSONWalker?
    while let key = walker.nextKey() {
      if key == "type" {
        type = walker.string()
      } else if key == "delta" {
        text = walker.string()
      } else if key == "response" {
        response = walker
        walker.skipValue()
      } else if key == "item" {
        item = walker
        walker.skipValue()
      } else if key == "error" {
        scanError(&walker)
      } else {
        walker.skipValue()
      }
    }
    guard let type else { return }
    if let text {
      scanResponseDelta(type, text, &delta)
    } else if var item {
      let isDone = type == "response.output_item.done"
      scanResponseItem(&item, isDone: isDone, &delta)
    } else if var response {
      isInDialect = true
      delta.isEnd = type == "response.completed" || type == "response.incomplete"
      scanResponse(&response, &delta)
      if type == "response.failed" { tellsError = true }
    } else if type == "error" {
      tellsError = true
    } else if type == "keepalive" {
      delta.isKeepAlive = true
    }
  }

  private mutating func scanResponseDelta(
    _ type: JSONText, _ text: JSONText, _ delta: inout Delta
  ) {
    isInDialect = true
    if type == "response.output_text.delta" || type == "response.refusal.delta" {
      hasDeltas = true
      keepAnswer(text, &delta)
    } else if type == "response.reasoning_summary_text.delta"
      || type == "response.reasoning_text.delta"
    {
      keepReasoning(text, &delta)
    } else if type == "response.function_call_arguments.delta", !text.isEmpty {
      keepToolCall(&delta)
    }
  }

  /// A call begins with its name; a message that came without deltas is told when it is done.
  private mutating func scanResponseItem(
    _ walker: inout JSONWalker, isDone: Bool, _ delta: inout Delta
  ) {
    guard walker.enterObject() else { return }
    isInDialect = true
    while let key = walker.nextKey() {
      if key == "name" {
        guard let name = walker.string(), !name.isEmpty else { continue }
        hasToolCall = true
        if !isDone { keepToolCall(&delta) }
      } else if key == "content", isDone, !hasDeltas {
        scanResponseParts(&walker, &delta)
      } else {
        walker.skipValue()
      }
    }
  }

  private mutating func scanResponseParts(_ walker: inout JSONWalker, _ delta: inout Delta) {
    guard walker.enterArray() else { return }
    while walker.nextElement() {
      guard walker.enterObject() else { continue }
      var isThought = false
      var text: JSONText?
      while let key = walker.nextKey() {
        if key == "type" {
          isThought = walker.string().map { $0 == "reasoning_text" } ?? false
        } else if key == "text" || key == "refusal" {
          text = walker.string()
        } else {
          walker.skipValue()
        }
      }
      guard let text, !text.isEmpty else { continue }
      if isThought { keepReasoning(text, &delta) } else { keepAnswer(text, &delta) }
      // What the text meant depends on its type.
      noteMore()
    }
  }

  /// The response as it is so far, or as it came to be.
  private mutating func scanResponse(_ walker: inout JSONWalker, _ delta: inout Delta) {
    guard walker.enterObject() else { return }
    var status: String?
    var incomplete: String?
    while let key = walker.nextKey() {
      if key == "id" {
        Self.keep(walker.string(), in: &id)
      } else if key == "model" {
        Self.keep(walker.string(), in: &model)
      } else if key == "provider" {
        Self.keep(walker.string(), in: &upstream)
      } else if key == "status" {
        Self.keep(walker.string(), in: &status)
      } else if key == "incomplete_details" {
        scanText("reason", &incomplete, &walker)
      } else if key == "usage" {
        scanResponseUsage(&walker)
      } else if key == "error" {
        scanError(&walker)
      } else {
        walker.skipValue()
      }
    }
    let reason = OpenAIResponses.finishReason(
      status: status, incomplete: incomplete, hasToolCall: hasToolCall)
    if finishReason == nil { finishReason = reason }
  }

  private func scanText(
    _ name: StaticString, _ property: inout String?, _ walker: inout JSONWalker
  ) {
    guard walker.enterObject() else { return }
    while let key = walker.nextKey() {
      if key == name { Self.keep(walker.string(), in: &property) } else { walker.skipValue() }
    }
  }

  private mutating func scanResponseUsage(_ walker: inout JSONWalker) {
    guard walker.enterObject() else { return }
    while let key = walker.nextKey() {
      if key == "input_tokens" {
        usage.prompt = walker.count() ?? usage.prompt
      } else if key == "output_tokens" {
        usage.completion = walker.count() ?? usage.completion
      } else if key == "total_tokens" {
        usage.total = walker.count() ?? usage.total
      } else if key == "cost" {
        cost = walker.amount() ?? cost
      } else if key == "input_tokens_details" {
        Self.scanDetail("cached_tokens", &usage.cached, &walker)
      } else if key == "output_tokens_details" {
        Self.scanDetail("reasoning_tokens", &usage.reasoning, &walker)
      } else {
        walker.skipValue()
      }
    }
  }
}

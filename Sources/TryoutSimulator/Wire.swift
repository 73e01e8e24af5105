/// The JSON of OpenAI's chat-completions dialect with OpenRouter's additions, for one answer.
///
/// Written from captures of real answers and not from the client's code, so that a common
/// misreading cannot hide.
struct Wire {
  /// `gen-` and the time, as OpenRouter makes them.
  var id: String
  /// Seconds since the epoch.
  var created: Int64
  var model: String
  var costPerToken: Double
  var usageChunk = Persona.UsageChunk.emptyChoices

  static let done = "data: [DONE]\n\n"
  /// What OpenRouter sends while a model has not begun.
  static let comment = ": OPENROUTER PROCESSING\n\n"

  static func event(_ json: JSON) -> String { "data: \(json.text)\n\n" }

  /// The first chunk of a stream: a role, and no token.
  var roleChunk: JSON {
    chunk([choice(delta: .object(["role": .string("assistant"), "content": .string("")]))])
  }

  func tokenChunk(_ part: Answer.Chunk) -> JSON {
    let text = JSON.string(part.text)
    guard part.isReasoning else {
      return chunk([choice(delta: .object(["role": .string("assistant"), "content": text]))])
    }
    let delta = JSON.object([
      "role": .string("assistant"), "content": .string(""), "reasoning": text,
      "reasoning_details": .array([reasoningDetail(text)]),
    ])
    return chunk([choice(delta: delta)])
  }

  func finishChunk(_ reason: String) -> JSON {
    chunk([
      choice(
        delta: .object(["role": .string("assistant"), "content": .string("")]),
        finish: .string(reason)
      )
    ])
  }

  /// The chunk after the finish with the count of everything, in the persona's shape.
  func usageChunk(_ answer: Answer) -> JSON {
    let delta = JSON.object(["role": .string("assistant"), "content": .string("")])
    let usage = usage(answer)
    return switch usageChunk {
    case .emptyChoices: chunk([]).with(["usage": usage])
    case .nullFinish: chunk([choice(delta: delta)]).with(["usage": usage])
    case .repeatedFinish:
      chunk([choice(delta: delta, finish: .string(answer.finishReason))])
        .with(["service_tier": .null, "usage": usage])
    }
  }

  /// An error in the middle of a stream, as OpenRouter documents it.
  func errorChunk(code: Int, message: String, finish: JSON = .string("error")) -> JSON {
    let delta = JSON.object(["content": .string("")])
    let error = JSON.object(["code": .count(code), "message": .string(message)])
    return chunk([choice(delta: delta, finish: finish)]).with(["error": error])
  }

  /// The whole answer in one piece.
  func completion(_ answer: Answer, withUsage: Bool) -> JSON {
    let reasoning: JSON = answer.reasoningTokens == 0 ? .null : .string(answer.reasoning)
    let choice = JSON.object([
      "index": .integer(0), "logprobs": .null, "finish_reason": .string(answer.finishReason),
      "native_finish_reason": .string(answer.finishReason),
      "message": .object([
        "role": .string("assistant"), "content": .string(answer.content), "refusal": .null,
        "reasoning": reasoning,
      ]),
    ])
    let completion = envelope("chat.completion", choices: [choice])
    return withUsage ? completion.with(["usage": usage(answer)]) : completion
  }

  private func chunk(_ choices: [JSON]) -> JSON {
    envelope("chat.completion.chunk", choices: choices)
  }

  private func envelope(_ object: String, choices: [JSON]) -> JSON {
    .object([
      "id": .string(id), "object": .string(object), "created": .integer(created),
      "model": .string(model), "provider": .string("Simulator"), "choices": .array(choices),
    ])
  }

  private func choice(delta: JSON, finish: JSON = .null) -> JSON {
    .object([
      "index": .integer(0), "delta": delta, "finish_reason": finish,
      "native_finish_reason": finish, "logprobs": .null,
    ])
  }

  private func reasoningDetail(_ text: JSON) -> JSON {
    .object([
      "type": .string("reasoning.text"), "text": text, "format": .string("unknown"),
      "index": .integer(0),
    ])
  }

  func usage(_ answer: Answer) -> JSON {
    let total = answer.promptTokens + answer.completionTokens
    return .object([
      "prompt_tokens": .count(answer.promptTokens),
      "completion_tokens": .count(answer.completionTokens),
      "total_tokens": .count(total),
      "cost": .number(Double(total) * costPerToken),
      "is_byok": .bool(false),
      "prompt_tokens_details": .object(["cached_tokens": .integer(0)]),
      "completion_tokens_details": .object(["reasoning_tokens": .count(answer.reasoningTokens)]),
    ])
  }
}

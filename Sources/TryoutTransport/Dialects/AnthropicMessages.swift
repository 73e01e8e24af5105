import TryoutCore

/// The Messages dialect of Anthropic: one question put into a request.
struct AnthropicMessages: Dialect {
  let question: Question
  let endpoint: Endpoint

  let noun = "a message"
  let marker = "`message_stop`"
  let needsMarker = true

  /// Base URLs are written with and without the version.
  var url: String { base + (base.hasSuffix("/v1") ? "/messages" : "/v1/messages") }

  var headers: [String] { ["anthropic-version: 2023-06-01"] }

  var body: JSON {
    var members = question.parameters
    // The dialect knows one name for the allowance and refuses requests without it.
    let allowance = members.removeValue(forKey: "max_completion_tokens") ?? members["max_tokens"]
    members["max_tokens"] = allowance ?? .integer(Int64(Provider.Dialect.messageTokens))
    // One sequence may be written as a text elsewhere.
    if let one = members["stop_sequences"]?.text { members["stop_sequences"] = [.string(one)] }
    members["model"] = .string(question.model)
    members["messages"] = [["role": "user", "content": .string(question.user)]]
    members["stream"] = .bool(question.stream)
    if let system = question.system { members["system"] = .string(system) }
    return .object(members)
  }

  func whole(_ json: JSON) -> WholeBody? { WholeBody(message: json) }

  /// A stop reason in the words of chat completions, so that checks and gates mean the same
  /// everywhere; unknown ones stay as they are.
  static func finishReason(_ stopReason: String) -> String {
    switch stopReason {
    case "end_turn", "stop_sequence": "stop"
    case "max_tokens", "model_context_window_exceeded": "length"
    case "tool_use": "tool_calls"
    case "refusal": "content_filter"
    default: stopReason
    }
  }
}

/// Token counts as messages tell them: what is written to a cache or read from it is not part of
/// `input_tokens`.
struct MessageUsage {
  var input: Int?
  var cacheWritten: Int?
  var cacheRead: Int?
  var output: Int?
  /// The part of the output that was thought, where it is told.
  var thinking: Int?

  var usage: Usage {
    Usage(prompt: prompt, completion: output, reasoning: thinking, cached: cacheRead)
  }

  /// Nil without `input_tokens`, and for sums that no prompt can have.
  private var prompt: Int? {
    guard let input else { return nil }
    let (some, overflowed) = input.addingReportingOverflow(cacheWritten ?? 0)
    let (all, overflowedToo) = some.addingReportingOverflow(cacheRead ?? 0)
    return overflowed || overflowedToo ? nil : all
  }
}

import TryoutCore

/// The Responses dialect of OpenAI: one question put into a request.
struct OpenAIResponses: Dialect {
  let question: Question
  let endpoint: Endpoint

  let noun = "a response"
  let marker = "`response.completed`"
  let needsMarker = true
  let headers: [String] = []

  var url: String { base + "/responses" }

  var body: JSON {
    var members = question.parameters
    // The dialect knows one name for the allowance.
    for name in ["max_completion_tokens", "max_tokens"] {
      let allowance = members.removeValue(forKey: name)
      members["max_output_tokens"] = members["max_output_tokens"] ?? allowance
    }
    if let effort = members.removeValue(forKey: "reasoning_effort") {
      members["reasoning"] = members["reasoning"] ?? ["effort": effort]
    }
    members["model"] = .string(question.model)
    members["input"] = .string(question.user)
    members["instructions"] = question.system.map { .string($0) }
    members["stream"] = .bool(question.stream)
    // Nobody comes back for it, so the provider need not keep it.
    members["store"] = members["store"] ?? false
    return .object(members)
  }

  func whole(_ json: JSON) -> WholeBody? { WholeBody(response: json) }

  /// How a response ended, in the words of chat completions; nil where it did not end, or failed.
  static func finishReason(
    status: String?, incomplete: String?, hasToolCall: Bool
  ) -> String? {
    switch (status, incomplete) {
    case ("completed", _): hasToolCall ? "tool_calls" : "stop"
    case ("incomplete", "max_output_tokens"): "length"
    case ("incomplete", let reason): reason ?? "length"
    default: nil
    }
  }
}

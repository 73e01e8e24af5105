import TryoutCore

/// The chat completions dialect: one question put into a request.
struct ChatCompletions: Dialect {
  let question: Question
  let endpoint: Endpoint

  let noun = "a chat completion"
  var marker: String { needsMarker ? "`[DONE]`" : "a finish reason or `[DONE]`" }
  var needsMarker: Bool { provider.endsWithDone }

  var url: String { base + "/chat/completions" }

  /// A cached answer would be measured as a fast one.
  var headers: [String] { provider.routes ? ["X-OpenRouter-Cache: false"] : [] }

  var body: JSON {
    var members = question.parameters
    members["model"] = .string(question.model)
    members["messages"] = .array(messages)
    members["stream"] = .bool(question.stream)
    if question.stream, provider.asksForUsage {
      members["stream_options"] = merged(["include_usage": true], under: members["stream_options"])
    }
    if provider.routes {
      var route = merged(members["provider"], under: question.route)
      if question.freeOnly {
        let free: JSON = ["max_price": ["prompt": "0", "completion": "0", "request": "0"]]
        route = merged(route, under: free)
      }
      members["provider"] = route
      members["plugins"] = plugins
    }
    return .object(members)
  }

  func whole(_ json: JSON) -> WholeBody? { WholeBody(completion: json) }

  private var messages: [JSON] {
    var messages: [JSON] = []
    if let system = question.system {
      messages.append(["role": "system", "content": .string(system)])
    }
    messages.append(["role": "user", "content": .string(question.user)])
    return messages
  }

  /// Without this plugin switched off, endpoints with a short context cut prompts silently.
  private var plugins: JSON {
    let own = question.parameters["plugins"]?.elements ?? []
    let compression = "context-compression"
    guard !own.contains(where: { $0["id"]?.text == compression }) else { return .array(own) }
    return .array(own + [["id": .string(compression), "enabled": false]])
  }

  /// The members of both objects; the upper one wins.
  private func merged(_ lower: JSON?, under upper: JSON?) -> JSON? {
    guard case .object(let below)? = lower else { return upper }
    guard case .object(let above)? = upper else { return lower }
    return .object(below.merging(above) { _, above in above })
  }
}

import TryoutCore

/// The chat completions dialect: one question put into a request.
struct ChatCompletions {
  let question: Question
  let endpoint: Endpoint

  var provider: Provider { question.account.provider }

  var url: String {
    let end = endpoint.url.lastIndex { $0 != "/" }.map(endpoint.url.index(after:))
    return endpoint.url[..<(end ?? endpoint.url.startIndex)] + "/chat/completions"
  }

  /// The request as libcurl needs it.
  func order(userAgent: String) -> Order {
    Order(
      url: url,
      headers: headers(userAgent: userAgent),
      body: Array(body.canonicalText.utf8),
      http: question.http,
      patience: Patience(question.timeouts, streams: question.stream)
    )
  }

  private func headers(userAgent: String) -> [String] {
    var headers = [
      "Content-Type: application/json",
      "Accept: \(question.stream ? "text/event-stream" : "application/json")",
      "Accept-Encoding: identity",
      // Otherwise large prompts wait a second for `100 Continue`.
      "Expect:",
      "User-Agent: \(userAgent)",
    ]
    if let key = endpoint.key, !key.isEmpty { headers.append("Authorization: Bearer \(key)") }
    // A cached answer would be measured as a fast one.
    if provider.routes { headers.append("X-OpenRouter-Cache: false") }
    return headers
  }

  /// What is asked, over the parameters that the suite passes through.
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

import TryoutCore

/// One question in the words of those who shall answer it, and what must be known of them to read
/// the reply: all that differs between dialects, apart from the events of a stream.
protocol Dialect: Sendable {
  var question: Question { get }
  var endpoint: Endpoint { get }
  var url: String { get }
  /// Those that only this dialect has.
  var headers: [String] { get }
  /// What is asked, over the parameters that the suite passes through.
  var body: JSON { get }
  /// What an answer is called, with its article.
  var noun: String { get }
  /// What ends a stream, as messages name it.
  var marker: String { get }
  /// Whether a stream without the marker was cut, even if it told a finish reason.
  var needsMarker: Bool { get }

  /// The answer in a body of one piece; nil for values of another shape.
  func whole(_ json: JSON) -> WholeBody?
}

extension Dialect {
  var provider: Provider { question.account.provider }

  /// The base URL without slashes at its end.
  var base: Substring {
    let end = endpoint.url.lastIndex { $0 != "/" }.map(endpoint.url.index(after:))
    return endpoint.url[..<(end ?? endpoint.url.startIndex)]
  }

  /// The one header with the key.
  ///
  /// libcurl keeps only `Authorization` from other hosts: that a key under another name stays with one rests on
  /// redirects being off.
  var keyHeader: [String] {
    guard let key = endpoint.key, !key.isEmpty else { return [] }
    return [provider.keyHeader.map { "\($0): \(key)" } ?? "Authorization: Bearer \(key)"]
  }

  /// Whose application asks, where the account says.
  private var identity: [String] {
    guard let app = question.account.app else { return [] }
    let categories = app.categories.joined(separator: ",")
    return [
      app.url.map { "HTTP-Referer: \($0)" }, app.title.map { "X-Title: \($0)" },
      categories.isEmpty ? nil : "X-OpenRouter-Categories: \(categories)",
    ].compactMap(\.self)
  }

  /// The request as libcurl needs it.
  func order(userAgent: String, live: LiveText? = nil) -> Order {
    Order(
      url: url,
      headers: [
        "Content-Type: application/json",
        "Accept: \(question.stream ? "text/event-stream" : "application/json")",
        "Accept-Encoding: identity",
        // Otherwise large prompts wait a second for `100 Continue`.
        "Expect:",
        "User-Agent: \(userAgent)",
      ] + identity + keyHeader + headers,
      body: Array(body.canonicalText.utf8),
      http: question.http,
      patience: Patience(question.timeouts, streams: question.stream),
      dialect: provider.dialect,
      live: live
    )
  }
}

extension Question {
  /// The question in the dialect of its provider.
  func dialect(at endpoint: Endpoint) -> any Dialect {
    switch account.provider.dialect {
    case .chatCompletions: ChatCompletions(question: self, endpoint: endpoint)
    case .anthropicMessages: AnthropicMessages(question: self, endpoint: endpoint)
    case .openAIResponses: OpenAIResponses(question: self, endpoint: endpoint)
    }
  }
}

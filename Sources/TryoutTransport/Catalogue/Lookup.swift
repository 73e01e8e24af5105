import Foundation
import TryoutCore

/// A question to a provider's desk and not to a model: a GET that spends no quota.
///
/// It is a dialect so that what can go wrong has the same names and sentences as everywhere.
struct Lookup: Dialect {
  let question: Question
  let endpoint: Endpoint
  /// What follows the base URL, with its slash.
  let path: String
  let noun: String
  let marker = ""
  let needsMarker = false

  init(_ path: String, _ noun: String, account: Account, endpoint: Endpoint) {
    var timeouts = Timeouts()
    timeouts.total = .seconds(15)
    question = Question(
      account: account, model: "", user: "", stream: false, timeouts: timeouts)
    self.endpoint = endpoint
    self.path = path
    self.noun = noun
  }

  var url: String {
    guard !path.contains("://") else { return path }
    let isVersioned = provider.dialect != .anthropicMessages || base.hasSuffix("/v1")
    return base + (isVersioned ? "" : "/v1") + path
  }

  var headers: [String] {
    provider.dialect == .anthropicMessages ? ["anthropic-version: 2023-06-01"] : []
  }

  var body: JSON { .null }

  /// Any JSON will do; what it says is read elsewhere.
  func whole(_ json: JSON) -> WholeBody? {
    var body = WholeBody()
    body.hasToolCall = true
    return body
  }

  func request(userAgent: String) -> Order {
    Order(
      url: url,
      headers: ["Accept: application/json", "User-Agent: \(userAgent)"] + keyHeader + headers,
      body: [],
      http: question.http,
      patience: Patience(question.timeouts, streams: false),
      dialect: .chatCompletions,
      isLookup: true
    )
  }

  /// A model's id as a part of a path: slashes and colons stay, as OpenRouter wants them.
  static func escaped(_ model: String) -> String {
    model.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? model
  }

  /// Where a list goes on, if that is at the same provider; the key goes nowhere else.
  func next(_ link: String) -> String? {
    guard let here = URL(string: url), let there = URL(string: link, relativeTo: here)?.absoluteURL,
      there.scheme == here.scheme, there.host == here.host, there.port == here.port
    else { return nil }
    return there.absoluteString
  }
}

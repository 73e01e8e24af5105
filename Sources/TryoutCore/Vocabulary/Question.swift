/// What is really sent to a model, before any dialect puts it into bytes.
package struct Question: Sendable, Equatable {
  package var account: Account
  package var model: String
  package var system: String?
  package var user: String
  package var stream: Bool
  /// Parameters such as `temperature`, passed through by name.
  package var parameters: [String: JSON]
  /// Routing preferences of providers that route, passed through.
  package var route: JSON?
  package var freeOnly: Bool
  package var timeouts: Timeouts
  package var http: HTTPVersion

  package init(
    account: Account, model: String, system: String? = nil, user: String, stream: Bool = true,
    parameters: [String: JSON] = [:], route: JSON? = nil, freeOnly: Bool = false,
    timeouts: Timeouts = Timeouts(), http: HTTPVersion = .http1
  ) {
    self.account = account
    self.model = model
    self.system = system
    self.user = user
    self.stream = stream
    self.parameters = parameters
    self.route = route
    self.freeOnly = freeOnly
    self.timeouts = timeouts
    self.http = http
  }

  /// The most completion tokens the parameters allow, if they or the dialect say.
  package var maxTokens: Int? { account.provider.allowance(in: parameters) }

  /// Tokens to reserve before the call: four characters a token, and the whole completion allowance.
  package var estimatedTokens: Int {
    estimatedPromptTokens + (maxTokens ?? 512)
  }

  /// Prompt tokens by the usual rule of thumb of four UTF-8 bytes a token.
  package var estimatedPromptTokens: Int { promptBytes / 4 + 8 }

  /// The most that the question can be billed for: no token is less than a byte, and what servers put around a message
  /// is some ten tokens; with the whole completion allowance.
  package var mostUsage: Usage {
    Usage(prompt: promptBytes + 32, completion: maxTokens ?? 512)
  }

  private var promptBytes: Int { (system?.utf8.count ?? 0) + user.utf8.count }
}

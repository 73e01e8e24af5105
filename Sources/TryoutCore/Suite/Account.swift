/// Whose key and whose quota.
package struct Account: Sendable, Hashable, Codable {
  package var id: String
  package var provider: Provider
  /// The base URL without a trailing slash; nil for the embedded simulator, which picks a port.
  package var baseURL: String?
  /// Where the key comes from; nil where no key is sent.
  package var key: KeySource?
  /// The text of a simulator script, for accounts of the embedded simulator.
  package var script: String?
  /// Whose application asks, as routers want to know it.
  package var app: AppIdentity?

  package init(
    id: String, provider: Provider, baseURL: String? = nil, keyVariable: String? = nil,
    script: String? = nil
  ) {
    self.id = id
    self.provider = provider
    self.baseURL = baseURL
    self.key = keyVariable.map(KeySource.variable)
    self.script = script
  }

  /// The name of the environment variable with the key, where it is in one.
  package var keyVariable: String? {
    get { if case .variable(let name)? = key { name } else { nil } }
    set { key = newValue.map(KeySource.variable) }
  }

  /// What a provider's quota belongs to: its address and the name of the key, whatever suites call the account.
  package var quotaKey: String {
    "\(baseURL ?? "embedded:\(id)") \(key?.name ?? "none")"
  }
}

/// Where a key comes from, and never the key itself: this is what suites, databases and reports may know.
package enum KeySource: Sendable, Hashable, Codable {
  /// An environment variable.
  case variable(String)
  /// A file that nobody else may read, by its whole path.
  case file(String)
  /// What a program prints, such as the client of a secret manager: the program and its arguments, for no shell.
  case command([String])

  /// What messages call it, such as `OPENAI_API_KEY`.
  package var name: String {
    switch self {
    case .variable(let name): name
    case .file(let path): path
    case .command(let words): words.joined(separator: " ")
    }
  }
}

/// The application on whose behalf an account asks; some providers show it, and admit free models by it.
package struct AppIdentity: Sendable, Hashable, Codable {
  /// Sent as `HTTP-Referer`.
  package var url: String?
  /// Sent as `X-Title`.
  package var title: String?
  /// Sent as `X-OpenRouter-Categories`, such as `cli-agent`.
  package var categories: [String]

  package init(url: String? = nil, title: String? = nil, categories: [String] = []) {
    self.url = url
    self.title = title
    self.categories = categories
  }
}

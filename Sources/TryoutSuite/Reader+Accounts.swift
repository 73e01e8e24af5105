import Foundation
import TryoutCore

extension Reader {
  mutating func readAccounts(_ cursor: Cursor?) {
    guard let cursor else { return }
    guard let entries = cursor.entries("a map from ids to accounts") else {
      accountNames.isComplete = false
      return
    }
    for entry in entries where checkIdentifier(entry, "account") {
      accountNames.declare(entry.key, at: entry.keyPlace, collector: collector)
      if let account = readAccount(entry) { accounts.append(account) }
    }
  }

  /// The account that a target or limit names: one of the suite's, or a preset under its own name.
  mutating func account(named name: String, by cursor: Cursor) -> Account? {
    if accountNames.places[name] != nil {
      accountNames.use(name)
      return accounts.first { $0.id == name }
    }
    if let provider = Provider.preset(named: name) {
      if provider.baseURL == nil, provider != .simulator {
        cursor.error(
          "\(name) has no address of its own",
          expected: "an account with provider: \(name) and base_url"
        )
      }
      let account = Account(
        id: name,
        provider: provider,
        baseURL: provider.baseURL,
        keyVariable: provider.keyVariable
      )
      accountNames.declare(name, at: cursor.place, collector: collector)
      accountNames.use(name)
      accounts.append(account)
      return account
    }
    guard accountNames.isComplete else { return nil }
    let known =
      accountNames.inOrder.filter { Provider.preset(named: $0) == nil }
      + Provider.presets.map(\.name)
    cursor.error(
      "unknown provider or account \(quoted(name)) in \(cursor.path)",
      expected: "one of \(known.joined(separator: ", "))",
      advice: Suggestion.advice(for: name, among: known)
    )
    return nil
  }

  /// Whether a key of a map can be an id.
  func checkIdentifier(_ entry: Entry, _ kind: String) -> Bool {
    guard let problem = identifierProblem(entry.key) else { return true }
    collector.error(
      "the \(kind) id \(quoted(entry.key)) \(problem)",
      at: entry.keyPlace,
      expected: "an id of one line, at most 200 letters"
    )
    return false
  }

  private func readAccount(_ entry: Entry) -> Account? {
    let keys = [
      "provider", "base_url", "allow_http", "key_env", "key_file", "key_command", "app", "script",
    ]
    guard let fields = entry.value.fields(keys),
      let name = fields.require("provider", "a provider such as openrouter or openai")?
        .choice(among: Provider.presets.map(\.name)),
      let provider = Provider.preset(named: name)
    else { return nil }
    var account = Account(
      id: entry.key,
      provider: provider,
      baseURL: provider.baseURL,
      keyVariable: provider.keyVariable
    )
    let allowsHTTP = fields["allow_http"]?.bool() ?? false
    if let cursor = fields["base_url"], let url = readBaseURL(cursor, allowsHTTP) {
      account.baseURL = url
      let isSaid = ["key_env", "key_file", "key_command"].contains(where: fields.has)
      warnOfKeyElsewhere(account, cursor, isSaid: isSaid)
    } else if let cursor = fields["allow_http"], !fields.has("base_url") {
      cursor.error("\(cursor.path) means nothing here", expected: "allow_http beside base_url")
    }
    if provider.baseURL == nil, provider != .simulator, !fields.has("base_url") {
      collector.error(
        "the account \(quoted(entry.key)) has no base_url",
        at: entry.keyPlace,
        expected: "the address of your own resource, since \(provider.name) has none for all"
      )
    }
    account.key = readKey(fields, or: account.key)
    account.app = fields["app"].flatMap(readApp)
    if let cursor = fields["script"] {
      if provider.name != Provider.simulator.name || account.baseURL != nil {
        cursor.error(
          "\(cursor.path) means nothing here",
          expected: "script only with provider: simulator and without base_url"
        )
      } else {
        account.script = script(cursor)
      }
    }
    return account
  }

  private func script(_ cursor: Cursor) -> String? {
    guard let script = folder.text(of: cursor) else { return nil }
    if let problem = scriptProblem?(script.text) {
      collector.error(
        problem.sentence,
        at: Place(file: script.name, line: problem.line, column: problem.column))
    }
    return script.text
  }

  /// A preset's key is meant for the preset's own host.
  private func warnOfKeyElsewhere(_ account: Account, _ cursor: Cursor, isSaid: Bool) {
    guard !isSaid, let variable = account.provider.keyVariable,
      let preset = account.provider.baseURL.flatMap(URLComponents.init(string:))?.host,
      let host = account.baseURL.flatMap(URLComponents.init(string:))?.host, host != preset,
      !Reader.isLoopback(preset)
    else { return }
    cursor.warning(
      "the key in \(variable) will be sent to \(host)",
      advice: "say key_env: \(variable) if that is meant, another variable, or none"
    )
  }

  private func readBaseURL(_ cursor: Cursor, _ allowsHTTP: Bool) -> String? {
    let expected = "a URL such as https://host/v1"
    guard let text = cursor.text(expected) else { return nil }
    // Nothing of a URL with user info is repeated: it holds a password.
    guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty,
      let scheme = parts.scheme?.lowercased(), scheme == "https" || scheme == "http"
    else {
      cursor.error("\(cursor.path) is not a web address", expected: expected)
      return nil
    }
    guard parts.user == nil, parts.password == nil else {
      cursor.error(
        "\(cursor.path) contains a user name or password",
        expected: expected,
        advice: "put the secret into an environment variable and name it as key_env"
      )
      return nil
    }
    guard parts.query == nil, parts.fragment == nil else {
      cursor.error("\(cursor.path) contains ? or #", expected: expected)
      return nil
    }
    if scheme == "http", !Reader.isLoopback(host) {
      guard allowsHTTP else {
        cursor.error(
          "\(quoted(text)) would send keys and prompts unencrypted",
          expected: "https",
          advice:
            "http is for 127.0.0.1, localhost and [::1] alone, unless allow_http: true stands beside it"
        )
        return nil
      }
      cursor.warning("keys and prompts will go to \(host) unencrypted")
    }
    var url = text[...]
    while url.last == "/" { url.removeLast() }
    return String(url)
  }

  private static func isLoopback(_ host: String) -> Bool {
    if ["localhost", "[::1]", "::1"].contains(host.lowercased()) { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}

import ArgumentParser
import Foundation
import TryoutCore
import TryoutStore
import TryoutTransport

/// Whose catalogue a command is about.
struct CatalogueOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The provider to ask (default: openrouter, or the accounts of --suite).", valueName: "name"))
  var provider: String?

  @Option(help: ArgumentHelp("Its address, where the preset's is another.", valueName: "url"))
  var baseURL: String?

  @Option(
    help: ArgumentHelp(
      "The environment variable with the key, or none (default: the preset's at its own address, if it is set).",
      valueName: "name"))
  var keyEnv: String?

  @Option(
    help: ArgumentHelp(
      "Ask the providers of this suite, and look at its targets.", valueName: "suite"))
  var suite: String?

  @Flag(help: "Let the suite read files outside its own folder.")
  var allowOutside = false

  @Flag(help: "Let the suite's key_command run.")
  var allowExec = false

  func validate() throws {
    if suite != nil, provider != nil || baseURL != nil || keyEnv != nil {
      throw ValidationError("--suite names providers, addresses and keys itself.")
    }
    if baseURL != nil, provider == nil {
      throw ValidationError("--base-url wants --provider too, such as --provider openai.")
    }
  }

  /// An account with the suite's targets there.
  struct Place {
    var account: Account
    var key: String?
    var targets: [Target]

    /// What its catalogues are kept under.
    var source: String { account.catalogueSource }

    var keyName: String? { key == nil ? nil : account.key?.name }
  }

  /// The places whose snapshots a command shows that asks nobody: those that are named, else all that the database knows.
  func places(in store: Store) throws -> [Place] {
    guard suite == nil, provider == nil else { return try places() }
    let known = try store.catalogueSources().map { source in
      Place(
        account: Account(id: source, provider: .simulator, baseURL: source, keyVariable: nil),
        key: nil, targets: [])
    }
    return known.isEmpty ? try places() : known
  }

  /// One place for each address; keys are used where they are set, since lists are public.
  func places() throws -> [Place] {
    guard let suite else {
      let account = try account()
      return [Place(account: account, key: account.availableKey, targets: [])]
    }
    let read = try loadSuite(suite, allowOutside: allowOutside)
    var places: [Place] = []
    for account in read.accounts {
      let targets = read.targets.filter { $0.account == account.id }
      guard !targets.isEmpty else { continue }
      if let index = places.firstIndex(where: { $0.source == account.catalogueSource }) {
        places[index].targets += targets
      } else {
        places.append(Place(account: account, key: try key(of: account), targets: targets))
      }
    }
    return places
  }

  /// Nil where there is none; throws where a program that was allowed has none.
  private func key(of account: Account) throws -> String? {
    guard case .command? = account.key else { return account.availableKey }
    guard allowExec else {
      Console.say("Account \(account.id): its key_command was not run; --allow-exec lets it.")
      return nil
    }
    return try account.key?.read(allowExec: true)
  }

  private func account() throws -> Account {
    let name = provider ?? "openrouter"
    guard let preset = Provider.preset(named: name) else {
      let known = Provider.presets.map(\.name).joined(separator: ", ")
      throw UserError(.usage, "There is no provider \(name); there are \(known).")
    }
    let url = baseURL ?? preset.baseURL
    guard url != nil || preset == .simulator else {
      throw UserError(
        .usage, "\(name) has no address that all its users share; name yours with --base-url.")
    }
    if let url { try CatalogueOptions.check(url) }
    // A preset's key belongs to the preset's host.
    let isElsewhere =
      baseURL != nil && preset.baseURL != nil
      && URLComponents(string: url ?? "")?.host != preset.baseURL.flatMap(URLComponents.init)?.host
    let variable = keyEnv ?? (isElsewhere ? nil : preset.keyVariable)
    return Account(
      id: name, provider: preset, baseURL: url.map { String($0.trimmingSuffix("/")) },
      keyVariable: variable == "none" ? nil : variable)
  }

  /// The same as for `base_url` in suites: a key is sent encrypted, or not off this machine.
  private static func check(_ url: String) throws {
    guard let parts = URLComponents(string: url), let host = parts.host, parts.user == nil,
      parts.password == nil, parts.query == nil
    else { throw UserError(.usage, "--base-url is not an address such as https://host/v1.") }
    let isLocal = ["127.0.0.1", "localhost", "[::1]", "::1"].contains(host)
    guard parts.scheme == "https" || parts.scheme == "http" && isLocal else {
      throw UserError(
        .usage, "--base-url would send a key unencrypted; expected https, or http on this machine.")
    }
  }
}

extension Account {
  /// What its catalogues are kept under: its address, which an embedded simulator has for one process only.
  var catalogueSource: String { baseURL ?? "embedded:\(id)" }
}

private extension String {
  func trimmingSuffix(_ suffix: Character) -> Substring {
    var text = self[...]
    while text.last == suffix { text.removeLast() }
    return text
  }
}

extension CatalogueOptions.Place {
  /// Gives the body a desk and where to ask it.
  func asking<T>(_ body: (ProviderDesk, Endpoint) async throws -> T) async throws -> T {
    let desk = try ProviderDesk(userAgent: "tryout/\(Tryout.version)")
    defer { desk.shutdown() }
    let keys = key.map { [account.id: $0] } ?? [:]
    return try await withEndpoints(of: [account], keys: keys, seed: nil) { endpoints in
      guard let endpoint = endpoints[account.id] else {
        throw UserError(.internal, "No address is known for \(account.id).")
      }
      return try await body(desk, endpoint)
    }
  }

  /// What the provider lists now.
  func fetch() async throws -> Catalogue {
    try await asking { desk, endpoint in
      do {
        var catalogue = try await desk.catalogue(of: account, at: endpoint, now: wallClock())
        catalogue.source = source
        return catalogue
      } catch {
        throw UserError(error)
      }
    }
  }
}

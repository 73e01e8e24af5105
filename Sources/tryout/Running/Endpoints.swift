import TryoutCore
import TryoutSimulator
import TryoutTransport

/// Opens a simulator for every account that wants one, and tells where all accounts are found.
///
/// `keys` are by account id, as `Suite.keys(allowExec:)` gives them; the simulators stop when the body returns.
func withEndpoints<T>(
  of accounts: [Account], keys: [String: String], seed: UInt64?,
  _ body: ([String: Endpoint]) async throws -> T
) async throws -> T {
  var endpoints: [String: Endpoint] = [:]
  var simulated: [(account: String, script: Script)] = []
  for account in accounts {
    if let url = account.baseURL {
      endpoints[account.id] = Endpoint(url: url, key: keys[account.id])
    } else {
      simulated.append((account.id, try script(of: account, seed: seed)))
    }
  }
  return try await simulate(simulated[...], endpoints, body)
}

private func simulate<T>(
  _ simulated: ArraySlice<(account: String, script: Script)>,
  _ endpoints: [String: Endpoint],
  _ body: ([String: Endpoint]) async throws -> T
) async throws -> T {
  guard let (account, script) = simulated.first else { return try await body(endpoints) }
  return try await Simulator(script: script).withRunning { server in
    var endpoints = endpoints
    endpoints[account] = Endpoint(url: server.baseURL, key: script.key)
    return try await simulate(simulated.dropFirst(), endpoints, body)
  }
}

private func script(of account: Account, seed: UInt64?) throws -> Script {
  guard let text = account.script else {
    var script = Script()
    script.seed = seed ?? script.seed
    return script
  }
  do {
    return try Script(yaml: text)
  } catch {
    throw UserError(.usage, "The script of account \(account.id) has an error: \(error)")
  }
}

import Foundation
import TryoutCore
import TryoutReport
import TryoutStore
import TryoutTransport

/// Looks at everything that a run rests on, without spending quota.
struct Checkup {
  private let suite: Suite?
  private let database: String
  private let accounts: [Account]
  /// The keys of accounts that name one, or why they cannot be had.
  private let readings: [String: Result<String, any Error>]

  /// Reads the keys, once: a key command may ask somebody for leave.
  ///
  /// Without a suite it looks at the providers whose keys are set, or at OpenRouter.
  init(suite: Suite?, database: String, allowExec: Bool) {
    self.suite = suite
    self.database = database
    accounts = Checkup.accounts(of: suite)
    let sources = accounts.compactMap { account in account.key.map { (account.id, $0) } }
    readings = Dictionary(
      sources.map { id, source in (id, Result { try source.read(allowExec: allowExec) }) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The keys that could be read, by account id.
  var keys: [String: String] { readings.compactMapValues { try? $0.get() } }

  func diagnose() async throws -> Diagnosis {
    var findings = [programFinding()]
    findings += networkFindings()
    findings.append(databaseFinding())
    var missing: Set<String> = []
    let keys = keys
    let desk = try ProviderDesk(userAgent: "tryout/\(Tryout.version)")
    defer { desk.shutdown() }
    findings += try await withEndpoints(of: accounts, keys: keys, seed: suite?.run.seed) {
      endpoints in
      var findings: [Finding] = []
      for account in accounts {
        guard let endpoint = endpoints[account.id] else { continue }
        findings += try await look(at: account, endpoint, desk)
      }
      return findings
    }
    for account in accounts
    where suite != nil && account.key != nil && keys[account.id] == nil {
      missing.insert(account.id)
    }
    return Diagnosis(findings, missingKeys: missing)
  }

  /// Those that targets use; without a suite every preset whose key is set, or else OpenRouter.
  private static func accounts(of suite: Suite?) -> [Account] {
    if let suite { return suite.accountsInUse }
    let presets = Provider.presets.filter { $0.keyVariable != nil && $0.baseURL != nil }
      .map { Account(id: $0.name, provider: $0, baseURL: $0.baseURL, keyVariable: $0.keyVariable) }
    let set = presets.filter { $0.availableKey != nil }
    return set.isEmpty ? presets.filter { $0.id == "openrouter" } : set
  }

  /// Why an account has no key though it names one; nil where it has.
  private func lack(of account: Account) -> String? {
    guard case .failure(let error) = readings[account.id] else { return nil }
    return UserError(error).description
  }

  // MARK: One account

  private func look(
    at account: Account, _ endpoint: Endpoint, _ desk: ProviderDesk
  ) async throws -> [Finding] {
    let greeting = await desk.greeting(of: account, at: endpoint)
    let network = Finding.network(account, greeting.exchange)
    let lack = lack(of: account)
    guard network.state != .problem else {
      guard account.baseURL != nil, lack != nil else { return [network] }
      return [network, .key(account, lack: lack, isWanted: suite != nil, refusal: nil)]
    }
    var findings = [
      network, .clock(account, server: greeting.serverTime, own: greeting.ownTime),
    ]
    var refusal = greeting.failure.flatMap { $0.kind == .auth ? $0 : nil }
    var reading: KeyReading?
    if account.provider.routes, endpoint.key != nil {
      do throws(Failure) {
        reading = try await desk.key(of: account, at: endpoint)
      } catch {
        refusal = error
      }
    }
    if account.baseURL != nil {
      findings.append(
        .key(
          account, lack: endpoint.key == nil ? lack : nil, isWanted: suite != nil,
          refusal: refusal, isProven: reading != nil))
      findings.append(.quota(account, reading))
    }
    return findings + (try await targets(at: account, endpoint, desk))
  }

  private func targets(
    at account: Account, _ endpoint: Endpoint, _ desk: ProviderDesk
  ) async throws -> [Finding] {
    let targets = suite?.targets.filter { $0.account == account.id } ?? []
    guard !targets.isEmpty else { return [] }
    let catalogue = try? await desk.catalogue(of: account, at: endpoint, now: wallClock())
    let store = try? Store(path: database, mode: .readOnly)
    defer { store?.close() }
    let refused = (try? store?.refusedModels(at: account.catalogueSource)) ?? []
    var findings: [Finding] = []
    for target in targets {
      var standing = catalogue?.standing(of: target.model, mustBeFree: target.freeOnly)
      // Lists have no aliases, while a single model is found by its alias too.
      if standing == .unlisted, account.provider.routes,
        let alias = try? await desk.model(target.model, of: account, at: endpoint)
      {
        standing = .fine(alias)
      }
      let known = try? store?.lastListing(of: target.model, at: account.catalogueSource)
      let nearest =
        target.freeOnly
        ? catalogue?.nearestFree(
          to: target.model, known: known ?? nil, using: target.parameters.keys,
          except: refused)?.id : nil
      let last = try? store?.lastEnding(of: target.model, at: account)
      findings.append(.target(target, standing, last: last ?? nil, nearest: nearest))
    }
    return findings
  }

  // MARK: This machine

  private func programFinding() -> Finding {
    do {
      let facts = try NetworkFacts.now()
      let names = { (isThere: Bool) in
        facts.features.filter { $0.isThere == isThere }.map(\.name).joined(separator: ", ")
      }
      let curl = facts.curl.split(separator: " ").prefix(2).joined(separator: " with ")
      let text = "tryout \(Tryout.version), \(curl), \(names(true))"
      guard !names(false).isEmpty else { return Finding(.program, "libcurl", .ok, text) }
      return Finding(
        .program, "libcurl", .warning, "\(text); without \(names(false))",
        advice: "Install a libcurl that has it, where you need it.")
    } catch {
      return Finding(.program, "libcurl", .problem, "\(error)")
    }
  }

  private func networkFindings() -> [Finding] {
    guard let facts = try? NetworkFacts.now() else { return [] }
    var findings: [Finding] = []
    if let file = facts.certificates {
      let source = facts.isNamedByUser ? "named by SSL_CERT_FILE" : "libcurl's own"
      let isReadable = FileManager.default.isReadableFile(atPath: file)
      findings.append(
        Finding(
          .certificates, "trusted", isReadable ? .ok : .problem,
          "\(file) (\(source))\(isReadable ? "" : " cannot be read")",
          advice: isReadable
            ? nil : "Name a file of certificates in SSL_CERT_FILE, or install ca-certificates."))
    } else {
      findings.append(
        Finding(.certificates, "trusted", .unknown, "libcurl has its own and does not say where"))
    }
    let proxies = facts.proxies.map { "\($0.name)=\($0.value)" }.joined(separator: ", ")
    findings.append(
      Finding(.proxy, "environment", .ok, proxies.isEmpty ? "none" : proxies))
    return findings
  }

  private func databaseFinding() -> Finding {
    let folder = URL(fileURLWithPath: database).deletingLastPathComponent().path
    func problem(_ text: String, _ advice: String? = nil) -> Finding {
      Finding(.database, database, .problem, text, advice: advice)
    }
    guard FileManager.default.fileExists(atPath: database) else {
      return FileManager.default.isWritableFile(atPath: folder)
        ? Finding(.database, database, .ok, "is not there yet; the first run makes it")
        : problem("cannot be made in \(folder)", "Name a file in a folder of yours with --db.")
    }
    do {
      let store = try Store(path: database, mode: .readOnly)
      defer { store.close() }
      if let damage = try store.damages().first {
        return problem(
          "damaged: \(damage)", "`sqlite3 \(database) .recover` may save what is left.")
      }
      guard FileManager.default.isWritableFile(atPath: database),
        FileManager.default.isWritableFile(atPath: folder)
      else { return problem("sound, but it or its folder cannot be written", "Change the rights.") }
      let runs = try store.runs()
      let open = runs.filter { [.crashed, .interrupted, .paused].contains($0.state) }.count
      let text = "sound, \(Format.count(runs.count, "run"))"
      return Finding(
        .database, database, .ok,
        open > 0 ? "\(text), \(open) of them not finished" : text)
    } catch {
      return problem("\(error)")
    }
  }
}

import TryoutCore
import TryoutStore
import TryoutTransport

/// What a run asks providers besides its questions: a list of models where free targets rest on one, and what is left of a
/// key's quota before and after. That spends none, and a provider that does not answer keeps no run from going on.
extension Session {
  /// Does the body where any provider has a desk, until a signal comes: then, and without one, it is nil.
  @discardableResult
  func atDesks<T: Sendable>(
    _ body: @escaping @Sendable (ProviderDesk) async throws -> T
  ) async throws -> T? {
    guard !accountsWithDesk.isEmpty, signals.first == nil else { return nil }
    // Not kept while models are asked: its thread would stand beside a measurement.
    let desk = try ProviderDesk(userAgent: "tryout/\(Tryout.version)")
    defer { desk.shutdown() }
    return try await withThrowingTaskGroup(of: T?.self) { group in
      defer { group.cancelAll() }
      group.addTask { try await body(desk) }
      group.addTask { [signals] in
        // The signals' own stream belongs to the runner.
        while signals.first == nil, !Task.isCancelled {
          try? await Task.sleep(for: .milliseconds(50))
        }
        return nil
      }
      return try await group.next() ?? nil
    }
  }

  /// The accounts whose provider has a desk.
  private var accountsWithDesk: [Account] { suite.accountsInUse.filter(\.provider.routes) }

  /// The catalogues of accounts with targets that must be free, by account id.
  ///
  /// They are as they are now, or else as they were last kept. Says what they have against targets.
  func catalogues(
    _ desk: ProviderDesk, _ endpoints: [String: Endpoint]
  ) async throws -> [String: Catalogue] {
    var catalogues: [String: Catalogue] = [:]
    for account in accountsWithDesk {
      let targets = suite.targets.filter { $0.account == account.id && $0.freeOnly }
      guard !targets.isEmpty, let endpoint = endpoints[account.id] else { continue }
      guard let catalogue = try await catalogue(of: account, desk, endpoint) else { continue }
      catalogues[account.id] = catalogue
      for alarm in try catalogue.alarms(for: targets, changes: [], from: store) {
        Console.say("The catalogue of \(catalogue.day) says: \(alarm.text).")
      }
    }
    return catalogues
  }

  private func catalogue(
    of account: Account, _ desk: ProviderDesk, _ endpoint: Endpoint
  ) async throws -> Catalogue? {
    let source = account.catalogueSource
    let fetched: Catalogue
    do throws(Failure) {
      fetched = try await desk.catalogue(of: account, at: endpoint, now: wallClock())
    } catch {
      let last = try store.catalogue(of: source)
      let ground =
        last.map { "its prices are taken from the snapshot of \(timestamp($0.takenAt))" }
        ?? "whether free models are free is left to the request's price limit and to what answers say"
      Console.say("The catalogue of \(account.id) cannot be read (\(error.message)): \(ground).")
      return last
    }
    var catalogue = fetched
    catalogue.source = source
    try store.keep(catalogue, keyName: endpoint.key == nil ? nil : account.key?.name)
    return catalogue
  }

  /// Keeps what providers say about the keys, and says it where it is about quota.
  func readKeys(
    _ moment: Store.Moment, _ desk: ProviderDesk, _ endpoints: [String: Endpoint], run: String
  ) async throws {
    for account in accountsWithDesk {
      guard let endpoint = endpoints[account.id], endpoint.key != nil,
        let reading = try? await desk.key(of: account, at: endpoint)
      else { continue }
      try store.keep(reading, of: account, run: run, moment, at: wallClock())
      if let text = reading.remainingText {
        Console.say("\(account.id): \(text), its provider says.")
      }
    }
  }

  /// The transport, guarded where targets must be free.
  func guarded(
    _ transport: any ModelProvider, _ catalogues: [String: Catalogue]
  ) throws -> any ModelProvider {
    guard !catalogues.isEmpty else { return transport }
    var known: [String: ModelListing] = [:]
    for target in suite.targets where target.freeOnly {
      guard let catalogue = catalogues[target.account], catalogue[target.model] == nil else {
        continue
      }
      known[target.model] = try store.lastListing(of: target.model, at: catalogue.source)
    }
    var refused: Set<String> = []
    for catalogue in catalogues.values {
      refused.formUnion(try store.refusedModels(at: catalogue.source))
    }
    return FreeGuard(
      transport, targets: suite.targets, catalogues: catalogues, known: { known[$1] },
      refused: refused)
  }
}

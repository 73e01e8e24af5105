import Foundation
package import TryoutCore

/// Asks providers about models and keys: what they list, who may use it, what is left.
///
/// That spends no quota. It has an engine of its own, so that nothing of this stands beside a measurement.
package final class ProviderDesk: Sendable {
  private let engine: Engine
  private let userAgent: String

  /// Throws as `CurlTransport` does; `certificates` means the same.
  package init(
    userAgent: String = "tryout", certificates: String? = nil
  ) throws(TransportError) {
    try CurlLibrary.check()
    self.userAgent = userAgent
    engine = try Engine(Trust(certificates: certificates ?? CurlLibrary.certificates))
  }

  deinit { engine.shutDown() }

  /// Ends what is under way and joins the engine's thread.
  package func shutdown() { engine.shutDown() }

  /// One answer of a desk with what shows on the way to it.
  package struct Sighting: Sendable {
    /// Nil where something failed, which the exchange then names.
    package var json: JSON?
    package var exchange: Exchange
    /// The server's clock in seconds since 1970, to the second, when its answer began.
    package var serverTime: Double?
    /// Our own clock at that moment.
    package var ownTime: Double

    package var failure: Failure? { exchange.failure }
  }

  /// The public list, with the part of it that the key may use where there is a key and the provider tells.
  ///
  /// Throws what kept the list from being read; where only the key's part is missing, `usable` is nil.
  package func catalogue(
    of account: Account, at endpoint: Endpoint, now: Int64
  ) async throws(Failure) -> Catalogue {
    let models = try await list("/models", account, endpoint)
    return Catalogue(
      source: endpoint.url, takenAt: now, models: models,
      usable: await usable(by: account, at: endpoint))
  }

  /// The ids that the key may use; nil without a key, and where the provider does not tell.
  package func usable(by account: Account, at endpoint: Endpoint) async -> Set<String>? {
    guard account.provider.routes, endpoint.key != nil else { return nil }
    return (try? await list("/models/user", account, endpoint)).map { Set($0.map(\.id)) }
  }

  /// One model by its id, or by an alias of it; throws `model_gone` where there is none.
  package func model(
    _ id: String, of account: Account, at endpoint: Endpoint
  ) async throws(Failure) -> ModelListing {
    let sighting = await look("/model/\(Lookup.escaped(id))", "a model", account, endpoint)
    if let failure = sighting.failure {
      guard failure.kind == .notFound || failure.kind == .modelGone else { throw failure }
      throw Failure(.modelGone, "\(endpoint.url) lists no model \(id).")
    }
    guard let json = sighting.json, let listing = ModelListing(entry: json["data"] ?? json) else {
      throw Failure(.malformed, "\(endpoint.url) described \(id) in an unknown shape.")
    }
    return listing
  }

  /// Who serves a model, as the provider tells it: entries of `data.endpoints`.
  package func endpoints(
    of model: String, _ account: Account, at endpoint: Endpoint
  ) async throws(Failure) -> [JSON] {
    let path = "/models/\(Lookup.escaped(model))/endpoints"
    let sighting = await look(path, "a list of endpoints", account, endpoint)
    if let failure = sighting.failure { throw failure }
    return sighting.json?["data"]?["endpoints"]?.elements ?? []
  }

  /// What the provider says about the key and its quota.
  package func key(
    of account: Account, at endpoint: Endpoint
  ) async throws(Failure) -> KeyReading {
    let sighting = await look("/key", "facts about a key", account, endpoint)
    if let failure = sighting.failure { throw failure }
    guard let json = sighting.json, let reading = KeyReading(body: json) else {
      throw Failure(.malformed, "\(endpoint.url) described the key in an unknown shape.")
    }
    return reading
  }

  /// What the provider says about an answer that it gave; nil where it knows of none by that id, or not yet.
  package func generation(
    _ id: String, of account: Account, at endpoint: Endpoint
  ) async throws(Failure) -> GenerationRecord? {
    let plain = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._~"))
    let query = id.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
    let sighting = await look("/generation?id=\(query)", "facts about an answer", account, endpoint)
    if sighting.exchange.httpStatus == 404 { return nil }
    if let failure = sighting.failure { throw failure }
    guard let json = sighting.json, let record = GenerationRecord(body: json) else {
      throw Failure(.malformed, "\(endpoint.url) described an answer in an unknown shape.")
    }
    return record
  }

  /// The first page of the list, for what it shows of the way there.
  package func greeting(of account: Account, at endpoint: Endpoint) async -> Sighting {
    await look("/models", "a list of models", account, endpoint)
  }

  /// Ten times what any provider needs: a list that goes on after that has no end.
  private static let pages = 500

  private func list(
    _ path: String, _ account: Account, _ endpoint: Endpoint
  ) async throws(Failure) -> [ModelListing] {
    var models: [ModelListing] = []
    var path: String? = path
    var seen: Set<String> = []
    while let here = path {
      guard seen.count < ProviderDesk.pages, seen.insert(here).inserted else {
        throw Failure(
          .malformed,
          "\(endpoint.url)/models does not come to an end: page \(seen.count + 1) leads on, or back."
        )
      }
      let noun = "a list of models"
      let sighting = await look(here, noun, account, endpoint)
      if let failure = sighting.failure { throw failure }
      guard let page = sighting.json.flatMap({ Catalogue.page($0) }) else {
        throw Failure(
          .malformed, "\(endpoint.url)/models is no list of models. Check the base URL.")
      }
      models += page.models
      let lookup = Lookup(here, noun, account: account, endpoint: endpoint)
      path = page.next.flatMap { lookup.next($0) }
    }
    return models
  }

  private func look(
    _ path: String, _ noun: String, _ account: Account, _ endpoint: Endpoint
  ) async -> Sighting {
    let lookup = Lookup(path, noun, account: account, endpoint: endpoint)
    let asked = Date().timeIntervalSince1970
    let parcel = await engine.carryOut(
      lookup.request(userAgent: userAgent), asked: MonotonicClock.now())
    let reply = parcel.reply
    let exchange = lookup.exchange(from: reply, now: Date().timeIntervalSince1970)
    let began = Double(reply.timeline.headers ?? reply.timeline.end) / 1e9
    return Sighting(
      json: exchange.failure == nil
        ? WholeBody.json(reply.body.bytes)?.removing(key: endpoint.secret) : nil,
      exchange: exchange,
      serverTime: reply.head["date"].flatMap(WaitHint.httpDate),
      ownTime: asked + began
    )
  }
}

private extension JSON {
  /// The value with a mark in the place of the key, where a server sends it back.
  func removing(key: String?) -> JSON {
    guard let key else { return self }
    switch self {
    case .string(let text):
      return text.contains(key) ? .string(text.redacting(key)) : self
    case .array(let elements): return .array(elements.map { $0.removing(key: key) })
    case .object(let members):
      let clean = members.map { name, value in
        (name.contains(key) ? name.redacting(key) : name, value.removing(key: key))
      }
      return .object(Dictionary(clean) { $1 })
    default: return self
    }
  }
}

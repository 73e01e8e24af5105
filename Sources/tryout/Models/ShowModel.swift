import ArgumentParser
import Foundation
import TryoutCore
import TryoutReport
import TryoutStore
import TryoutTransport

struct ShowModel: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract:
      "Show one model: what is listed, who serves it, and what changed while it was watched.")

  @Argument(help: "The model's id, such as z-ai/glm-4.5-air:free.")
  var model: String

  @OptionGroup var catalogue: CatalogueOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await reportingErrors {
      let places = try catalogue.places()
      guard
        let place = places.first(where: { $0.targets.contains { $0.model == model } })
          ?? places.first
      else { return }
      let history = try history(of: place)
      let (listing, endpoints, isUsable) = try await ask(place)
      guard let listing else {
        try showAbsence(at: place, history)
        throw UserError(.usage, try absence(at: place))
      }
      if output.json {
        let json: JSON = [
          "model": listing.json, "usable": isUsable.map { .bool($0) } ?? .null,
          "endpoints": .array(endpoints), "history": .array(history.map(\.json)),
        ]
        return try Console.data(json.canonicalText + "\n")
      }
      try Console.text(text(listing, isUsable))
      if !endpoints.isEmpty { try Console.text("\n" + table(endpoints)) }
      if !history.isEmpty { try Console.text("\n" + table(history)) }
    }
  }

  /// Shows what the database knows of a model that is not listed any more; nothing where it knows nothing.
  private func showAbsence(
    at place: CatalogueOptions.Place, _ history: [CatalogueChange.Dated]
  ) throws {
    guard FileManager.default.fileExists(atPath: store.path),
      let known = try store.reading({ try $0.lastSighting(of: model, at: place.source) })
    else { return }
    // Where no catalogue was taken since, it is gone since now.
    let missed = timestamp(known.missedAt ?? wallClock())
    if output.json {
      let json: JSON = [
        "model": .null, "last_listing": known.listing.json,
        "last_listed_at": .string(timestamp(known.takenAt)), "missing_since": .string(missed),
        "history": .array(history.map(\.json)),
      ]
      return try Console.data(json.canonicalText + "\n")
    }
    try Console.text(
      "not listed since \(missed); listed last at \(timestamp(known.takenAt)), then as\n\n"
        + text(known.listing, nil))
    if !history.isEmpty { try Console.text("\n" + table(history)) }
  }

  private func ask(
    _ place: CatalogueOptions.Place
  ) async throws -> (ModelListing?, endpoints: [JSON], isUsable: Bool?) {
    guard place.account.provider.routes else {
      return (try await place.fetch()[model], [], nil)
    }
    return try await place.asking { desk, endpoint in
      do throws(Failure) {
        let listing = try await desk.model(model, of: place.account, at: endpoint)
        let endpoints = try? await desk.endpoints(of: model, place.account, at: endpoint)
        let usable = await desk.usable(by: place.account, at: endpoint)
        return (listing, endpoints ?? [], usable?.contains(model))
      } catch  where error.kind == .modelGone {
        // What answers by the name of a router may list models without describing one.
        let list = try? await desk.catalogue(of: place.account, at: endpoint, now: wallClock())
        return (list?[model], [], list?.allows(model))
      } catch {
        throw UserError(error)
      }
    }
  }

  private func history(of place: CatalogueOptions.Place) throws -> [CatalogueChange.Dated] {
    guard FileManager.default.fileExists(atPath: store.path) else { return [] }
    return try store.reading { try $0.catalogueChanges(of: model, at: place.source) }
  }

  /// What can be said of a model that is not listed.
  private func absence(at place: CatalogueOptions.Place) throws -> String {
    let nothing = "\(place.source) lists no model \(model)."
    guard FileManager.default.fileExists(atPath: store.path) else { return nothing }
    return try store.reading { store in
      guard let known = try store.lastListing(of: model, at: place.source) else {
        let elsewhere = try store.catalogueSources().first {
          try store.lastListing(of: model, at: $0) != nil
        }
        return nothing
          + (elsewhere.map {
            " The database has it from \($0): name that with --suite, or with --provider and --base-url."
          } ?? "")
      }
      let nearest = try store.catalogue(of: place.source)?.nearestFree(
        to: model, known: known, except: store.refusedModels(at: place.source))
      return nothing + " It was \(known.priceText) when it was listed."
        + (nearest.map { " The nearest free model is \($0.id)." } ?? "")
    }
  }

  private func text(_ listing: ModelListing, _ isUsable: Bool?) -> String {
    let prices = listing.prices.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.text)" }
    let facts: [(String, String?)] = [
      ("id", listing.id), ("canonical slug", listing.canonicalSlug), ("name", listing.name),
      ("created", listing.created.map { String(timestamp($0 * 1_000_000_000).prefix(10)) }),
      ("free", listing.isFree ? "yes" : "no"),
      ("$ per 1M in / out", listing.priceText),
      ("prices in $", prices.isEmpty ? nil : prices.joined(separator: ", ")),
      ("context", listing.contextLength.map { "\($0) tokens" }),
      ("longest answer", listing.maxCompletionTokens.map { "\($0) tokens" }),
      ("reasoning", listing.reasoning?.rawValue),
      ("parameters", listing.parameters?.joined(separator: " ")),
      ("expires", listing.expires),
      (
        "usable with this key",
        isUsable.map { $0 ? "yes" : "no: see the account's privacy settings" }
      ),
    ]
    return facts.map { name, value in
      VisibleText.line("\(name): \(value ?? "n/a")") + "\n"
    }.joined()
  }

  private func table(_ history: [CatalogueChange.Dated]) -> String {
    TextTable.render(
      header: ["seen", "change", "before", "after"],
      rows: history.map {
        [
          timestamp($0.takenAt), $0.change.kind.rawValue, $0.change.before ?? "",
          $0.change.after ?? "",
        ]
      })
  }

  private func table(_ endpoints: [JSON]) -> String {
    TextTable.render(
      header: ["served by", "tag", "context", "quantisation", "status", "uptime 1 day"],
      rows: endpoints.map { endpoint in
        [
          endpoint["provider_name"]?.text ?? "n/a", endpoint["tag"]?.text ?? "n/a",
          endpoint["context_length"]?.int.map(String.init) ?? "n/a",
          endpoint["quantization"]?.text ?? "n/a",
          endpoint["status"]?.int.map(String.init) ?? "n/a",
          endpoint["uptime_last_1d"]?.double.map { "\(Format.significant($0, 4)) %" } ?? "n/a",
        ]
      })
  }
}

private extension CatalogueChange.Dated {
  var json: JSON {
    guard case .object(var members) = change.json else { return .null }
    members["taken_at"] = .string(timestamp(takenAt))
    return .object(members)
  }
}

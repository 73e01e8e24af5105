import TryoutCore
import TryoutReport

/// Catalogues and changes as tables for people and as values for programs.
enum CatalogueText {
  static func table(_ models: [ModelListing], of catalogue: Catalogue) -> String {
    TextTable.render(
      header: [
        "model", "$ per 1M in / out", "context", "longest answer", "reasoning", "expires", "usable",
      ],
      rows: models.map { model in
        [
          model.id, model.priceText, model.contextLength.map(String.init) ?? "n/a",
          model.maxCompletionTokens.map(String.init) ?? "n/a", model.reasoning?.rawValue ?? "n/a",
          model.expires ?? "", catalogue.allows(model.id).map { $0 ? "yes" : "no" } ?? "n/a",
        ]
      })
  }

  static func table(_ changes: [CatalogueChange]) -> String {
    TextTable.render(
      header: ["change", "model", "before", "after"],
      rows: changes.map { [$0.kind.rawValue, $0.model, $0.before ?? "", $0.after ?? ""] })
  }

  static func json(_ models: [ModelListing], of catalogue: Catalogue) -> JSON {
    .array(
      models.map { model in
        guard case .object(var members) = model.json else { return .null }
        members["usable"] = catalogue.allows(model.id).map { .bool($0) } ?? .null
        return .object(members)
      })
  }

  /// A catalogue in a line.
  static func summary(_ catalogue: Catalogue) -> String {
    let free = catalogue.models.count(where: \.isFree)
    let usable = catalogue.usable.map { ", \($0.count) usable with this key" } ?? ""
    return "\(catalogue.source), \(timestamp(catalogue.takenAt)): "
      + "\(Format.count(catalogue.models.count, "model")), \(free) free\(usable)"
  }
}

extension TargetAlarm {
  var json: JSON {
    [
      "target": .string(target), "model": .string(model), "what": .string(what),
      "replacement": replacement.map { .string($0) } ?? .null,
    ]
  }
}

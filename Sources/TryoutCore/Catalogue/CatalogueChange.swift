/// Something that is otherwise in a later catalogue than in an earlier one.
package struct CatalogueChange: Sendable, Hashable {
  package enum Kind: String, Sendable, CaseIterable {
    case vanished, renamed
    case becamePaid = "became_paid"
    case becameFree = "became_free"
    case newFree = "new_free"
    case new
    case price, context
    case maxCompletion = "max_completion"
    case parameters, expiry, reasoning
    /// The key that asked may not use it any more, or may again.
    case blocked, unblocked
  }

  package var kind: Kind
  /// The id in the earlier catalogue, or in the later one where the earlier has none.
  package var model: String
  /// What it was and what it is, in words; nil where there is nothing.
  package var before: String?
  package var after: String?

  package init(_ kind: Kind, _ model: String, before: String? = nil, after: String? = nil) {
    self.kind = kind
    self.model = model
    self.before = before
    self.after = after
  }

  /// The form in which changes are shown to programs.
  package var json: JSON {
    [
      "change": .string(kind.rawValue), "model": .string(model),
      "before": before.map { .string($0) } ?? .null, "after": after.map { .string($0) } ?? .null,
    ]
  }

  /// A change with when it was seen.
  package struct Dated: Sendable, Equatable {
    /// Nanoseconds since 1970.
    package var takenAt: Int64
    package var change: CatalogueChange

    package init(takenAt: Int64, change: CatalogueChange) {
      self.takenAt = takenAt
      self.change = change
    }
  }
}

extension Catalogue {
  /// What changed since an earlier catalogue of the same source, models in the order of their ids.
  ///
  /// An id that is gone was renamed where one with the same canonical slug and the same freedom from cost is new.
  package func changes(since earlier: Catalogue) -> [CatalogueChange] {
    var changes: [CatalogueChange] = []
    let isNew = models.filter { earlier[$0.id] == nil }
    var renamed: Set<String> = []
    for old in earlier.models {
      if let now = self[old.id] {
        changes += Catalogue.changes(from: old, to: now)
        changes += permission(of: old.id, since: earlier)
      } else if let slug = old.canonicalSlug,
        let heir = isNew.first(where: {
          $0.canonicalSlug == slug && $0.isFree == old.isFree && !renamed.contains($0.id)
        })
      {
        renamed.insert(heir.id)
        changes.append(CatalogueChange(.renamed, old.id, before: old.id, after: heir.id))
        changes += Catalogue.changes(from: old, to: heir)
      } else {
        changes.append(
          CatalogueChange(.vanished, old.id, before: old.priceText, after: remains(of: old)))
      }
    }
    for model in isNew where !renamed.contains(model.id) {
      changes.append(
        CatalogueChange(model.isFree ? .newFree : .new, model.id, after: model.priceText))
    }
    return changes.sorted { ($0.model, $0.kind.rawValue) < ($1.model, $1.kind.rawValue) }
  }

  /// The paid model that is left where a free one went.
  private func remains(of old: ModelListing) -> String? {
    guard old.isFree, let paid = self[String(old.id.dropLast(ModelListing.freeSuffix.count))] else {
      return nil
    }
    return "\(paid.id) is left, \(paid.priceText)"
  }

  private func permission(of id: String, since earlier: Catalogue) -> [CatalogueChange] {
    guard keyName == earlier.keyName, let was = earlier.allows(id), let `is` = allows(id),
      was != `is`
    else { return [] }
    return [CatalogueChange(`is` ? .unblocked : .blocked, id)]
  }

  private static func changes(
    from old: ModelListing, to new: ModelListing
  ) -> [CatalogueChange] {
    var changes: [CatalogueChange] = []
    func add(_ kind: CatalogueChange.Kind, _ before: String?, _ after: String?) {
      guard before != after else { return }
      changes.append(CatalogueChange(kind, old.id, before: before, after: after))
    }
    if old.isUnpriced == true, new.isUnpriced == false {
      add(.becamePaid, "free", new.priceText)
    } else if old.isUnpriced == false, new.isUnpriced == true {
      add(.becameFree, old.priceText, "free")
    } else {
      add(.price, old.allPrices, new.allPrices)
    }
    add(.context, old.contextLength.map(String.init), new.contextLength.map(String.init))
    add(
      .maxCompletion, old.maxCompletionTokens.map(String.init),
      new.maxCompletionTokens.map(String.init))
    add(.expiry, old.expires, new.expires)
    add(.reasoning, old.reasoning?.rawValue, new.reasoning?.rawValue)
    let (lost, gained) = (old.parameters ?? [], new.parameters ?? [])
    add(
      .parameters, lost.filter { !gained.contains($0) }.joined(separator: " ").nonEmpty,
      gained.filter { !lost.contains($0) }.joined(separator: " ").nonEmpty)
    return changes
  }
}

private extension ModelListing {
  /// Every price of one thing, exactly.
  var allPrices: String? {
    prices.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.text)" }
      .joined(separator: ", ").nonEmpty
  }
}

private extension String {
  var nonEmpty: String? { isEmpty ? nil : self }
}

/// What a provider lists at one moment.
package struct Catalogue: Sendable, Equatable {
  /// The base URL that was asked.
  package var source: String
  /// Nanoseconds since 1970.
  package var takenAt: Int64
  /// In the order of their ids.
  package private(set) var models: [ModelListing]
  /// The ids that one key may use; nil where no key asked.
  package var usable: Set<String>?
  /// Names the key that asked, where that is known: what two keys may use is not compared.
  package var keyName: String?
  private var index: [String: Int]

  /// Of several listings of one id the last counts.
  package init(
    source: String, takenAt: Int64, models: [ModelListing], usable: Set<String>? = nil
  ) {
    self.source = source
    self.takenAt = takenAt
    self.usable = usable
    let byID = Dictionary(models.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    self.models = byID.values.sorted { $0.id < $1.id }
    index = Dictionary(
      self.models.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { $1 })
  }

  package subscript(id: String) -> ModelListing? { index[id].map { models[$0] } }

  /// The listing of an id as requests write it.
  func listing(asked id: String) -> ModelListing? {
    Catalogue.names(asked: id).lazy.compactMap { self[$0] }.first
  }

  /// How lists may write an id that requests write so, the likeliest first.
  ///
  /// OpenRouter takes suffixes that choose among hosts and lists none of them; Gemini puts `models/` before its ids.
  package static func names(asked id: String) -> [String] {
    let names = [id, "models/\(id)"]
    guard let colon = id.lastIndex(of: ":"),
      routes.contains(String(id[id.index(after: colon)...]))
    else { return names }
    return names + [String(id[..<colon])]
  }

  private static let routes: Set<String> = ["nitro", "floor", "exacto", "online"]

  /// Whether the key that asked may use the model; nil where no key asked.
  package func allows(_ id: String) -> Bool? { usable.map { $0.contains(id) } }

  /// `YYYY-MM-DD` of the moment, in UTC.
  package var day: String { Catalogue.day(of: takenAt) }

  /// The date of a moment in UTC, of nanoseconds since 1970.
  package static func day(of moment: Int64) -> String {
    // Howard Hinnant's civil_from_days, of "chrono-Compatible Low-Level Date Algorithms".
    let days = Int(moment / 86_400_000_000_000) + 719_468
    let era = days / 146_097
    let dayOfEra = days - era * 146_097
    let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let day = dayOfYear - (153 * shifted + 2) / 5 + 1
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(year + era * 400 + (month <= 2 ? 1 : 0))-\(padded(month))-\(padded(day))"
  }
}

/// What a catalogue says about a target's model.
package enum ModelStanding: Sendable, Equatable {
  /// Listed, and without a price where it must be free.
  case fine(ModelListing)
  /// Listed with a price though it must be free.
  case priced(ModelListing)
  case expired(ModelListing)
  /// Listed, but not for this key: its owner's privacy settings or guardrails leave it out.
  case blocked(ModelListing)
  case unlisted
}

extension Catalogue {
  /// Judges a model, the worst that applies first.
  package func standing(of model: String, mustBeFree: Bool) -> ModelStanding {
    guard let listing = listing(asked: model) else { return .unlisted }
    if mustBeFree, listing.isUnpriced == false { return .priced(listing) }
    if listing.hasExpired(on: day) { return .expired(listing) }
    if allows(listing.id) == false { return .blocked(listing) }
    return .fine(listing)
  }
}

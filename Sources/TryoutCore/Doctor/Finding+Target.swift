/// How the latest attempt at a model ended.
package struct LastEnding: Sendable, Equatable {
  /// Nil for an answer.
  package var failure: FailureKind?
  package var replacement: String?
  /// Nanoseconds since 1970.
  package var at: Int64

  package init(failure: FailureKind?, replacement: String? = nil, at: Int64) {
    self.failure = failure
    self.replacement = replacement
    self.at = at
  }
}

extension Finding {
  /// How a target stands: by the catalogue, and where that has nothing against it, by how its latest attempt ended.
  ///
  /// `nearest` is the free model to take in its place.
  package static func target(
    _ target: Target, _ standing: ModelStanding?, last: LastEnding? = nil, nearest: String? = nil
  ) -> Finding {
    func finding(_ state: State, _ found: String, _ advice: String?) -> Finding {
      Finding(.target, target.id, state, found, advice: advice)
    }
    let heir = last?.replacement ?? nearest
    let instead = heir.map { "Take \($0) and measure it." } ?? "Choose another model."
    guard let standing else {
      return finding(.unknown, "the provider's list could not be read", nil)
    }
    if let sentence = standing.sentence(about: target.model) {
      switch standing {
      case .fine: break
      case .unlisted: return finding(.problem, "dead: \(sentence)", instead)
      case .priced:
        return finding(.problem, sentence, "\(instead) Or write free_only: false, if it may cost.")
      case .expired: return finding(.warning, sentence, instead)
      case .blocked:
        return finding(
          .problem, "blocked by the account: \(target.model) is listed, but not for this key",
          "Allow its providers in the account's privacy settings and guardrails, or choose another model."
        )
      }
    }
    guard case .fine(let listing) = standing else { return finding(.unknown, target.model, nil) }
    let price = listing.priceText == "n/a" ? "" : ", \(listing.priceText)"
    let listed = "\(target.model) is listed\(price)"
    if let last, let failure = last.failure, failure.scope == .model {
      let when = Catalogue.day(of: last.at)
      let advice =
        failure == .gated
        ? "Such endpoints answer listed applications only, or go by the key owner's region or age. \(instead)"
        : instead
      return finding(.problem, "\(listed), but ended as \(failure.rawValue) on \(when)", advice)
    }
    if let day = listing.expires {
      return finding(.warning, "\(listed), and is to go after \(day)", instead)
    }
    return finding(.ok, listed, nil)
  }
}

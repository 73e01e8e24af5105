/// What a catalogue says against a target as its suite has it.
package struct TargetAlarm: Sendable, Equatable {
  package var target: String
  package var model: String
  /// What happened, in a sentence without a full stop.
  package var what: String
  /// The model to ask instead: the same under its new name, or the nearest free one; nil where there is none.
  package var replacement: String?

  package var text: String {
    "\(target): \(what)" + (replacement.map { ", \($0) may replace it" } ?? "")
  }
}

extension Catalogue {
  /// The alarms for targets whose models this catalogue lists, or should.
  ///
  /// What stands against a target now counts with or without a change: a first night has no earlier one. Of changes
  /// only those count that take something away from it. `known` tells what was last listed of models that are gone.
  package func alarms(
    for targets: [Target], changes: [CatalogueChange] = [],
    known: (String) -> ModelListing? = { _ in nil }, refused: Set<String> = []
  ) -> [TargetAlarm] {
    targets.flatMap { target in
      let changes = changes.filter { $0.model == target.model }
      let heir = changes.first { $0.kind == .renamed }?.after
      let nearest =
        target.freeOnly
        ? nearestFree(
          to: target.model, known: known(target.model), using: target.parameters.keys,
          except: refused)?.id : nil
      let standing = self.standing(of: target.model, mustBeFree: target.freeOnly)
      var alarms: [TargetAlarm] = []
      if let sentence = standing.sentence(about: target.model, heir: heir) {
        alarms.append(
          TargetAlarm(
            target: target.id, model: target.model, what: sentence, replacement: heir ?? nearest))
      }
      alarms += changes.compactMap { $0.loss(for: target) }.map {
        TargetAlarm(target: target.id, model: target.model, what: $0, replacement: nil)
      }
      return alarms
    }
  }
}

extension ModelStanding {
  /// What is wrong; nil where nothing is.
  package func sentence(about model: String, heir: String? = nil) -> String? {
    switch self {
    case .fine: nil
    case .unlisted:
      heir.map { "\(model) is now called \($0)" } ?? "\(model) is not listed"
    case .priced(let listing):
      "\(model) must be free and is listed at \(listing.priceSentence)"
    case .expired(let listing):
      "\(model) was to go after \(listing.expires ?? "a date that has passed")"
    case .blocked:
      "\(model) is listed, but not for this key: see the account's privacy settings and guardrails"
    }
  }
}

private extension CatalogueChange {
  /// What the change takes from a target, in a sentence; nil where it takes nothing.
  ///
  /// What is gone, priced or blocked shows in the standing already.
  func loss(for target: Target) -> String? {
    switch kind {
    case .becamePaid where !target.freeOnly:
      return "\(model) was free and costs \(after ?? "something")"
    case .price where !target.freeOnly:
      return "the price of \(model) changed from \(before ?? "unknown") to \(after ?? "unknown")"
    case .context, .maxCompletion:
      guard let was = before.flatMap(Int.init), let now = after.flatMap(Int.init), now < was else {
        return nil
      }
      let what = kind == .context ? "context" : "longest answer"
      return "the \(what) of \(model) shrank from \(was) to \(now) tokens"
    case .parameters:
      let lost = (before ?? "").split(separator: " ").map(String.init)
        .filter { target.parameters[$0] != nil }
      return lost.isEmpty ? nil : "\(model) does not take \(lost.joined(separator: ", ")) any more"
    case .expiry: return after.map { "\(model) is to go after \($0)" }
    case .reasoning where after == ModelListing.Reasoning.mandatory.rawValue:
      return "the reasoning of \(model) cannot be switched off any more"
    default: return nil
    }
  }
}

import TryoutCore
import TryoutStore

extension Store {
  /// What catalogues say of the models whose targets a suite does not price, by target id.
  ///
  /// These are the latest kept at all or before a moment: a run that has read a list has kept it.
  func listings(of suite: Suite, before moment: Int64? = nil) throws -> [String: ModelListing] {
    var listings: [String: ModelListing] = [:]
    for target in suite.targets where target.price == nil {
      listings[target.id] = try listing(
        asked: target.model, at: suite.account(of: target).catalogueSource, before: moment)
    }
    return listings
  }
}

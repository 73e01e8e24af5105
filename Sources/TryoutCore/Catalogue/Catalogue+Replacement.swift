extension Catalogue {
  /// The free model that is most like one that died; nil where none is free.
  ///
  /// It must write text, not have expired, be open to the key that asked, and not be `refused`: listed, and yet closed when
  /// it was asked. Of those the first is the one that misses the fewest of the parameters a target uses, then one by the
  /// same author, then the one whose context is nearest, then the newest: the same catalogue always names the same model.
  package func nearestFree(
    to model: String, known: ModelListing? = nil, using parameters: some Collection<String> = [],
    except refused: Set<String> = []
  ) -> ModelListing? {
    let dead = known ?? self[model] ?? ModelListing(id: model)
    func rank(_ listing: ModelListing) -> [Double] {
      let missing = listing.parameters.map { has in parameters.count { !has.contains($0) } } ?? 0
      let lengths = [dead.contextLength, listing.contextLength].compactMap(\.self).map(Double.init)
      let distance =
        lengths.count == 2 ? max(lengths[0], lengths[1]) / max(min(lengths[0], lengths[1]), 1) : 1
      return [
        Double(missing), dead.author != nil && listing.author == dead.author ? 0 : 1, distance,
        -Double(listing.created ?? 0),
      ]
    }
    return
      models
      .filter {
        $0.isFree && $0.id != model && $0.writesText && !$0.hasExpired(on: day)
          && allows($0.id) != false && !refused.contains($0.id)
      }
      .map { (listing: $0, rank: rank($0)) }
      .min { ($0.rank, $0.listing.id) < ($1.rank, $1.listing.id) }?.listing
  }
}

private func < (first: ([Double], String), second: ([Double], String)) -> Bool {
  for (one, other) in zip(first.0, second.0) where one != other { return one < other }
  return first.1 < second.1
}

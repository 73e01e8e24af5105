extension SchemaExamination {
  /// Conditions on the elements of a list; they say nothing about other values.
  mutating func holdsForElements(
    _ condition: SchemaNode.Condition, _ value: ExactJSON, _ evaluated: inout Evaluated
  ) -> Bool {
    guard case .array(let elements) = value else { return true }
    var isFit = true
    switch condition {
    case .items(let first, let rest):
      for (index, element) in elements.enumerated() where goesOn(isFit) {
        guard let node = index < first.count ? first[index] : rest else { break }
        if !fits(node, element, at: .element(index)) { isFit = false }
      }
      evaluated.first = max(
        evaluated.first, rest == nil ? min(first.count, elements.count) : elements.count)
    case .contains(let node, let least, let most):
      var count = 0
      for (index, element) in elements.enumerated() where !isExhausted {
        trials += 1
        let matches = fits(node, element, at: .element(index))
        trials -= 1
        guard matches else { continue }
        count += 1
        if tracksEvaluated { evaluated.elements.insert(index) }
      }
      guard count < least || count > most else { return true }
      let bound = count < least ? "at least \(least)" : "at most \(most)"
      return complain("found \(count) of the elements that contains describes, expected \(bound)")
    case .unevaluatedItems(let node):
      for (index, element) in elements.enumerated() where goesOn(isFit) {
        if index < evaluated.first || evaluated.elements.contains(index) { continue }
        if !fits(node, element, at: .element(index)) { isFit = false }
      }
      evaluated.first = elements.count
    default: break
    }
    return isFit
  }

  /// Conditions on the members of an object; they say nothing about other values.
  mutating func holdsForMembers(
    _ condition: SchemaNode.Condition, _ value: ExactJSON, _ evaluated: inout Evaluated
  ) -> Bool {
    guard case .object(let members) = value else { return true }
    var isFit = true
    // In their order, so that the same answer gives the same reasons.
    let sorted = members.sorted { $0.key < $1.key }
    switch condition {
    case .members(let named, let patterns, let rest):
      for (name, member) in sorted where goesOn(isFit) {
        var found = named[name].map { [$0] } ?? []
        found += patterns.filter { occurs($0.0, in: name) }.map(\.1)
        if found.isEmpty, let rest { found = [rest] }
        if !found.isEmpty, tracksEvaluated { evaluated.members.insert(name) }
        for node in found where !fits(node, member, at: .member(name)) { isFit = false }
      }
    case .names(let node):
      for (name, _) in sorted where goesOn(isFit) {
        if !fits(node, .string(name), at: .member(name)) { isFit = false }
      }
    case .unevaluatedMembers(let node):
      for (name, member) in sorted where goesOn(isFit) && !evaluated.members.contains(name) {
        if !fits(node, member, at: .member(name)) { isFit = false }
      }
      if tracksEvaluated { evaluated.members.formUnion(members.keys) }
    default: break
    }
    return isFit
  }

  /// Whether there is anything left to find out: the first misfit ends a trial.
  private func goesOn(_ isFit: Bool) -> Bool {
    !isExhausted && (isFit || trials == 0 && complaints.count < mostComplaints)
  }
}

extension SchemaExamination {
  /// Whether one condition holds.
  mutating func holds(
    _ condition: SchemaNode.Condition, _ value: ExactJSON, _ evaluated: inout Evaluated
  ) -> Bool {
    switch condition {
    case .reference(let node): fits(node, value, &evaluated)
    case .all, .any, .one, .not, .choice, .when: holdsInPlace(condition, value, &evaluated)
    case .items, .contains, .unevaluatedItems: holdsForElements(condition, value, &evaluated)
    case .members, .names, .unevaluatedMembers: holdsForMembers(condition, value, &evaluated)
    case .size, .unique, .required, .requiredWith: holdsForSize(condition, value)
    default: holdsForValue(condition, value)
    }
  }

  private mutating func holdsForValue(_ condition: SchemaNode.Condition, _ value: ExactJSON) -> Bool
  {
    switch condition {
    case .always(let isAllowed):
      return isAllowed || complain("\(value.glimpse) is not allowed here")
    case .kinds(let kinds):
      return kinds.contains(where: value.isOf)
        || complain(value, expected: kinds.map(\.words).joined(separator: " or "))
    case .values(let values):
      if values.contains(value) { return true }
      let shown = values.prefix(8).map(\.glimpse).joined(separator: ", ")
      return complain(
        value,
        expected: (values.count == 1 ? "" : "one of ") + shown + (values.count > 8 ? ", …" : ""))
    case .multiple(let divisor):
      guard case .number(let number) = value else { return true }
      return number.isMultiple(of: divisor)
        || complain(value, expected: "a multiple of \(divisor.text)")
    case .bound(let bound, let limit):
      guard case .number(let number) = value else { return true }
      return bound.holds(number, limit) || complain(value, expected: "\(bound.words) \(limit.text)")
    case .pattern(let pattern):
      guard case .string(let text) = value else { return true }
      return occurs(pattern, in: text)
        || complain(value, expected: "a match of \(JSON.string(pattern.text).canonicalText)")
    default: return true
    }
  }

  private mutating func holdsForSize(_ condition: SchemaNode.Condition, _ value: ExactJSON) -> Bool
  {
    switch (condition, value) {
    case (.size(.letters, let least, let most), .string(let text)):
      return holds(text.string.unicodeScalars.count, least, most, "letter")
    case (.size(.elements, let least, let most), .array(let elements)):
      return holds(elements.count, least, most, "element")
    case (.size(.members, let least, let most), .object(let members)):
      return holds(members.count, least, most, "member")
    case (.unique, .array(let elements)):
      guard spend(elements.count) else { return false }
      var seen: Set<ExactJSON> = []
      guard let double = elements.first(where: { !seen.insert($0).inserted }) else { return true }
      return complain("\(double.glimpse) occurs more than once, expected each element once")
    case (.required(let names), .object(let members)):
      return holds(names, members, because: nil)
    case (.requiredWith(let name, let names), .object(let members)) where members[name] != nil:
      return holds(names, members, because: name)
    default: return true
    }
  }

  private mutating func holds(_ count: Int, _ least: Int, _ most: Int, _ unit: String) -> Bool {
    if count >= least, count <= most { return true }
    let bound = count < least ? "at least \(least)" : "at most \(most)"
    return complain("found \(count) \(unit)\(count == 1 ? "" : "s"), expected \(bound)")
  }

  private mutating func holds(
    _ names: [ExactText], _ members: [ExactText: ExactJSON], because other: ExactText?
  ) -> Bool {
    let missing = names.filter { members[$0] == nil }
    guard !missing.isEmpty else { return true }
    let shown = missing.prefix(5).map { ExactJSON.string($0).glimpse }.joined(separator: ", ")
    let reason = other.map { " beside \(ExactJSON.string($0).glimpse)" } ?? ""
    return complain("\(shown) is missing\(reason)")
  }

  // MARK: - Schemas at the same place

  private mutating func holdsInPlace(
    _ condition: SchemaNode.Condition, _ value: ExactJSON, _ evaluated: inout Evaluated
  ) -> Bool {
    switch condition {
    case .all(let nodes):
      var isFit = true
      for node in nodes where !fits(node, value, &evaluated) {
        isFit = false
        if trials > 0 { break }
      }
      return isFit
    case .any(let nodes):
      var isFit = false
      // What every fitting schema has looked at counts.
      for node in nodes where !isFit || tracksEvaluated {
        if tryFit(node, value, &evaluated) { isFit = true }
      }
      return isFit
        || complain(value, expected: "what one of the \(nodes.count) schemas of anyOf describes")
    case .one(let nodes):
      var count = 0
      for node in nodes where count < 2 {
        if tryFit(node, value, &evaluated) { count += 1 }
      }
      let found = count == 0 ? "none" : "several"
      return count == 1
        || complain(
          value,
          expected: "what one of the \(nodes.count) schemas of oneOf describes, and \(found) does")
    case .not(let node):
      var ignored = Evaluated()
      return !tryFit(node, value, &ignored) || complain(value, expected: "anything else")
    case .choice(let test, let then, let otherwise):
      let branch = tryFit(test, value, &evaluated) ? then : otherwise
      return branch.map { fits($0, value, &evaluated) } ?? true
    case .when(let name, let node):
      guard case .object(let members) = value, members[name] != nil else { return true }
      return fits(node, value, &evaluated)
    default: return true
    }
  }
}

extension SchemaNode.Bound {
  func holds(_ number: ExactNumber, _ limit: ExactNumber) -> Bool {
    switch self {
    case .atLeast: number >= limit
    case .atMost: number <= limit
    case .above: number > limit
    case .below: number < limit
    }
  }

  var words: String {
    switch self {
    case .atLeast: "at least"
    case .atMost: "at most"
    case .above: "more than"
    case .below: "less than"
    }
  }
}

extension ExactJSON.Kind {
  var words: String {
    switch self {
    case .null: "null"
    case .boolean: "true or false"
    case .integer: "a whole number"
    case .number: "a number"
    case .string: "a string"
    case .array: "a list"
    case .object: "an object"
    }
  }
}

/// Reads the keywords of one schema into conditions; what the metaschema would refuse is passed over.
struct SchemaKeywords {
  let place: SchemaPlace
  /// What cannot be carried out, with advice.
  private(set) var refusals: [(message: String, advice: String?)] = []

  init(place: SchemaPlace) { self.place = place }

  private func value(_ name: String) -> ExactJSON? { place.value[name] }

  private func number(_ name: String) -> ExactNumber? {
    if case .number(let number)? = value(name) { number } else { nil }
  }

  private func names(_ value: ExactJSON?) -> [ExactText] {
    guard case .array(let elements)? = value else { return [] }
    return elements.compactMap { if case .string(let text) = $0 { text } else { nil } }
  }

  /// The conditions in the order in which they are looked at; `node` makes the schemas inside.
  ///
  /// A reference comes first, and its node is filled in later.
  mutating func conditions(_ node: (SchemaPlace) -> Int) -> [SchemaNode.Condition] {
    var conditions: [SchemaNode.Condition] = value("$ref")?.string == nil ? [] : [.reference(-1)]
    conditions += valueConditions()
    conditions += sizeConditions()
    conditions += inPlaceConditions(node)
    conditions += inwardConditions(node)
    if let child = place.descending("unevaluatedItems") {
      conditions.append(.unevaluatedItems(node(child)))
    }
    if let child = place.descending("unevaluatedProperties") {
      conditions.append(.unevaluatedMembers(node(child)))
    }
    return conditions
  }

  private mutating func pattern(_ text: String) -> Pattern? {
    do throws(Pattern.Refusal) {
      return try Pattern(text, dialect: .ecma)
    } catch {
      refusals.append(
        ("the pattern \(JSON.string(text).canonicalText): \(error.message)", error.advice))
      return nil
    }
  }

  private mutating func valueConditions() -> [SchemaNode.Condition] {
    var conditions: [SchemaNode.Condition] = []
    switch value("type") {
    case .string(let name)?:
      if let kind = ExactJSON.Kind(rawValue: name.string) { conditions.append(.kinds([kind])) }
    case .array?:
      conditions.append(
        .kinds(names(value("type")).compactMap { ExactJSON.Kind(rawValue: $0.string) }))
    default: break
    }
    if let constant = value("const") { conditions.append(.values([constant])) }
    if case .array(let values)? = value("enum") { conditions.append(.values(values)) }
    if let divisor = number("multipleOf") {
      if divisor.digits.count > ExactNumber.mostDivisorDigits {
        refusals.append(("multipleOf has more than \(ExactNumber.mostDivisorDigits) digits", nil))
      }
      conditions.append(.multiple(of: divisor))
    }
    let bounds: [(String, SchemaNode.Bound)] = [
      ("minimum", .atLeast), ("maximum", .atMost), ("exclusiveMinimum", .above),
      ("exclusiveMaximum", .below),
    ]
    for (name, bound) in bounds {
      if let limit = number(name) { conditions.append(.bound(bound, limit)) }
    }
    if let text = value("pattern")?.string, let pattern = pattern(text) {
      conditions.append(.pattern(pattern))
    }
    return conditions
  }

  private func sizeConditions() -> [SchemaNode.Condition] {
    var conditions: [SchemaNode.Condition] = []
    let sizes: [(SchemaNode.Size, String, String)] = [
      (.letters, "minLength", "maxLength"), (.elements, "minItems", "maxItems"),
      (.members, "minProperties", "maxProperties"),
    ]
    for (size, least, most) in sizes {
      let (least, most) = (number(least)?.count, number(most)?.count)
      guard least != nil || most != nil else { continue }
      conditions.append(.size(size, least: least ?? 0, most: most ?? .max))
    }
    if value("uniqueItems") == .bool(true) { conditions.append(.unique) }
    let required = names(value("required"))
    if !required.isEmpty { conditions.append(.required(required)) }
    if case .object(let members)? = value("dependentRequired") {
      conditions += members.sorted { $0.key < $1.key }.map {
        .requiredWith($0.key, names($0.value))
      }
    }
    return conditions
  }

  private func list(_ name: String, _ node: (SchemaPlace) -> Int) -> [Int]? {
    guard let list = place.descending(name), case .array(let elements) = list.value else {
      return nil
    }
    return elements.indices.compactMap { list.descending(String($0)).map(node) }
  }

  private func map(_ name: String, _ node: (SchemaPlace) -> Int) -> [(name: ExactText, node: Int)] {
    guard let map = place.descending(name), case .object(let members) = map.value else { return [] }
    return members.keys.sorted().compactMap { key in
      map.descending(key.string).map { (key, node($0)) }
    }
  }

  private func inPlaceConditions(_ node: (SchemaPlace) -> Int) -> [SchemaNode.Condition] {
    var conditions: [SchemaNode.Condition] = []
    if let nodes = list("allOf", node) { conditions.append(.all(nodes)) }
    if let nodes = list("anyOf", node) { conditions.append(.any(nodes)) }
    if let nodes = list("oneOf", node) { conditions.append(.one(nodes)) }
    if let child = place.descending("not") { conditions.append(.not(node(child))) }
    if let test = place.descending("if") {
      let (then, otherwise) = (place.descending("then"), place.descending("else"))
      conditions.append(
        .choice(test: node(test), then: then.map(node), otherwise: otherwise.map(node)))
    }
    conditions += map("dependentSchemas", node).map { .when($0.name, $0.node) }
    return conditions
  }

  private mutating func inwardConditions(_ node: (SchemaPlace) -> Int) -> [SchemaNode.Condition] {
    var conditions: [SchemaNode.Condition] = []
    let (first, rest) = (list("prefixItems", node), place.descending("items").map(node))
    if first != nil || rest != nil { conditions.append(.items(first: first ?? [], rest: rest)) }
    if let child = place.descending("contains") {
      conditions.append(
        .contains(
          node(child), least: number("minContains")?.count ?? 1,
          most: number("maxContains")?.count ?? .max))
    }
    let members = map("properties", node)
    var patterns: [(Pattern, Int)] = []
    for (text, node) in map("patternProperties", node) {
      if let pattern = pattern(text.string) { patterns.append((pattern, node)) }
    }
    let others = place.descending("additionalProperties").map(node)
    if !members.isEmpty || !patterns.isEmpty || others != nil {
      conditions.append(
        .members(
          Dictionary(members.map { ($0.name, $0.node) }, uniquingKeysWith: { first, _ in first }),
          patterns: patterns, rest: others))
    }
    if let child = place.descending("propertyNames") { conditions.append(.names(node(child))) }
    return conditions
  }
}

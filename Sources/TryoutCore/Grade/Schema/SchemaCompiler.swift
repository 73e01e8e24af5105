/// Turns a schema document into nodes, or into everything that is wrong with it.
struct SchemaCompiler {
  private var nodes: [SchemaNode] = []
  private var remarks: [JSONSchema.Remark] = []
  /// Nodes by where they are written, so that each schema is one node however often it is referred to.
  private var known: [SchemaPlace.Key: Int] = [:]
  /// Schemas with an address of their own, and those with an anchor.
  private var resources: [String: SchemaPlace] = [:]
  private var anchors: [String: SchemaPlace] = [:]
  private var pending: [Reference] = []
  /// Whether the metaschema refuses the document; what is read of it then serves to find its other mistakes.
  private var isMalformed = false

  /// A `$ref` whose node is not known yet.
  private struct Reference {
    let node: Int
    let condition: Int
    let uri: SchemaURI
    let text: String
    let place: SchemaPlace
  }

  static func compile(_ document: ExactJSON) -> (JSONSchema?, [JSONSchema.Remark]) {
    var compiler = SchemaCompiler()
    let root = SchemaPlace(root: document, .own)
    compiler.inspect(root)
    compiler.compile(root, besides: SchemaPlace(root: Metaschema.document, .metaschema))
    let hasErrors = compiler.remarks.contains(where: \.isError)
    return (hasErrors ? nil : JSONSchema(document, compiler.nodes), compiler.remarks)
  }

  private static let metaschema: JSONSchema = {
    var compiler = SchemaCompiler()
    let root = SchemaPlace(root: Metaschema.document, .metaschema)
    compiler.compile(root, besides: root)
    return JSONSchema(Metaschema.document, compiler.nodes)
  }()

  private mutating func compile(_ root: SchemaPlace, besides metaschema: SchemaPlace) {
    index(metaschema)
    index(root)
    resources[root.base] = resources[root.base] ?? root
    _ = node(at: root)
    while let reference = pending.popLast() {
      guard let target = target(of: reference) else { continue }
      nodes[reference.node].conditions[reference.condition] = .reference(node(at: target))
    }
    if !remarks.contains(where: \.isError) { refuseCycles() }
  }

  private mutating func refuse(_ message: String, at place: SchemaPlace, advice: String? = nil) {
    guard place.document == .own else { return }
    remarks.append(
      JSONSchema.Remark(isError: true, message: message, pointer: place.pointer, advice: advice))
  }

  // MARK: - Before anything is referred to

  /// Holds the document against the metaschema, and refuses what is not supported.
  private mutating func inspect(_ root: SchemaPlace) {
    refuseUnsupported(root)
    var examination = SchemaExamination(
      SchemaCompiler.metaschema, mostComplaints: SchemaCompiler.mostComplaints)
    guard examination.fits(root.value) != true else { return }
    isMalformed = true
    // That `items` is a list has been said in better words.
    let lists = Set(
      remarks.filter { $0.message == SchemaCompiler.listOfItems }.map { $0.pointer + "/items" })
    remarks += examination.complaints.filter { !lists.contains($0.pointer) }.map {
      JSONSchema.Remark(isError: true, message: $0.message, pointer: $0.pointer)
    }
    if !remarks.contains(where: \.isError) { refuse("this is too large for a schema", at: root) }
  }

  private static let mostComplaints = 50
  private static let listOfItems = "items is a list"

  private static let unsupported = [
    "$dynamicRef": "write $ref", "$dynamicAnchor": "write $anchor", "$recursiveRef": "write $ref",
    "$recursiveAnchor": "take it out", "$vocabulary": "take it out",
  ]

  private mutating func refuseUnsupported(_ root: SchemaPlace) {
    var places = [root]
    while let place = places.popLast() {
      guard case .object(let members) = place.value else { continue }
      for name in members.keys.sorted().map(\.string) {
        if let advice = SchemaCompiler.unsupported[name] {
          refuse("\(name) is not supported", at: place, advice: advice)
        } else if !Metaschema.keywords.contains(name) {
          remarks.append(
            JSONSchema.Remark(
              isError: false,
              message: "unknown keyword \(JSON.string(name).canonicalText), which checks nothing",
              pointer: place.pointer, unknownKeyword: name))
        }
      }
      if case .array? = place.value["items"] {
        refuse(SchemaCompiler.listOfItems, at: place, advice: "since 2020-12 that is prefixItems")
      }
      inspectDialect(place)
      places += place.children
    }
  }

  /// A schema may name the draft that it is written for.
  private mutating func inspectDialect(_ place: SchemaPlace) {
    guard let name = place.value["$schema"]?.string else { return }
    let address = name.hasSuffix("#") ? String(name.dropLast()) : name
    guard address != Metaschema.address else { return }
    guard name.contains("://json-schema.org/") else {
      refuse(
        "$schema names a dialect of its own, \(JSON.string(name).canonicalText)", at: place,
        advice: "only \(Metaschema.address) is read")
      return
    }
    remarks.append(
      JSONSchema.Remark(
        isError: false, message: "$schema names another draft; the schema is read as 2020-12",
        pointer: place.pointer,
        advice: "write \(Metaschema.address)"))
  }

  /// Enters addresses and anchors.
  private mutating func index(_ root: SchemaPlace) {
    var places = [root]
    while let place = places.popLast() {
      if place.value["$id"]?.string != nil { resources[place.base] = place }
      if let anchor = place.value["$anchor"]?.string { anchors["\(place.base)#\(anchor)"] = place }
      places += place.children
    }
  }

  // MARK: - References

  private mutating func target(of reference: Reference) -> SchemaPlace? {
    let shown = JSON.string(reference.text).canonicalText
    guard let resource = resources[reference.uri.absolute] else {
      refuse(
        "$ref leads out of the document: \(shown)", at: reference.place,
        advice: "put that schema under $defs, with its $id")
      return nil
    }
    let fragment = SchemaURI.decoded(reference.uri.fragment ?? "")
    let target =
      fragment.isEmpty
      ? resource
      : fragment.hasPrefix("/")
        ? resource.following(fragment) : anchors["\(reference.uri.absolute)#\(fragment)"]
    if target == nil { refuse("nothing is at the $ref \(shown)", at: reference.place) }
    return target
  }

  /// A schema that refers to itself without going into the value would never end.
  private mutating func refuseCycles() {
    var state = Array(repeating: 0, count: nodes.count)
    for start in nodes.indices where state[start] == 0 {
      // Nodes whose schemas are being looked at, each with those that are left.
      var trail: [(node: Int, left: [Int])] = [(start, nodes[start].inPlace)]
      state[start] = 1
      while var top = trail.popLast() {
        guard let next = top.left.popLast() else {
          state[top.node] = 2
          continue
        }
        trail.append(top)
        if state[next] == 1 {
          let pointer = known.first { $0.value == next }?.key.pointer ?? ""
          remarks.append(
            JSONSchema.Remark(
              isError: true, message: "this schema refers to itself without end", pointer: pointer,
              advice: "put the $ref under properties or items"))
          return
        }
        if state[next] == 0 {
          state[next] = 1
          trail.append((next, nodes[next].inPlace))
        }
      }
    }
  }

  // MARK: - Nodes

  private mutating func node(at place: SchemaPlace) -> Int {
    if let node = known[place.key] { return node }
    let node = nodes.count
    known[place.key] = node
    nodes.append(SchemaNode())
    switch place.value {
    case .bool(let value): nodes[node].conditions = [.always(value)]
    case .object:
      var reader = SchemaKeywords(place: place)
      let conditions = reader.conditions { self.node(at: $0) }
      for (message, advice) in reader.refusals { refuse(message, at: place, advice: advice) }
      nodes[node].conditions = conditions
      if let text = place.value["$ref"]?.string, case .reference? = conditions.first {
        pending.append(
          Reference(
            node: node, condition: 0, uri: SchemaURI(text).resolved(against: place.base),
            text: text, place: place))
      }
    default: if !isMalformed { refuse("a $ref leads to what is no schema", at: place) }
    }
    return node
  }
}

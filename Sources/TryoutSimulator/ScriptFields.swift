import Yams

/// One mapping of a script, whose keys are known to be allowed.
struct ScriptFields {
  let node: Node
  private let values: [String: Node]

  init(_ node: Node, allowed: [String]) throws(ScriptError) {
    var values: [String: Node] = [:]
    for (key, value) in try node.members() {
      guard allowed.contains(key.name) else {
        throw key.node.error(.unknownKey(key.name, allowed: allowed))
      }
      values[key.name] = value
    }
    self.node = node
    self.values = values
  }

  subscript(key: String) -> Node? { values[key] }

  func required(_ key: String) throws(ScriptError) -> Node {
    guard let value = values[key] else { throw node.error(.missing(key)) }
    return value
  }

  /// Sets `target` if the key is there, as do the forms below for values of one type.
  func read<Value>(
    _ key: String,
    into target: inout Value,
    by reader: (Node) throws(ScriptError) -> Value
  ) throws(ScriptError) {
    if let node = values[key] { target = try reader(node) }
  }

  func read<Element>(
    _ key: String,
    into target: inout [Element],
    listOf reader: (Node) throws(ScriptError) -> Element
  ) throws(ScriptError) {
    guard let node = values[key] else { return }
    var list: [Element] = []
    for element in try node.elements() { list.append(try reader(element)) }
    target = list
  }

  func read<Choice: RawRepresentable & CaseIterable>(
    _ key: String,
    into target: inout Choice
  ) throws(ScriptError) where Choice.RawValue == String {
    if let node = values[key] { target = try node.choice() }
  }

  func read(_ key: String, into target: inout Bool) throws(ScriptError) {
    if let node = values[key] { target = try node.flag() }
  }

  func read(_ key: String, into target: inout Int) throws(ScriptError) {
    if let node = values[key] { target = try node.count() }
  }

  func read(_ key: String, into target: inout Int?) throws(ScriptError) {
    if let node = values[key] { target = try node.count() }
  }

  func read(
    _ key: String,
    into target: inout Double,
    upTo bound: Double
  ) throws(ScriptError) {
    if let node = values[key] { target = try node.number(upTo: bound) }
  }

  func read(_ key: String, into target: inout Duration) throws(ScriptError) {
    if let node = values[key] { target = try node.duration() }
  }
}

/// A script's values are read from their spelling and never from YAML 1.1's idea of them, in
/// which `on` is true, `010` is eight and `1:30` is ninety.
extension Node {
  func error(_ problem: ScriptError.Problem) -> ScriptError {
    ScriptError(line: mark?.line ?? 1, column: mark?.column ?? 1, problem: problem)
  }

  func expected(_ expected: String) -> ScriptError {
    error(.wrongValue(found: spelling, expected: expected))
  }

  func text() throws(ScriptError) -> String {
    guard case .scalar(let scalar) = self, !scalar.string.isEmpty else {
      throw expected("a text")
    }
    return scalar.string
  }

  func elements() throws(ScriptError) -> [Node] {
    guard case .sequence(let sequence) = self else { throw expected("a list") }
    return Array(sequence)
  }

  func members() throws(ScriptError) -> [(key: (name: String, node: Node), value: Node)] {
    guard case .mapping(let mapping) = self else { throw expected("keys with values") }
    var members: [(key: (name: String, node: Node), value: Node)] = []
    for (key, value) in mapping { members.append((key: (try key.text(), key), value: value)) }
    return members
  }

  func flag() throws(ScriptError) -> Bool {
    switch try text() {
    case "true": true
    case "false": false
    default: throw expected("true or false")
    }
  }

  func count() throws(ScriptError) -> Int {
    guard let count = Int(try text()), (0...100_000).contains(count) else {
      throw expected("a whole number from 0 to 100000")
    }
    return count
  }

  /// A number from 0 to the bound.
  func number(upTo bound: Double) throws(ScriptError) -> Double {
    guard let number = Double(try text()), (0...bound).contains(number) else {
      throw expected("a number from 0 to \(bound)")
    }
    return number
  }

  /// `120ms`, `2s`, `1.5min`, `1h`: at most a day.
  func duration() throws(ScriptError) -> Duration {
    guard let duration = Duration(spelled: try text()) else {
      throw expected("a duration with its unit, such as 120ms or 2s")
    }
    return duration
  }

  /// One of the spellings of an enumeration.
  func choice<Choice: RawRepresentable & CaseIterable>() throws(ScriptError) -> Choice
  where Choice.RawValue == String {
    guard let choice = Choice(rawValue: try text()) else {
      throw expected("one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return choice
  }

  private var spelling: String {
    switch self {
    case .scalar(let scalar): scalar.string.isEmpty ? "nothing" : "\"\(scalar.string)\""
    case .mapping: "keys with values"
    case .sequence: "a list"
    case .alias: "an alias"
    }
  }
}

extension Duration {
  /// A decimal number and one of `us ms s min h`, at most a day.
  init?(spelled text: String) {
    guard let match = text.wholeMatch(of: #/([0-9]+(?:\.[0-9]+)?) ?(us|ms|s|min|h)/#),
      let number = Double(match.1)
    else { return nil }
    let unit: Double =
      switch match.2 {
      case "us": 1
      case "ms": 1e3
      case "s": 1e6
      case "min": 60e6
      default: 3600e6
      }
    guard number * unit <= 86_400e6 else { return nil }
    self = .microseconds(Int64((number * unit).rounded()))
  }
}

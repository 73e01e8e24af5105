/// Reads the text of a regular expression: alternatives, groups, repetitions and single scalars.
///
/// Escapes are in `PatternParser+Escapes.swift`, classes in `PatternParser+Classes.swift`.
struct PatternParser {
  let dialect: Pattern.Dialect
  let scalars: [Unicode.Scalar]
  var place = 0
  /// What `(?i)`, `(?m)`, `(?s)` and `(?x)` have switched on.
  var flags: Set<Unicode.Scalar> = []
  private var depth = 0

  static let mostScalars = 20_000
  static let mostDepth = 60
  static let mostRepeats = 1_000

  init(_ text: String, _ dialect: Pattern.Dialect) {
    scalars = Array(text.unicodeScalars)
    self.dialect = dialect
  }

  var next: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

  func refusal(_ message: String, advice: String? = nil, at offset: Int? = nil) -> Pattern.Refusal {
    Pattern.Refusal(message: message, offset: offset ?? place, advice: advice)
  }

  /// Steps over a text where it is written next.
  mutating func take(_ text: String) -> Bool {
    let wanted = Array(text.unicodeScalars)
    guard scalars[place...].starts(with: wanted) else { return false }
    place += wanted.count
    return true
  }

  mutating func takeScalar() -> Unicode.Scalar? {
    defer { place += 1 }
    return next
  }

  /// The whole pattern.
  mutating func pattern() throws(Pattern.Refusal) -> PatternNode {
    guard scalars.count <= PatternParser.mostScalars else {
      throw refusal("the pattern is longer than \(PatternParser.mostScalars) letters")
    }
    let node = try alternatives()
    guard place == scalars.count else { throw refusal("nothing opened this )") }
    return node
  }

  private mutating func alternatives() throws(Pattern.Refusal) -> PatternNode {
    var branches = [try sequence()]
    while take("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .choice(branches)
  }

  private mutating func sequence() throws(Pattern.Refusal) -> PatternNode {
    var nodes: [PatternNode] = []
    while let scalar = next, scalar != "|", scalar != ")" {
      if flags.contains("x"), skipsFreely(scalar) { continue }
      guard let node = try atom() else { continue }
      let repeated = try repetition(of: node)
      if case .empty = repeated { continue }
      nodes.append(repeated)
    }
    return nodes.isEmpty ? .empty : nodes.count == 1 ? nodes[0] : .sequence(nodes)
  }

  /// White space and comments mean nothing under the flag `x`.
  private mutating func skipsFreely(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.properties.isWhitespace {
      place += 1
      return true
    }
    guard scalar == "#" else { return false }
    while let scalar = takeScalar(), !scalar.isLineBreak {}
    place = min(place, scalars.count)
    return true
  }

  /// One thing that can be repeated; nil for flags and comments.
  private mutating func atom() throws(Pattern.Refusal) -> PatternNode? {
    let start = place
    guard let scalar = takeScalar() else { return nil }
    switch scalar {
    case "(": return try group(from: start)
    case "[": return .set(try characterClass(from: start))
    case "\\": return try escape(from: start)
    case ".": return .set(anything)
    case "^": return .assertion(flags.contains("m") ? .lineStart : .textStart)
    case "$":
      let end: PatternAssertion = dialect == .ecma ? .textEnd : .lastLineEnd
      return .assertion(flags.contains("m") ? .lineEnd : end)
    case "*", "+", "?": throw refusal("nothing stands before this \(scalar)", at: start)
    default: return literal(scalar)
    }
  }

  /// A scalar that stands for itself.
  func literal(_ scalar: Unicode.Scalar) -> PatternNode {
    guard flags.contains("i"), !scalar.otherCases.isEmpty else { return .scalar(scalar) }
    return .set(ScalarSet([.range(scalar.value...scalar.value)], foldsCase: true))
  }

  private var anything: ScalarSet {
    if flags.contains("s") { return ScalarSet([.property(.any, isNegated: false)]) }
    let breaks: [Unicode.Scalar] =
      dialect == .ecma
      ? ["\n", "\r", "\u{2028}", "\u{2029}"]
      : ["\n", "\u{B}", "\u{C}", "\r", "\u{85}", "\u{2028}", "\u{2029}"]
    return ScalarSet(breaks.map { .range($0.value...$0.value) }, isNegated: true)
  }

  private mutating func repetition(of node: PatternNode) throws(Pattern.Refusal) -> PatternNode {
    guard let (least, most) = try quantifier() else { return node }
    if next == "+" {
      throw refusal(
        "possessive repetition is not supported", advice: "it needs backtracking: take the + away")
    }
    _ = take("?")
    let end = place
    if try quantifier() != nil { throw refusal("this repeats a repetition", at: end) }
    // Whatever is left emits states when it is repeated, so that their number bounds the work of writing it out.
    if case .empty = node { return .empty }
    return most == 0 ? .empty : .repeated(node, least: least, most: most)
  }

  /// Takes `*`, `+`, `?` or counts in braces.
  private mutating func quantifier() throws(Pattern.Refusal) -> (least: Int, most: Int?)? {
    if take("*") { return (0, nil) }
    if take("+") { return (1, nil) }
    if take("?") { return (0, 1) }
    guard next == "{", let (bounds, end) = try counts() else { return nil }
    place = end
    return bounds
  }

  /// The bounds in braces and where they end; nil where the brace stands for itself.
  private func counts() throws(Pattern.Refusal) -> ((least: Int, most: Int?), end: Int)? {
    guard let close = scalars[place...].firstIndex(of: "}") else { return nil }
    let inside = String(String.UnicodeScalarView(scalars[(place + 1)..<close]))
    let parts = inside.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
    let isCount = { (text: Substring) in text.utf8.allSatisfy { (48...57).contains($0) } }
    guard let first = parts.first, !first.isEmpty, parts.allSatisfy(isCount) else { return nil }
    let least = Int(first) ?? .max
    let most = parts.count == 1 ? least : parts[1].isEmpty ? nil : Int(parts[1]) ?? .max
    guard max(least, most ?? 0) <= PatternParser.mostRepeats else {
      throw refusal(
        "a repetition counts to more than \(PatternParser.mostRepeats)", advice: "use * or +")
    }
    if let most, most < least { throw refusal("the bounds \(inside) are the wrong way round") }
    return ((least, most), close + 1)
  }

  // MARK: - Groups

  private mutating func group(from start: Int) throws(Pattern.Refusal) -> PatternNode? {
    for (opening, what) in PatternParser.unsupportedGroups where take(opening) {
      throw refusal(
        "\(what) is not supported", advice: "it needs backtracking: use two checks, or a class",
        at: start)
    }
    let outer = flags
    if take("?#") {
      guard let close = scalars[place...].firstIndex(of: ")") else { throw unclosed(start) }
      place = close + 1
      return nil
    }
    if take("?<") {
      guard let close = scalars[place...].firstIndex(of: ">") else { throw unclosed(start) }
      place = close + 1
    } else if take("?"), try readFlags(from: start) {
      // They hold to the end of the group around.
      return nil
    }
    depth += 1
    guard depth <= PatternParser.mostDepth else {
      throw refusal("groups are nested deeper than \(PatternParser.mostDepth)", at: start)
    }
    let node = try alternatives()
    guard take(")") else { throw unclosed(start) }
    depth -= 1
    flags = outer
    return node
  }

  private static let unsupportedGroups = [
    ("?=", "look-ahead"), ("?!", "look-ahead"), ("?<=", "look-behind"), ("?<!", "look-behind"),
    ("?>", "an atomic group"), ("?(", "a condition"), ("?P", "a group of Python's"),
  ]

  private func unclosed(_ start: Int) -> Pattern.Refusal {
    refusal("this group is not closed", advice: "a ) is missing, or write \\(", at: start)
  }

  /// Reads what follows `(?`: true where flags were set for what comes after, false where a group begins.
  private mutating func readFlags(from start: Int) throws(Pattern.Refusal) -> Bool {
    var isOff = false
    while let scalar = takeScalar() {
      switch scalar {
      case "i", "m", "s", "x":
        if isOff { flags.remove(scalar) } else { flags.insert(scalar) }
      case "u", "w": break
      case "-": isOff = true
      case ":": return false
      case ")": return true
      default:
        throw refusal("(?\(scalar) is not known", advice: "the flags are i, m, s and x", at: start)
      }
    }
    throw unclosed(start)
  }
}

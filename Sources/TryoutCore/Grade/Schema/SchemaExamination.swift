/// Holds one value against a schema, and says where it does not fit.
///
/// Work and depth are bounded by numbers and not by the clock, so that a verdict is the same on every machine.
struct SchemaExamination {
  let nodes: [SchemaNode]
  let tracksEvaluated: Bool
  /// Where the value does not fit, the first places only.
  var complaints: [Complaint] = []
  let mostComplaints: Int
  /// The way to the value that is looked at.
  var path: [Step] = []
  /// Above zero while a schema is only tried, as those of `anyOf` are.
  var trials = 0
  private var depth = 0
  private var work = SchemaExamination.mostWork
  var steps = Pattern.mostSteps
  private(set) var isExhausted = false

  /// What does not fit, and where.
  struct Complaint: Equatable {
    /// A JSON pointer.
    var pointer: String
    var message: String

    var text: String { pointer.isEmpty ? message : "at \(pointer): \(message)" }
  }

  enum Step {
    case member(ExactText)
    case element(Int)
  }

  /// What conditions at one place have looked at, for `unevaluatedItems` and `unevaluatedProperties`.
  struct Evaluated {
    var members: Set<ExactText> = []
    var elements: Set<Int> = []
    /// So many elements from the first on.
    var first = 0

    mutating func formUnion(_ other: Evaluated) {
      members.formUnion(other.members)
      elements.formUnion(other.elements)
      first = max(first, other.first)
    }
  }

  static let mostWork = 1_000_000
  static let mostDepth = 150
  /// More is not said of an answer.
  static let usualComplaints = 3

  init(_ schema: JSONSchema, mostComplaints: Int = usualComplaints) {
    self.mostComplaints = mostComplaints
    nodes = schema.nodes
    tracksEvaluated = schema.tracksEvaluated
  }

  /// Whether a value fits; nil where finding that out is too much work.
  mutating func fits(_ value: ExactJSON) -> Bool? {
    var evaluated = Evaluated()
    let isFit = fits(JSONSchema.root, value, &evaluated)
    return isExhausted ? nil : isFit
  }

  /// Whether a value fits a node; what was looked at counts only where it does.
  mutating func fits(_ node: Int, _ value: ExactJSON, _ evaluated: inout Evaluated) -> Bool {
    guard spend(1), depth < SchemaExamination.mostDepth else {
      isExhausted = true
      return false
    }
    depth += 1
    defer { depth -= 1 }
    var own = Evaluated()
    var isFit = true
    for condition in nodes[node].conditions where !holds(condition, value, &own) {
      isFit = false
      if trials > 0 || complaints.count >= mostComplaints || isExhausted { break }
    }
    if isFit, tracksEvaluated { evaluated.formUnion(own) }
    return isFit
  }

  /// Whether a value one step further down fits.
  mutating func fits(_ node: Int, _ value: ExactJSON, at step: Step) -> Bool {
    path.append(step)
    defer { path.removeLast() }
    var evaluated = Evaluated()
    return fits(node, value, &evaluated)
  }

  /// Whether a value fits a node, without complaining.
  mutating func tryFit(_ node: Int, _ value: ExactJSON, _ evaluated: inout Evaluated) -> Bool {
    trials += 1
    defer { trials -= 1 }
    return fits(node, value, &evaluated)
  }

  /// Takes work off what is left; false where nothing is.
  mutating func spend(_ amount: Int) -> Bool {
    work -= amount
    if work < 0 { isExhausted = true }
    return !isExhausted
  }

  /// Whether a pattern occurs; false where that is too much work.
  mutating func occurs(_ pattern: Pattern, in text: ExactText) -> Bool {
    guard let isFound = pattern.occurs(in: text.string, steps: &steps) else {
      isExhausted = true
      return false
    }
    return isFound
  }

  /// Says where and what; always false, for `return`.
  mutating func complain(_ value: ExactJSON, expected: String) -> Bool {
    complain("found \(value.glimpse), expected \(expected)")
  }

  mutating func complain(_ message: String) -> Bool {
    guard trials == 0, complaints.count < mostComplaints else { return false }
    complaints.append(Complaint(pointer: pointer, message: message))
    return false
  }

  private var pointer: String {
    path.map { step in
      switch step {
      case .member(let name):
        let escaped = name.string.replacing("~", with: "~0").replacing("/", with: "~1")
        return "/" + JSON.string(escaped).canonicalText.dropFirst().dropLast()
      case .element(let index): return "/\(index)"
      }
    }.joined()
  }
}

extension ExactJSON {
  /// The value in a few words: scalars as they are, as far as they are short.
  var glimpse: String {
    switch self {
    case .array(let elements):
      return elements.count == 1 ? "a list of 1" : "a list of \(elements.count)"
    case .object(let members): return members.isEmpty ? "{}" : "an object"
    case .string(let text) where text.string.unicodeScalars.count > 40:
      let start = String(String.UnicodeScalarView(text.string.unicodeScalars.prefix(40)))
      return JSON.string(start).canonicalText.dropLast() + "…\""
    case .number(let number) where number.digits.count > 40:
      return "a number of \(number.digits.count) digits"
    default: return text
    }
  }
}

/// What is wrong with a script, and where.
package struct ScriptError: Error, Equatable, CustomStringConvertible {
  /// What the writer of the script has to change.
  package enum Problem: Equatable, Sendable {
    /// The text is no YAML; the words are the parser's.
    case syntax(String)
    /// A key that means nothing in this place.
    case unknownKey(String, allowed: [String])
    /// A key without which nothing can be done.
    case missing(String)
    /// `found` is not what belongs here, which `expected` says.
    case wrongValue(found: String, expected: String)
    /// A `like:` that names nothing.
    case unknownModel(String, known: [String])
    /// A chain of `like:` that comes back to this model.
    case likeItself(String)
  }

  /// From 1.
  package var line: Int
  /// From 1, in Unicode scalars.
  package var column: Int
  /// What is wrong there.
  package var problem: Problem

  /// `line:column: ` and a sentence or two that say what is wrong and what is allowed.
  package var description: String {
    "\(line):\(column): \(sentence)"
  }

  /// What is wrong and what is allowed.
  package var sentence: String {
    switch problem {
    case .syntax(let words): "This is not YAML: \(words)."
    case .unknownKey(let key, let allowed):
      "Unknown key \"\(key)\".\(Self.advice(for: key, among: allowed))"
        + " Allowed here: \(allowed.joined(separator: ", "))."
    case .missing(let key): "The key \"\(key)\" is missing."
    case .wrongValue(let found, let expected): "Found \(found), but expected \(expected)."
    case .unknownModel(let name, let known):
      "There is no model \"\(name)\".\(Self.advice(for: name, among: known))"
        + " Known: \(known.joined(separator: ", "))."
    case .likeItself(let name): "The model \"\(name)\" is like itself."
    }
  }

  private static func advice(for word: String, among known: [String]) -> String {
    let near = known.map { (word: $0, distance: distance(from: word, to: $0)) }
      .min { $0.distance < $1.distance }
    guard let near, near.distance <= 2, near.distance < near.word.count else { return "" }
    return " Did you mean \"\(near.word)\"?"
  }

  /// Levenshtein's distance.
  private static func distance(from left: String, to right: String) -> Int {
    let right = Array(right)
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in right.enumerated() {
        let substituted = diagonal + (a == b ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = Swift.min(row[j] + 1, diagonal + 1, substituted)
      }
    }
    return row[right.count]
  }
}

import Yams

/// One key of a map with what is written for it.
struct Entry {
  let key: String
  let keyPlace: Place
  let value: Cursor
}

/// A map whose keys were all looked at.
struct Fields {
  let cursor: Cursor
  let entries: [Entry]

  subscript(key: String) -> Cursor? { entries.first { $0.key == key }?.value }

  func has(_ key: String) -> Bool { self[key] != nil }

  /// The value of a key that must be there.
  func require(_ key: String, _ expected: String) -> Cursor? {
    if let value = self[key] { return value }
    cursor.error("\(cursor.path) has no \(key)", expected: expected)
    return nil
  }
}

extension Cursor {
  /// The entries of a map with free keys, such as ids or variables.
  func entries(_ expected: String) -> [Entry]? {
    guard case .mapping(let mapping) = node else { return refuse(expected) }
    var entries: [Entry] = []
    var seen: Set<String> = []
    for pair in mapping {
      let key = child(pair.key, path: path)
      guard case .scalar(let scalar) = pair.key else {
        key.error(
          "found a map or a list as a key in \(path)",
          expected: "text as the key",
          advice: "a value that begins with {{ needs quotes around it"
        )
        continue
      }
      guard !key.isMergeKey else { continue }
      // Yams compares keys with their types: it lets `1` and `"1"` pass.
      guard seen.insert(scalar.string).inserted else {
        key.error(
          "\(quoted(scalar.string)) is written more than once in \(path)",
          expected: "each key once"
        )
        continue
      }
      let step = path == Cursor.rootPath ? scalar.string : "\(path).\(scalar.string)"
      entries.append(
        Entry(key: scalar.string, keyPlace: key.place, value: child(pair.value, path: step))
      )
    }
    return entries
  }

  /// A map that may hold only certain keys.
  func fields(_ keys: [String]) -> Fields? {
    let names = keys.joined(separator: ", ")
    guard let entries = entries("a map with the keys \(names)") else { return nil }
    for entry in entries where !keys.contains(entry.key) {
      collector.error(
        "unknown key \(quoted(entry.key)) in \(path)",
        at: entry.keyPlace,
        expected: "one of \(names)",
        advice: Suggestion.advice(for: entry.key, among: keys)
      )
    }
    return Fields(cursor: self, entries: entries)
  }

  /// The elements of a list.
  func list(_ expected: String, mayBeEmpty: Bool = true) -> [Cursor]? {
    guard case .sequence(let sequence) = node else { return refuse(expected) }
    guard mayBeEmpty || !sequence.isEmpty else {
      error("the list \(path) is empty", expected: expected)
      return nil
    }
    return sequence.enumerated().map { child($1, path: "\(path)[\($0)]") }
  }

  /// The elements of a list, or a scalar as the only one.
  func listOrOne(_ expected: String) -> [Cursor]? {
    if case .scalar = node { return isNothing ? refuse(expected) : [self] }
    return list(expected, mayBeEmpty: false)
  }

  /// Texts of a list, none of them twice.
  func distinct(_ expected: String, _ read: (Cursor) -> String?) -> [String] {
    var texts: [String] = []
    for element in listOrOne(expected) ?? [] {
      guard let text = read(element) else { continue }
      if texts.contains(text) {
        element.error(
          "\(quoted(text)) is written more than once in \(path)",
          expected: "each value once"
        )
      } else {
        texts.append(text)
      }
    }
    return texts
  }
}

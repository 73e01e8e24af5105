/// A text with `{{ name }}` places: no filters, no logic, no escaping, and values are never rendered again.
package struct Template: Sendable, Hashable, Codable {
  package enum Part: Sendable, Hashable, Codable {
    case text(String)
    case variable(String)
  }

  package var parts: [Part]

  /// A text in which every brace is literal.
  package init(literal text: String) { parts = [.text(text)] }

  /// Reads the places; whatever is not exactly `{{ name }}` stays text.
  ///
  /// Names are letters, digits, `_`, `-` and `.`, with white space allowed around them.
  package init(_ text: String) {
    var parts: [Part] = []
    var pending = Substring()
    var rest = text[...]
    while let open = rest.firstRange(of: "{{") {
      guard let close = rest[open.upperBound...].firstRange(of: "}}") else { break }
      let inside = rest[open.upperBound..<close.lowerBound]
      if let name = Template.name(in: inside) {
        pending += rest[..<open.lowerBound]
        if !pending.isEmpty { parts.append(.text(String(pending))) }
        pending = Substring()
        parts.append(.variable(name))
        rest = rest[close.upperBound...]
      } else {
        // One brace further, so that `{{{ name }}}` finds the inner pair.
        let next = rest.index(after: open.lowerBound)
        pending += rest[..<next]
        rest = rest[next...]
      }
    }
    pending += rest
    if !pending.isEmpty || parts.isEmpty { parts.append(.text(String(pending))) }
    self.parts = parts
  }

  /// The names of the places in order of appearance.
  package var variables: [String] {
    parts.compactMap { if case .variable(let name) = $0 { name } else { nil } }
  }

  /// What begins like a place and is none, such as `{{ name` or `{{ name }`: it stays text, which is seldom meant.
  package var strays: [String] {
    parts.flatMap { part -> [String] in
      guard case .text(let text) = part else { return [] }
      return text.matches(of: /\{\{\s*[A-Za-z_][\w.\-]*/).map { String($0.output) }
    }
  }

  /// The text with every place filled; a name without a value stays as it was written.
  package func rendered(with values: [String: String]) -> String {
    var text = ""
    for part in parts {
      switch part {
      case .text(let piece): text += piece
      case .variable(let name): text += values[name] ?? "{{ \(name) }}"
      }
    }
    return text
  }

  private static func name(in inside: Substring) -> String? {
    var name = inside.drop(while: \.isWhitespace)
    while name.last?.isWhitespace == true { name.removeLast() }
    return !name.isEmpty && name.allSatisfy(isNameCharacter) ? String(name) : nil
  }

  private static func isNameCharacter(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || "_-.".contains(character)
  }
}

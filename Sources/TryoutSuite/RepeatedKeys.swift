import Yams

/// Keys that stand in one map more than once, under other names so that Yams reads the document all the same.
struct RepeatedKeys {
  private struct Position: Hashable {
    var line: Int
    var column: Int
  }

  /// What keys that were renamed are really called.
  private var names: [Position: String] = [:]

  /// Reading a document anew so often is enough to see what is wrong with it.
  private static let mostRounds = 50

  /// The text with another name for the key at a mark, as long as its own so that all else stays where it is; nil where
  /// the key is not simply written there.
  mutating func rename(_ name: String, at mark: Mark, in text: String) -> String? {
    let position = Position(line: mark.line, column: mark.column)
    guard names.count < RepeatedKeys.mostRounds, names[position] == nil,
      let spare = Unicode.Scalar(0xE000 + names.count)
    else { return nil }
    var scalars = Array(text.unicodeScalars)
    guard var index = RepeatedKeys.index(of: position, in: scalars) else { return nil }
    if scalars[index] == "\"" || scalars[index] == "'" { index += 1 }
    // What begins with anything else is no text, or has a name or a tag before it.
    guard index < scalars.count, scalars[index] == name.unicodeScalars.first,
      !"\"'\\[]{}&*!|>?%@`#,".unicodeScalars.contains(scalars[index])
    else { return nil }
    scalars[index] = spare
    names[position] = name
    return String(String.UnicodeScalarView(scalars))
  }

  /// Counts lines as libyaml does.
  private static func index(of position: Position, in scalars: [Unicode.Scalar]) -> Int? {
    var line = 1
    var index = 0
    while line < position.line {
      guard index < scalars.count else { return nil }
      let isPair = scalars[index] == "\r" && index + 1 < scalars.count && scalars[index + 1] == "\n"
      if ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalars[index]) { line += 1 }
      index += isPair ? 2 : 1
    }
    index += position.column - 1
    return index < scalars.count ? index : nil
  }

  /// The document with what stands under renamed keys put together with what stands under their namesakes, so that
  /// nothing that refers to it seems to be lost.
  func joined(_ node: Node) -> Node {
    guard !names.isEmpty else { return node }
    switch node {
    case .sequence(let list):
      return .sequence(Node.Sequence(list.map(joined), list.tag, list.style, list.mark))
    case .mapping(let map):
      var pairs: [(Node, Node)] = []
      var others: [String: [Node]] = [:]
      for (key, value) in map {
        let value = joined(value)
        let name = key.mark.flatMap { names[Position(line: $0.line, column: $0.column)] }
        if let name { others[name, default: []].append(value) } else { pairs.append((key, value)) }
      }
      for index in pairs.indices {
        for other in others[pairs[index].0.scalar?.string ?? ""] ?? [] {
          pairs[index].1 = RepeatedKeys.joined(other, pairs[index].1)
        }
      }
      return .mapping(Node.Mapping(pairs, map.tag, map.style, map.mark))
    case .scalar, .alias: return node
    }
  }

  private static func joined(_ one: Node, _ other: Node) -> Node {
    switch (one, other) {
    case (.sequence(let one), .sequence(let other)):
      return .sequence(Node.Sequence(Array(one) + Array(other), other.tag, other.style, other.mark))
    case (.mapping(let one), .mapping(let other)):
      var pairs = one.map { ($0.key, $0.value) }
      for (key, value) in other {
        let index = pairs.firstIndex { $0.0 == key }
        if let index {
          pairs[index] = (key, joined(pairs[index].1, value))
        } else {
          pairs.append((key, value))
        }
      }
      return .mapping(Node.Mapping(pairs, other.tag, other.style, other.mark))
    default: return other
    }
  }
}

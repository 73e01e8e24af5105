import Yams

/// How large a document becomes where its aliases stand for what they name.
///
/// Yams expands aliases while it reads, and hashes and compares the keys of every map whole, so that
/// a few lines could keep it busy for ever. This reads the same text with plain scalars in the
/// places of aliases, which takes no longer than any text of its length, and adds up.
struct AliasExpansion {
  /// A file of the largest size without any alias has fewer nodes.
  static let mostNodes = 2_000_000

  /// Whether neither the document nor what is hashed of it has too many nodes.
  private(set) var isSmall = true

  /// What each anchor names so far; a later one of the same name takes over.
  private var counts: [String: Int] = [:]
  /// Nodes of keys that are maps or lists, counted at each map around them.
  private var hashed = 0

  /// What stands before a name instead of the asterisk: like it neither white space nor a bracket,
  /// allowed at the beginning of a plain scalar and in a tag, and of the same length, so that
  /// errors are found in the same places.
  private static let mark: UInt8 = UInt8(ascii: ";")

  /// Throws `YamlError` where the text is no YAML, apart from names that no anchor has.
  init(of text: String) throws {
    guard text.utf8.contains(UInt8(ascii: "*")), text.utf8.contains(UInt8(ascii: "&")) else {
      return
    }
    let bytes = text.utf8.map { $0 == UInt8(ascii: "*") ? Self.mark : $0 }
    let parser = try Parser(yaml: String(decoding: bytes, as: UTF8.self), encoding: .utf8)
    guard let root = try parser.singleRoot() else { return }
    // Nodes only point to their anchors, which live as long as the parser.
    let count = withExtendedLifetime(parser) { self.count(root) }
    isSmall = max(count, hashed) <= Self.mostNodes
  }

  /// Counts in the order in which Yams reads: an anchor is known once its node has ended.
  private mutating func count(_ node: Node) -> Int {
    var sum = 1
    switch node {
    case .scalar(let scalar): sum = expansion(of: scalar)
    case .sequence(let sequence):
      for element in sequence { sum = Self.sum(sum, count(element)) }
    case .mapping(let mapping):
      for (key, value) in mapping {
        let nodes = count(key)
        if nodes > 1 { hashed = Self.sum(hashed, nodes) }
        sum = Self.sum(sum, Self.sum(nodes, count(value)))
      }
    case .alias: break
    }
    if let anchor = node.anchor { counts[anchor.rawValue] = sum }
    return sum
  }

  /// Adds up every name in a scalar: in `{*a:*b}` a plain scalar does not end at the colon.
  private func expansion(of scalar: Node.Scalar) -> Int {
    guard scalar.style == .plain, scalar.string.utf8.first == Self.mark else { return 1 }
    return scalar.string.utf8.split(separator: Self.mark).reduce(0) { count, text in
      let name = text.prefix(while: Self.isOfName)
      return Self.sum(count, counts[String(decoding: name, as: UTF8.self)] ?? 1)
    }
  }

  /// What libyaml takes for a part of an anchor's name.
  private static func isOfName(_ byte: UInt8) -> Bool {
    byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || "-_".utf8.contains(byte)
  }

  /// A sum that stays above the bound instead of overflowing.
  private static func sum(_ one: Int, _ other: Int) -> Int { min(one + other, mostNodes + 1) }
}

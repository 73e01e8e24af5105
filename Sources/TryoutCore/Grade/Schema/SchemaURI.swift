/// A URI reference in its parts, and what it means beside a base, by RFC 3986.
struct SchemaURI {
  private var scheme: Substring?
  private var authority: Substring?
  private var path: String
  private var query: Substring?
  private(set) var fragment: String?

  /// Splits a reference as appendix B of the RFC does.
  init(_ text: String) {
    var rest = text[...]
    if let hash = rest.firstIndex(of: "#") {
      fragment = String(rest[rest.index(after: hash)...])
      rest = rest[..<hash]
    }
    if let mark = rest.firstIndex(of: "?") {
      query = rest[rest.index(after: mark)...]
      rest = rest[..<mark]
    }
    if let colon = rest.firstIndex(of: ":"), !rest[..<colon].contains("/"), colon != rest.startIndex
    {
      scheme = rest[..<colon]
      rest = rest[rest.index(after: colon)...]
    }
    if rest.hasPrefix("//") {
      let inside = rest.dropFirst(2)
      let end = inside.firstIndex(of: "/") ?? inside.endIndex
      authority = inside[..<end]
      rest = inside[end...]
    }
    path = String(rest)
  }

  /// Everything but the fragment.
  var absolute: String {
    (scheme.map { "\($0):" } ?? "") + (authority.map { "//\($0)" } ?? "") + path
      + (query.map { "?\($0)" } ?? "")
  }

  /// What the reference names where it is written under a base (section 5.2.2).
  func resolved(against base: String) -> SchemaURI {
    guard scheme == nil else { return self }
    let base = SchemaURI(base)
    var result = self
    result.scheme = base.scheme
    guard authority == nil else { return result }
    result.authority = base.authority
    if path.isEmpty {
      result.path = base.path
      result.query = query ?? base.query
    } else if !path.hasPrefix("/") {
      let folder =
        base.path.lastIndex(of: "/").map { base.path[...$0] } ?? (base.authority == nil ? "" : "/")
      result.path = SchemaURI.withoutDots(folder + path)
    } else {
      result.path = SchemaURI.withoutDots(path)
    }
    return result
  }

  private static func withoutDots(_ path: String) -> String {
    var segments: [Substring] = []
    let all = path.split(separator: "/", omittingEmptySubsequences: false)
    for (index, segment) in all.enumerated() {
      let isLast = index == all.count - 1
      switch segment {
      case ".": if isLast { segments.append("") }
      case "..":
        if segments.count > 1 || segments.first.map({ !$0.isEmpty }) == true {
          segments.removeLast()
        }
        if isLast { segments.append("") }
      default: segments.append(segment)
      }
    }
    return segments.joined(separator: "/")
  }

  /// A fragment's text with its percent signs read; as written where they are none.
  static func decoded(_ fragment: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(fragment.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(2)
      if byte == UInt8(ascii: "%"), digits.count == 2,
        let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

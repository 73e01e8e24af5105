/// Foreign text made safe for HTML and XML, between tags and inside quoted attributes.
enum MarkupText {
  /// One line, shortened where it is longer than anything worth reading.
  static func escaped(_ text: String) -> String { marked(VisibleText.brief(text)) }

  /// One line in full, for names that must stay different.
  static func escapedName(_ text: String) -> String { marked(VisibleText.line(text)) }

  /// By scalars: to Swift a `<` with an accent is another character, to a parser it opens a tag.
  ///
  /// What XML 1.0 forbids even as a reference (section 2.2: most controls, U+FFFE, U+FFFF) is not visible and is gone
  /// already.
  private static func marked(_ line: String) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in line.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;".unicodeScalars
      case "<": escaped += "&lt;".unicodeScalars
      case ">": escaped += "&gt;".unicodeScalars
      case "\"": escaped += "&quot;".unicodeScalars
      case "'": escaped += "&#39;".unicodeScalars
      default: escaped.append(scalar)
      }
    }
    return String(escaped)
  }
}

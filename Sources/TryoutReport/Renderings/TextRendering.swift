package import TryoutCore

/// A report for a terminal: verdict, gates, comparison, failures, footnotes.
package struct TextRendering: Sendable {
  private let width: Int
  private let isColoured: Bool

  /// Tables fold and names shrink to fit into `width` columns.
  package init(width: Int = 100, isColoured: Bool = false) {
    self.width = width
    self.isColoured = isColoured
  }

  /// Draws the report, or its verdict and gates alone; every line ends with a line feed.
  package func render(_ report: Report, gatesOnly: Bool = false) -> String {
    render(Sheet(report, gatesOnly: gatesOnly))
  }

  /// Draws a recommendation that stands alone.
  package func render(_ text: RecommendationText) -> String {
    let lines = text.lines.flatMap { wrapped(VisibleText.brief($0), indent: "  ", first: "") }
    return lines.enumerated().map {
      ($0.offset == 0 ? painted($0.element, text.tone, isBold: true) : $0.element) + "\n"
    }.joined()
  }

  /// Draws a comparison that stands alone.
  package func render(_ comparison: RunComparison) -> String { render(Sheet(comparison)) }

  private func render(_ sheet: Sheet) -> String {
    var lines = wrapped(VisibleText.brief(sheet.headline), indent: "  ", first: "")
    lines = lines.map { painted($0, sheet.tone, isBold: true) }
    lines += wrapped(sheet.facts.map(VisibleText.brief).joined(separator: " · "), first: "")
    for warning in sheet.warnings {
      lines += wrapped("warning: " + VisibleText.brief(warning), indent: "  ", first: "")
    }
    if !sheet.advice.isEmpty {
      lines += ["", painted("RECOMMENDATION", .plain, isBold: true)]
      for line in sheet.advice {
        lines += wrapped(VisibleText.brief(line), indent: "  ", first: "")
      }
    }
    for table in sheet.tables {
      lines.append("")
      lines += draw(table)
    }
    if !sheet.footnotes.isEmpty { lines.append("") }
    for (index, text) in sheet.footnotes.enumerated() {
      let mark = Cell.raised(index + 1)
      let indent = String(repeating: " ", count: mark.count + 1)
      lines += wrapped(VisibleText.brief(text), indent: indent, first: mark + " ")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private func draw(_ table: Table) -> [String] {
    let parts = Grid(table).folded(to: width).map { part in
      part.lines(width: width).map { pieces in
        pieces.map { painted($0.text, $0.tone, isBold: $0.isBold) }.joined()
      }
    }
    return [painted(table.title.uppercased(), .plain, isBold: true)] + parts.joined(separator: [""])
  }

  private func painted(_ text: String, _ tone: Tone, isBold: Bool) -> String {
    guard isColoured, tone != .plain || isBold else { return text }
    var codes = isBold ? ["1"] : []
    switch tone {
    case .plain: break
    case .good: codes.append("32")
    case .bad: codes.append("31")
    case .doubtful: codes.append("33")
    }
    return "\u{1B}[\(codes.joined(separator: ";"))m\(text)\u{1B}[0m"
  }

  /// Breaks at spaces, but not between a number and its unit; a word wider than a line is cut.
  private func wrapped(_ text: String, indent: String = "", first: String) -> [String] {
    var lines: [String] = []
    var line = first
    var isEmpty = true
    for word in words(of: text) {
      let word = VisibleText.truncated(word, to: width - indent.count)
      if !isEmpty, VisibleText.width(line) + 1 + VisibleText.width(word) > width {
        lines.append(line)
        line = indent
        isEmpty = true
      }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    return lines + [line]
  }

  private func words(of text: String) -> [String] {
    text.split(separator: " ").reduce(into: []) { words, word in
      if let last = words.indices.last, words[last].last?.isNumber == true,
        ["s", "ms", "µs", "%", "tok/s"].contains(word)
      {
        words[last] += " \(word)"
      } else {
        words.append(String(word))
      }
    }
  }
}

package import TryoutCore

/// A report as one page of HTML that needs nothing else: no scripts, no fonts, no network.
///
/// It shows the same tables as Markdown, and draws the intervals of times.
package struct HTMLRendering: Sendable {
  package init() {}

  /// Writes the report.
  package func render(_ report: Report) -> String {
    render(Sheet(report), title: "\(report.run.suite.name), run \(report.run.id)", report.method)
  }

  /// Writes a comparison that stands alone.
  package func render(_ comparison: RunComparison) -> String {
    render(
      Sheet(comparison), title: "run \(comparison.head) against \(comparison.base)", [])
  }

  /// Well-formed as XML, too, so that any parser can look for what does not belong into it.
  private func render(_ sheet: Sheet, title: String, _ method: [Report.Fact]) -> String {
    var lines = [
      "<!doctype html>", #"<html lang="en">"#, "<head>", #"<meta charset="utf-8"/>"#,
      // Whatever got past the escapes could still not run or load anything.
      #"<meta http-equiv="Content-Security-Policy" content="\#(Self.policy)"/>"#,
      #"<meta name="viewport" content="width=device-width, initial-scale=1"/>"#,
      #"<meta name="referrer" content="no-referrer"/>"#,
      "<title>\(escaped(title)) - tryout</title>", "<style>\n\(HTMLStyle.sheet)</style>", "</head>",
      "<body>", "<main>", "<h1\(className(sheet.tone))>\(escaped(sheet.headline))</h1>",
      "<p>\(sheet.facts.map(escaped).joined(separator: " · "))</p>",
    ]
    lines += sheet.warnings.map { #"<p class="warning">Warning: \#(escaped($0))</p>"# }
    if let first = sheet.advice.first {
      lines += ["<h2>Recommendation</h2>", "<p><strong>\(escaped(first))</strong></p>", "<ul>"]
      lines += sheet.advice.dropFirst().map { "<li>\(escaped($0))</li>" }
      lines.append("</ul>")
    }
    for table in sheet.tables { lines += draw(table) }
    if !sheet.footnotes.isEmpty {
      lines += ["<h2>Notes</h2>", "<ol>"]
      for (index, text) in sheet.footnotes.enumerated() {
        lines.append(#"<li id="note-\#(index + 1)">\#(escaped(text))</li>"#)
      }
      lines.append("</ol>")
    }
    if !method.isEmpty {
      lines += ["<details>", "<summary>How it was measured</summary>", "<dl>"]
      lines += method.map { "<dt>\(escaped($0.name))</dt><dd>\(escaped($0.text))</dd>" }
      lines += ["</dl>", "</details>"]
    }
    return (lines + ["</main>", "</body>", "</html>"]).map { $0 + "\n" }.joined()
  }

  private static let policy =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

  private func draw(_ table: Table) -> [String] {
    let title = table.title.prefix(1).uppercased() + table.title.dropFirst()
    let heads = table.columns.map {
      #"<th scope="col"\#(className($0))>\#(escaped($0.title))</th>"#
    }
    var lines = [
      "<h2>\(escaped(title))</h2>", #"<div class="wide" tabindex="0">"#, "<table>",
      "<thead><tr>\(heads.joined())</tr></thead>", "<tbody>",
    ]
    let bars = TimeBar.scales(of: table)
    for row in table.rows {
      let cells = zip(table.columns, row).map { column, cell in
        draw(cell, in: column, bars[column.group])
      }
      lines.append("<tr>\(cells.joined())</tr>")
    }
    return lines + ["</tbody>", "</table>", "</div>"]
  }

  private func draw(_ cell: Cell, in column: Table.Column, _ bar: TimeBar?) -> String {
    let text = escaped(cell.text)
    var content = cell.isEmphasised ? "<strong>\(text)</strong>" : text
    if cell.tone != .plain { content = "<span\(className(cell.tone))>\(content)</span>" }
    if !cell.detail.isEmpty { content += #" <span class="ends">\#(escaped(cell.detail))</span>"# }
    if !cell.notes.isEmpty {
      let marks = cell.notes.sorted().map { ##"<a href="#note-\##($0)">\##($0)</a>"## }
      content += "<sup>\(marks.joined(separator: ","))</sup>"
    }
    if let bar, let time = cell.time { content += bar.drawing(of: time) }
    return "<td\(className(column))>\(content)</td>"
  }

  private func className(_ column: Table.Column) -> String {
    column.alignment == .right ? #" class="figure""# : ""
  }

  private func className(_ tone: Tone) -> String {
    switch tone {
    case .plain: ""
    case .good: #" class="good""#
    case .bad: #" class="bad""#
    case .doubtful: #" class="doubtful""#
    }
  }

  private func escaped(_ text: String) -> String { MarkupText.escaped(text) }
}

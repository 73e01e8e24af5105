package import TryoutCore

/// A report as GitHub-flavoured Markdown, for job summaries, pull requests and repositories.
package struct MarkdownRendering: Sendable {
  private let budget: Int

  /// Keeps below so many bytes, as far as ten rows of each table do.
  ///
  /// GitHub drops a job summary above 1 MiB as a whole; what is not said leaves room for what stands before it.
  package init(budget: Int = 900 * 1024) { self.budget = budget }

  /// Writes the report; rows are left out, and said to be, where it would be too long to be shown.
  package func render(_ report: Report) -> String {
    shortened { render(Sheet(report, rows: $0), report.method) }
  }

  /// Writes a comparison that stands alone, no longer than a report.
  package func render(_ comparison: RunComparison) -> String {
    shortened { render(Sheet(comparison, rows: $0), []) }
  }

  private func shortened(_ write: (_ rows: Int) -> String) -> String {
    var text = write(.max)
    for rows in [1000, 300, 100, 30, 10] where text.utf8.count > budget { text = write(rows) }
    return text
  }

  private func render(_ sheet: Sheet, _ method: [Report.Fact]) -> String {
    var blocks = [
      "## \(escaped(sheet.headline))",
      sheet.facts.map(escaped).joined(separator: " · "),
    ]
    blocks += sheet.warnings.map { "> **Warning:** \(escaped($0))" }
    if let first = sheet.advice.first {
      blocks += ["### Recommendation", "**\(escaped(first))**"]
      blocks.append(sheet.advice.dropFirst().map { "- \(escaped($0))" }.joined(separator: "\n"))
    }
    for table in sheet.tables {
      blocks.append("### \(table.title.prefix(1).uppercased() + table.title.dropFirst())")
      blocks.append(draw(table))
      if table.omitted > 0 {
        blocks.append("\(Format.count(table.omitted, "row")) left out; the JSON report has all.")
      }
    }
    if !sheet.footnotes.isEmpty {
      let notes = sheet.footnotes.enumerated().map { "\($0 + 1). \(escaped($1))" }
      blocks += ["### Notes", notes.joined(separator: "\n")]
    }
    guard !method.isEmpty else { return blocks.joined(separator: "\n\n") + "\n" }
    blocks += [
      "<details>\n<summary>How it was measured</summary>",
      method.map { "- **\(escaped($0.name))**: \(escaped($0.text))" }.joined(separator: "\n"),
      "</details>",
    ]
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private func draw(_ table: Table) -> String {
    let rule = table.columns.map { $0.alignment == .left ? ":--" : "--:" }
    let rows =
      [table.columns.map(\.title), rule]
      + table.rows.map { row in row.map(draw) }
    return rows.map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
  }

  private func draw(_ cell: Cell) -> String {
    let text = escaped(cell.text)
    let isLoud = cell.isEmphasised || cell.tone == .bad
    let lead = isLoud ? "**\(text)**" : text
    return lead + (cell.detail.isEmpty ? "" : " \(cell.detail)") + cell.marks
  }

  private func escaped(_ text: String) -> String { MarkdownRendering.escaped(text) }

  /// Foreign text as one line that means nothing to Markdown, HTML or GitHub.
  ///
  /// It goes by scalars: to Swift a `|` with an accent is another character, to Markdown it is a `|`.
  static func escaped(_ text: String) -> String {
    // An invisible space keeps GitHub from notifying people, from linking issues and addresses.
    let brake = "&#8203;"
    var escaped = ""
    var before: [Unicode.Scalar] = []
    for scalar in VisibleText.brief(text).unicodeScalars {
      switch scalar {
      case "\\", "`", "*", "_", "{", "}", "[", "]", "|", "~", "!", "$": escaped += "\\\(scalar)"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "&": escaped += "&amp;"
      case "@", "#": escaped += "\(scalar)" + brake
      case "/" where before.last == ":": escaped += brake + "/"
      case "." where before.suffix(3).allSatisfy { $0 == "w" || $0 == "W" } && before.count > 2:
        escaped += brake + "."
      default: escaped.unicodeScalars.append(scalar)
      }
      before.append(scalar)
    }
    return blockEscaped(escaped)
  }

  /// Escapes what would begin a list, a rule or a heading at the start of a line.
  private static func blockEscaped(_ line: String) -> String {
    if let first = line.first, "-+=".contains(first) { return "\\" + line }
    let digits = line.prefix { $0.isASCII && $0.isNumber }
    let rest = line.dropFirst(digits.count)
    guard !digits.isEmpty, let sign = rest.first, sign == "." || sign == ")",
      rest.dropFirst().first == " " || rest.count == 1
    else { return line }
    return digits + "\\" + rest
  }
}

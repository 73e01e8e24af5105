/// A plain table for lists that are not reports, laid out and made safe like those of reports.
package enum TextTable {
  /// Draws a header and rows of equally many cells; every line ends with a line feed.
  package static func render(header: [String], rows: [[String]], width: Int = 160) -> String {
    var table = Table(title: "", columns: header.map { Table.Column($0, .left) })
    table.rows = rows.map { row in row.map { Cell($0) } }
    return Grid(table).lines(width: width)
      .map { pieces in pieces.map(\.text).joined() + "\n" }.joined()
  }
}

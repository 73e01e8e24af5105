/// A table laid out for a terminal by display width.
struct Grid {
  /// A run of characters with one look.
  struct Piece {
    var text: String
    var tone = Tone.plain
    var isBold = false
  }

  private static let gap = 2
  private static let narrowestName = 12
  /// As wide as a name may be before columns move into a part of their own.
  private static let widestName = 36

  private let columns: [Column]

  init(_ table: Table) {
    columns = table.columns.indices.map { index in
      Column(table.columns[index], table.rows.map { $0[index] })
    }
  }

  private init(_ columns: [Column]) { self.columns = columns }

  /// The table in parts that fit, each of which begins with the first column.
  func folded(to width: Int) -> [Grid] {
    let first = Array(columns.prefix(1))
    var parts: [[Column]] = []
    for group in groups(within: width) {
      if let last = parts.last, Grid(last + group).width(names: Grid.widestName) <= width {
        parts[parts.count - 1] += group
      } else {
        parts.append(first + group)
      }
    }
    return parts.map { Grid($0) }
  }

  /// The columns that belong together; single ones where even their group is too wide.
  private func groups(within width: Int) -> [[Column]] {
    var groups: [[Column]] = []
    var rest = columns.dropFirst()
    while let number = rest.first?.group {
      let group = Array(rest.prefix { $0.group == number })
      rest = rest.dropFirst(group.count)
      let fits = Grid(columns.prefix(1) + group).width(names: Grid.narrowestName) <= width
      groups += fits ? [group] : group.map { [$0] }
    }
    return groups
  }

  /// The header and the rows; names lose their middle where the width asks for it.
  func lines(width: Int) -> [[Piece]] {
    var widths = columns.map { $0.isName ? min($0.width, width) : $0.width }
    let gaps = Grid.gap * (columns.count - 1)
    while widths.reduce(gaps, +) > width {
      let names = columns.indices.filter { columns[$0].isName && widths[$0] > Grid.narrowestName }
      guard let widest = names.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
    }
    let fitting = zip(columns, widths).map { $0.shortened(to: $1) }
    return (0...(columns.first?.cells.count ?? 0)).map { Grid.line($0, of: fitting) }
  }

  private func width(names: Int) -> Int {
    columns.reduce(-Grid.gap) { sum, column in
      sum + Grid.gap + (column.isName ? min(column.width, names) : column.width)
    }
  }

  /// One line, of which the title has the number 0 and the last column is not filled up.
  private static func line(_ row: Int, of columns: [Column]) -> [Piece] {
    var pieces: [Piece] = []
    var missing = 0
    for column in columns {
      let cell = row == 0 ? column.title : column.pieces(ofRow: row - 1)
      pieces.append(Piece(text: String(repeating: " ", count: missing)))
      pieces += cell
      let used = cell.reduce(0) { $0 + VisibleText.width($1.text) }
      missing = max(0, column.width - used) + gap
    }
    while let last = pieces.last, last.text.allSatisfy({ $0 == " " }) { pieces.removeLast() }
    return pieces
  }
}

extension Grid {
  /// A column of cells that are safe for a terminal, with the widths of their two halves.
  private struct Column {
    let group: Int
    let isName: Bool
    let cells: [Cell]
    let width: Int
    private let heading: String
    /// Columns of the figures, which end at the same place in each row; intervals begin there.
    private let lead: Int
    private let hasDetails: Bool

    init(_ column: Table.Column, _ cells: [Cell]) {
      self.init(
        group: column.group,
        isName: column.alignment == .left,
        heading: column.title,
        cells: cells.map(\.visible)
      )
    }

    private init(group: Int, isName: Bool, heading: String, cells: [Cell]) {
      self.group = group
      self.isName = isName
      self.heading = heading
      self.cells = cells
      hasDetails = cells.contains { !$0.detail.isEmpty }
      let headingWidth = VisibleText.width(heading)
      let widths = cells.map { VisibleText.width($0.text) }
      let tails = cells.map { VisibleText.width($0.tail) }
      if isName {
        lead = 0
        width = zip(widths, tails).reduce(headingWidth) { max($0, $1.0 + $1.1) }
      } else {
        lead = max(widths.max() ?? 0, hasDetails ? 0 : headingWidth)
        width = max(headingWidth, lead + (tails.max() ?? 0))
      }
    }

    var title: [Piece] {
      let filler = hasDetails || isName ? 0 : lead - VisibleText.width(heading)
      return [Piece(text: String(repeating: " ", count: filler) + heading, isBold: true)]
    }

    func pieces(ofRow row: Int) -> [Piece] {
      let cell = cells[row]
      let filler = max(0, lead - VisibleText.width(cell.text))
      return [
        Piece(text: String(repeating: " ", count: filler)),
        Piece(text: cell.text, tone: cell.tone, isBold: cell.isEmphasised),
        Piece(text: cell.tail),
      ]
    }

    /// The column with names of at most so many columns, still told apart where they differ.
    func shortened(to width: Int) -> Column {
      guard width < self.width else { return self }
      var owners: [String: String] = [:]
      let short = cells.map { cell -> Cell in
        let room = width - VisibleText.width(cell.tail)
        var name = VisibleText.truncated(cell.text, to: room)
        var number = 1
        while let owner = owners[name], owner != cell.text {
          number += 1
          let suffix = "~\(number)"
          name = VisibleText.truncated(cell.text, to: room - suffix.count) + suffix
        }
        owners[name] = cell.text
        var cell = cell
        cell.text = name
        return cell
      }
      return Column(group: group, isName: isName, heading: heading, cells: short)
    }
  }
}

private extension Cell {
  var visible: Cell {
    var cell = self
    cell.text = VisibleText.brief(text)
    return cell
  }

  /// What follows the figure: its interval and the marks of its footnotes.
  var tail: String { (detail.isEmpty ? "" : " " + detail) + marks }
}

/// A table as RFC 4180 writes it, read without the code under test.
struct CommaSeparated {
  var header: [String]
  var rows: [[String]]

  init(_ text: String) {
    var lines: [[String]] = [[]]
    var cell = ""
    var isQuoted = false
    var wasQuote = false
    for scalar in text.unicodeScalars {
      switch (scalar, isQuoted) {
      case ("\"", false):
        // A quote right behind a closing one stands for itself.
        if wasQuote { cell.unicodeScalars.append(scalar) }
        isQuoted = true
        wasQuote = false
        continue
      case ("\"", true):
        isQuoted = false
        wasQuote = true
        continue
      case (",", false):
        lines[lines.count - 1].append(cell)
        cell = ""
      case ("\r", false): break
      case ("\n", false):
        lines[lines.count - 1].append(cell)
        cell = ""
        lines.append([])
      default: cell.unicodeScalars.append(scalar)
      }
      wasQuote = false
    }
    header = lines.first ?? []
    rows = lines.dropFirst().filter { !$0.isEmpty }
  }

  /// The column of that name; nil where there is none.
  subscript(name: String) -> [String]? {
    header.firstIndex(of: name).map { column in rows.map { $0[column] } }
  }
}

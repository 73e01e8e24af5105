import TryoutCore

/// The rows of a csv, jsonl or json file, before they become cases.
struct CaseFile {
  enum Format: String {
    case csv, jsonl, json

    init?(path: String) {
      guard let dot = path.lastIndex(of: ".") else { return nil }
      self.init(rawValue: path[path.index(after: dot)...].lowercased())
    }
  }

  struct Row {
    /// How messages call it: `row 3`, `line 3`, `element 3`.
    var name: String
    var line: Int
    var values: [String: String]
  }

  struct Problem {
    var message: String
    var line: Int
    var expected: String?
  }

  /// The names of the columns in the order of their first appearance.
  private(set) var columns: [String] = []
  private(set) var rows: [Row] = []

  static func parse(_ text: String, as format: Format) -> (CaseFile, [Problem]) {
    var file = CaseFile()
    var problems: [Problem] = []
    switch format {
    case .csv: file.readCSV(text, &problems)
    case .jsonl: file.readLines(text, &problems)
    case .json: file.readArray(text, &problems)
    }
    return (file, problems)
  }

  private mutating func readCSV(_ text: String, _ problems: inout [Problem]) {
    let records: [CSV.Record]
    do throws(CSV.Malformed) {
      records = try CSV.records(in: text)
    } catch {
      problems.append(Problem(message: error.message, line: error.line, expected: error.expected))
      return
    }
    guard let header = records.first else { return }
    columns = header.fields
    for (index, name) in columns.enumerated() {
      if name.isEmpty {
        problems.append(
          Problem(
            message: "column \(index + 1) has no name",
            line: header.line,
            expected: "a header row with names"
          )
        )
      } else if columns[..<index].contains(name) {
        problems.append(
          Problem(
            message: "two columns are called \(quoted(name))",
            line: header.line,
            expected: "names of their own"
          )
        )
      }
    }
    guard problems.isEmpty else { return }
    for (index, record) in records.enumerated().dropFirst() {
      // The header is row 1, as in a spreadsheet.
      let name = "row \(index + 1)"
      if record.fields.count == columns.count {
        let values = Dictionary(uniqueKeysWithValues: zip(columns, record.fields))
        rows.append(Row(name: name, line: record.line, values: values))
      } else {
        problems.append(
          Problem(
            message: "\(name) has \(record.fields.count) fields",
            line: record.line,
            expected: "\(columns.count) as in the header"
          )
        )
      }
    }
  }

  private mutating func readLines(_ text: String, _ problems: inout [Problem]) {
    let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    for (index, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) {
      let name = "line \(index + 1)"
      guard let json = try? JSON(parsing: line.utf8), add(json, name: name, line: index + 1) else {
        problems.append(
          Problem(message: "\(name) is no JSON object", line: index + 1, expected: "one {…} a line")
        )
        continue
      }
    }
  }

  private mutating func readArray(_ text: String, _ problems: inout [Problem]) {
    guard let json = try? JSON(parsing: text.utf8), case .array(let elements) = json else {
      problems.append(
        Problem(message: "the file is no JSON array", line: 1, expected: "[{…}, {…}]")
      )
      return
    }
    for (index, element) in elements.enumerated() {
      let name = "element \(index + 1)"
      if !add(element, name: name, line: 1) {
        problems.append(
          Problem(message: "\(name) is no JSON object", line: 1, expected: "[{…}, {…}]")
        )
      }
    }
  }

  /// Strings as they are, everything else as canonical JSON; false where it is no object.
  private mutating func add(_ json: JSON, name: String, line: Int) -> Bool {
    guard case .object(let members) = json else { return false }
    for column in members.keys.sorted() where !columns.contains(column) { columns.append(column) }
    let values = members.mapValues { $0.text ?? $0.canonicalText }
    rows.append(Row(name: name, line: line, values: values))
    return true
  }
}

import TryoutCore

/// A case with where its parts are written, for the diagnostics about its variables.
struct WrittenCase {
  var value: Case
  var place: Place
  /// The checks of the case alone, with where they are written.
  var checks: [WrittenCheck]
  /// Where the variables are written that something should use.
  var variablePlaces: [String: Place]
}

extension Reader {
  mutating func readCases(_ cursor: Cursor?) {
    guard let cursor else {
      add(Case(id: "default"), at: Place(file: ""), checks: [], variablePlaces: [:])
      return
    }
    let expected = "a list of cases, or { from: FILE }"
    if cursor.isMap {
      readCaseFile(cursor)
    } else if let list = cursor.list(expected, mayBeEmpty: false) {
      for element in list {
        if element.isMap, element.entries("")?.contains(where: { $0.key == "from" }) == true {
          readCaseFile(element)
        } else {
          readInlineCase(element)
        }
      }
    } else {
      caseNames.isComplete = false
    }
  }

  private mutating func add(
    _ value: Case,
    at place: Place,
    checks: [WrittenCheck],
    variablePlaces: [String: Place]
  ) {
    var value = value
    value.checks = (suiteChecks + checks).map(\.check)
    caseNames.declare(value.id, at: place, collector: collector)
    cases.append(
      WrittenCase(value: value, place: place, checks: checks, variablePlaces: variablePlaces)
    )
  }

  private mutating func readInlineCase(_ cursor: Cursor) {
    guard let fields = cursor.fields(["id", "tags", "vars", "checks", "from", "id_field"]) else {
      caseNames.isComplete = false
      return
    }
    if let idField = fields["id_field"] {
      idField.error("id_field is for cases from a file", expected: "from: FILE beside it")
    }
    var value = Case(id: fields["id"]?.identifier() ?? "case-\(cases.count + 1)")
    value.tags = readTags(fields["tags"])
    var places: [String: Place] = [:]
    for entry in fields["vars"]?.entries("a map from names to values") ?? [] {
      guard let text = variableText(entry.value) else { continue }
      value.variables[entry.key] = text
      places[entry.key] = entry.keyPlace
    }
    let checks = fields["checks"].map { readChecks($0, after: suiteChecks) } ?? []
    add(value, at: cursor.place, checks: checks, variablePlaces: places)
  }

  /// Scalars as they are written, everything else as canonical JSON.
  private func variableText(_ cursor: Cursor) -> String? {
    cursor.isScalar ? cursor.text("a value") : cursor.json()?.canonicalText
  }

  private func readTags(_ cursor: Cursor?) -> [String] {
    cursor?.distinct("a list of tags") { $0.identifier() } ?? []
  }

  private mutating func readCaseFile(_ cursor: Cursor) {
    guard let fields = cursor.fields(["from", "id_field", "tags", "checks"]),
      let from = fields.require("from", "the path of a csv, jsonl or json file"),
      let written = folder.text(of: from, limit: SuiteFolder.mostCases)
    else {
      caseNames.isComplete = false
      return
    }
    guard let format = CaseFile.Format(path: written.name) else {
      from.error(
        "\(quoted(written.name)) is of no known format",
        expected: "a name that ends in .csv, .jsonl or .json"
      )
      caseNames.isComplete = false
      return
    }
    let (file, problems) = CaseFile.parse(written.text, as: format)
    for problem in problems {
      collector.error(
        problem.message,
        at: Place(file: written.name, line: problem.line),
        expected: problem.expected
      )
    }
    if !problems.isEmpty { caseNames.isComplete = false }
    guard !file.rows.isEmpty else {
      if problems.isEmpty {
        from.error("\(quoted(written.name)) holds no case", expected: "at least one")
      }
      caseNames.isComplete = false
      return
    }
    let tags = readTags(fields["tags"])
    let checks = fields["checks"].map { readChecks($0, after: suiteChecks) } ?? []
    var idColumn = file.columns.contains("id") ? "id" : nil
    if let cursor = fields["id_field"] {
      guard let name = column(cursor, of: file) else {
        caseNames.isComplete = false
        return
      }
      idColumn = name
    }
    for row in file.rows {
      let place = Place(file: written.name, line: row.line)
      let id = caseID(of: row, column: idColumn, at: place)
      var places: [String: Place] = [:]
      for name in row.values.keys where name != idColumn { places[name] = place }
      add(
        Case(id: id, tags: tags, variables: row.values),
        at: place,
        checks: checks,
        variablePlaces: places
      )
    }
  }

  private func column(_ cursor: Cursor, of file: CaseFile) -> String? {
    guard let name = cursor.text("the name of a column") else { return nil }
    guard file.columns.contains(name) else {
      cursor.error(
        "the file has no column \(quoted(name))",
        expected: "one of \(listed(file.columns))",
        advice: Suggestion.advice(for: name, among: file.columns)
      )
      return nil
    }
    return name
  }

  private func caseID(of row: CaseFile.Row, column: String?, at place: Place) -> String {
    let position = "case-\(cases.count + 1)"
    guard let column else { return position }
    guard let id = row.values[column] else {
      collector.error("\(row.name) has no \(column)", at: place, expected: "an id in every row")
      return position
    }
    guard let problem = identifierProblem(id) else { return id }
    collector.error("the \(column) of \(row.name) \(problem)", at: place, expected: "an id")
    return position
  }

  /// Says once how many cases nothing grades.
  func warnOfUncheckedCases(at cursor: Cursor) {
    let unchecked = cases.filter(\.value.checks.isEmpty).map(\.value.id)
    guard !unchecked.isEmpty, caseNames.isComplete else { return }
    cursor.warning(
      unchecked.count == cases.count
        ? "no case has a check: any answer is taken for a good one"
        : "\(unchecked.count) of \(cases.count) cases have no check: \(listed(unchecked))",
      advice: "add checks: [not_empty] or better ones"
    )
  }
}

import TryoutCore

/// A check with where it is written, for the diagnostics about its variables.
struct WrittenCheck {
  var check: Check
  var place: Place
}

extension Reader {
  private static let testNames = [
    "equals", "one_of", "contains", "not_contains", "starts_with", "ends_with", "regex",
    "not_regex", "json", "json_schema", "json_path", "max_chars", "min_chars", "max_words",
    "finish", "not_empty", "not_refusal", "number", "judge", "command", "all", "any", "not",
  ]

  /// Tests that need no value, and may be written as a bare string.
  private static let nullary: [String: Check.Test] = [
    "json": .json, "not_empty": .notEmpty, "not_refusal": .notRefusal,
  ]

  /// The keys that belong to one test only.
  private static let companions = [
    "json_path": ["equals", "one_of"], "number": ["tolerance"], "judge": ["at_least"],
    "command": ["timeout"],
  ]

  /// Reads a list of checks, whose ids must differ from those of `earlier` too.
  ///
  /// Checks that cannot be read stay in the list, so that nothing seems to be unchecked.
  mutating func readChecks(_ cursor: Cursor, after earlier: [WrittenCheck] = []) -> [WrittenCheck] {
    var names = Names("check")
    for check in earlier {
      names.declare(check.check.id, at: check.place, collector: collector)
    }
    let elements = cursor.list("a list of checks") ?? []
    var written: [(check: Check, kind: String, place: Place)] = []
    for element in elements {
      let (check, kind) = readCheck(element)
      if !check.id.isEmpty {
        names.declare(check.id, at: element.place, collector: collector)
      }
      written.append((check, kind, element.place))
    }
    return written.map { check, kind, place in
      var check = check
      if check.id.isEmpty {
        check.id = kind
        var count = 1
        while names.places[check.id] != nil {
          count += 1
          check.id = "\(kind)-\(count)"
        }
        names.declare(check.id, at: place, collector: collector)
      }
      return WrittenCheck(check: check, place: place)
    }
  }

  /// A check and the name of its test; the id is empty where none is written.
  private mutating func readCheck(_ cursor: Cursor) -> (Check, kind: String) {
    guard cursor.isMap else {
      let (test, kind) = bareTest(cursor)
      return (Check(id: "", test), kind)
    }
    let (fields, test, kind) = readTest(cursor, besides: ["id", "severity", "weight"])
    var check = Check(id: fields?["id"]?.identifier() ?? "", test)
    if let severity = fields?["severity"]?.choice(Check.Severity.self) {
      check.severity = severity
    }
    if let cursor = fields?["weight"] {
      let expected = "a number above zero such as 2 or 0.5"
      if let weight = cursor.number(1e-6...1e6, expected) { check.weight = weight }
      if check.severity == .info {
        cursor.warning(
          "\(cursor.path) has no effect",
          advice: "checks with severity: info do not count"
        )
      }
    }
    return (check, kind)
  }

  /// What stands for a test that could not be read.
  private static let unreadable = Check.Test.notEmpty

  private func bareTest(_ cursor: Cursor) -> (Check.Test, kind: String) {
    guard let name = cursor.text("a check") else { return (Reader.unreadable, "check") }
    if let test = Reader.nullary[name] { return (test, name) }
    if Reader.testNames.contains(name) {
      cursor.error("the check \(name) has no value", expected: "\(name): VALUE")
    } else {
      cursor.error(
        "unknown check \(quoted(name))",
        expected: "one of \(listedTests)",
        advice: Suggestion.advice(for: name, among: Reader.testNames)
      )
    }
    return (Reader.unreadable, "check")
  }

  private var listedTests: String { Reader.testNames.joined(separator: ", ") }

  /// The one test of a map, which may also hold the test's companions and the keys `besides`.
  private mutating func readTest(
    _ cursor: Cursor,
    besides: [String]
  ) -> (Fields?, Check.Test, kind: String) {
    guard let entries = cursor.entries("a check") else { return (nil, Reader.unreadable, "check") }
    var kinds = entries.map(\.key).filter(Reader.testNames.contains)
    if kinds.contains("json_path") { kinds.removeAll { $0 == "equals" || $0 == "one_of" } }
    guard let kind = kinds.first else {
      let unknown = entries.first { !besides.contains($0.key) }
      collector.error(
        unknown.map { "unknown check \(quoted($0.key)) in \(cursor.path)" }
          ?? "\(cursor.path) tests nothing",
        at: unknown?.keyPlace ?? cursor.place,
        expected: "one of \(listedTests)",
        advice: unknown.flatMap { Suggestion.advice(for: $0.key, among: Reader.testNames) }
      )
      return (Fields(cursor: cursor, entries: entries), Reader.unreadable, "check")
    }
    if kinds.count > 1 {
      cursor.error(
        "\(cursor.path) has the tests \(kinds.joined(separator: " and "))",
        expected: "one test",
        advice: "write a check for each, or all: [...]"
      )
      return (Fields(cursor: cursor, entries: entries), Reader.unreadable, kind)
    }
    let keys = besides + [kind] + (Reader.companions[kind] ?? [])
    guard let fields = cursor.fields(keys), let value = fields[kind] else {
      return (nil, Reader.unreadable, kind)
    }
    return (fields, test(kind, value, fields) ?? Reader.unreadable, kind)
  }

  private mutating func test(_ kind: String, _ value: Cursor, _ fields: Fields) -> Check.Test? {
    if let test = Reader.nullary[kind] {
      return value.choice(among: ["true"]).map { _ in test }
    }
    switch kind {
    case "equals": return template(value).map { .equals($0) }
    case "one_of":
      return templates(value.list("a list of texts", mayBeEmpty: false)).map { .oneOf($0) }
    case "contains": return templates(value.listOrOne("a text or a list")).map { .contains($0) }
    case "not_contains":
      return templates(value.listOrOne("a text or a list")).map { .notContains($0) }
    case "starts_with": return template(value).map { .startsWith($0) }
    case "ends_with": return template(value).map { .endsWith($0) }
    case "regex": return pattern(value).map { .regex($0) }
    case "not_regex": return pattern(value).map { .notRegex($0) }
    case "json_schema": return schema(value).map { .jsonSchema($0) }
    case "json_path": return jsonPath(value, fields)
    case "max_chars": return value.integer(1...10_000_000).map { .maxChars($0) }
    case "min_chars": return value.integer(1...10_000_000).map { .minChars($0) }
    case "max_words": return value.integer(1...10_000_000).map { .maxWords($0) }
    case "finish":
      return .finish(value.distinct("a finish reason such as stop") { $0.identifier() })
    case "number": return numberTest(value, fields["tolerance"])
    case "judge": return judgeTest(value, fields)
    case "command":
      let words = value.listOrOne("a program and its arguments") ?? []
      let program = Check.Program(
        words.compactMap { $0.text("a program or an argument") },
        limit: fields["timeout"]?.duration() ?? Check.Program.usualLimit
      )
      return program.words.isEmpty ? nil : .command(program)
    case "all": return nested(value).map { .all($0) }
    case "any": return nested(value).map { .any($0) }
    case "not": return .not(value.isMap ? readTest(value, besides: []).1 : bareTest(value).0)
    default: return nil
    }
  }

  private func template(_ cursor: Cursor) -> Template? {
    cursor.text("a text", mayBeEmpty: false).map { Template($0) }
  }

  private func templates(_ cursors: [Cursor]?) -> [Template]? {
    cursors.map { $0.compactMap(template) }
  }

  private func jsonPath(_ cursor: Cursor, _ fields: Fields) -> Check.Test? {
    let expected = "a path such as $.team or $.items[0].name"
    guard let path = cursor.quantity(expected, { JSONPath($0) }) else { return nil }
    switch (fields["equals"], fields["one_of"]) {
    case (nil, nil): return .jsonPath(path, .exists)
    case (let equals?, nil): return operand(equals).map { .jsonPath(path, .equals($0)) }
    case (nil, let oneOf?):
      let operands = (oneOf.list("a list of values", mayBeEmpty: false) ?? []).compactMap(operand)
      return .jsonPath(path, .oneOf(operands))
    case (_?, let oneOf?):
      oneOf.error("\(fields.cursor.path) has both equals and one_of", expected: "one of them")
      return nil
    }
  }

  private func operand(_ cursor: Cursor) -> Check.JSONOperand? {
    guard let json = cursor.json() else { return nil }
    return json.text.map { .template(Template($0)) } ?? .value(json)
  }

  private func numberTest(_ cursor: Cursor, _ tolerance: Cursor?) -> Check.Test? {
    let number = cursor.quantity("a number such as 42 or \"{{ answer }}\"") { text in
      let template = Template(text)
      return template.variables.isEmpty && Units.number(text) == nil ? nil : template
    }
    let most = tolerance?.number(0...1e300, "a number from 0")
    return number.map { .number($0, tolerance: most ?? 0) }
  }

  private mutating func judgeTest(_ cursor: Cursor, _ fields: Fields) -> Check.Test? {
    let judge = judgeNames.reference(cursor)
    let least = fields.require("at_least", "at_least: 0.7")?.share()
    guard let judge, let least else { return nil }
    return .judge(judge, atLeast: least)
  }

  private mutating func nested(_ cursor: Cursor) -> [Check.Test]? {
    guard let elements = cursor.list("a list of checks", mayBeEmpty: false) else { return nil }
    return elements.map { $0.isMap ? readTest($0, besides: []).1 : bareTest($0).0 }
  }
}

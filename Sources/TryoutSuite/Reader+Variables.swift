import TryoutCore

extension Reader {
  /// Compares the names in prompts and checks with what the cases define.
  func checkVariables() {
    guard promptNames.isComplete, caseNames.isComplete else { return }
    var used: Set<String> = []
    for written in prompts {
      let prompt = written.prompt
      let names = Set((prompt.system?.variables ?? []) + prompt.user.variables)
      used.formUnion(names)
      refuseUnknown(names, in: "prompt \(quoted(prompt.id))", at: written.place, cases: cases) {
        isPlanned(prompt: prompt.id, caseID: $0)
      }
    }
    for written in suiteChecks {
      let names = Set(written.check.test.variables)
      used.formUnion(names)
      refuseUnknown(
        names,
        in: "check \(quoted(written.check.id))",
        at: written.place,
        cases: cases
      )
    }
    for written in cases {
      for check in written.checks {
        let names = Set(check.check.test.variables)
        used.formUnion(names)
        refuseUnknown(
          names,
          in: "check \(quoted(check.check.id))",
          at: check.place,
          cases: [written]
        )
      }
    }
    warnOfUnused(besides: used)
  }

  private func refuseUnknown(
    _ names: Set<String>,
    in user: String,
    at place: Place,
    cases: [WrittenCase],
    isPlanned: (String) -> Bool = { _ in true }
  ) {
    for name in names.sorted() {
      let without = cases.filter { $0.value.variables[name] == nil && isPlanned($0.value.id) }
      guard let first = without.first else { continue }
      let ids = without.map(\.value.id)
      let known = first.value.variables.keys.sorted()
      collector.error(
        "the \(user) uses {{ \(name) }}, which \(ids.count == 1 ? "the case" : "the cases") "
          + "\(listed(ids.map(quoted))) \(ids.count == 1 ? "does" : "do") not define",
        at: place,
        expected: known.isEmpty ? "vars: in every case" : "one of \(listed(known))",
        advice: Suggestion.advice(for: name, among: known)
      )
    }
  }

  private func warnOfUnused(besides used: Set<String>) {
    var told = used
    for written in cases {
      for (name, place) in written.variablePlaces.sorted(by: { $0.key < $1.key })
      where told.insert(name).inserted {
        collector.warning(
          "no prompt or check uses the variable \(quoted(name))",
          at: place,
          advice: "write {{ \(name) }} where it belongs"
        )
      }
    }
  }
}

extension Check.Test {
  /// The names of all places in the test's templates.
  var variables: [String] {
    switch self {
    case .equals(let template), .startsWith(let template), .endsWith(let template),
      .number(let template, _):
      template.variables
    case .oneOf(let templates), .contains(let templates), .notContains(let templates):
      templates.flatMap(\.variables)
    case .jsonPath(_, .equals(let operand)): operand.variables
    case .jsonPath(_, .oneOf(let operands)): operands.flatMap(\.variables)
    case .all(let tests), .any(let tests): tests.flatMap(\.variables)
    case .not(let test): test.variables
    case .jsonPath(_, .exists), .regex, .notRegex, .json, .jsonSchema, .maxChars, .minChars,
      .maxWords, .finish, .notEmpty, .notRefusal, .judge, .command:
      []
    }
  }
}

extension Check.JSONOperand {
  /// The names of all places, where the value is a template.
  var variables: [String] {
    if case .template(let template) = self { template.variables } else { [] }
  }
}

extension Suite {
  /// What the suite asks for and this version cannot carry out, a sentence each.
  ///
  /// A run refuses such a suite instead of leaving parts of it out.
  package var unsupported: [String] {
    var sentences: [String] = []
    if !judges.isEmpty {
      sentences.append("judges: answers cannot be graded by another model yet; remove `judges`.")
    }
    let tests = cases.flatMap(\.checks).flatMap { check in
      check.test.parts.compactMap { $0.unsupportedName.map { (check.id, $0) } }
    }
    var seen: Set<String> = []
    for (id, name) in tests where seen.insert(id).inserted {
      sentences.append("check \(id): `\(name)` cannot be carried out yet; remove it.")
    }
    if recommendation != nil {
      sentences.append("recommend: no default can be recommended yet; remove `recommend`.")
    }
    for format in reportFormats where format == "html" || format == "junit" {
      sentences.append("report.formats: `\(format)` cannot be written yet; remove it.")
    }
    return sentences
  }
}

private extension Check.Test {
  /// The test and everything inside it.
  var parts: [Check.Test] {
    switch self {
    case .all(let tests), .any(let tests): [self] + tests.flatMap(\.parts)
    case .not(let test): [self] + test.parts
    default: [self]
    }
  }

  var unsupportedName: String? {
    switch self {
    case .jsonSchema: "json_schema"
    case .judge: "judge"
    case .command: "command"
    default: nil
    }
  }
}

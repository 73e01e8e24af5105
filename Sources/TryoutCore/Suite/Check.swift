/// One question about an answer.
package struct Check: Sendable, Hashable, Codable {
  package enum Severity: String, Sendable, Codable, CaseIterable {
    /// A failing one fails the sample.
    case must
    /// Counts in the score by its weight.
    case score
    /// Is told and changes nothing.
    case info
  }

  package var id: String
  package var test: Test
  package var severity: Severity
  package var weight: Double

  package init(id: String, _ test: Test, severity: Severity = .must, weight: Double = 1) {
    self.id = id
    self.test = test
    self.severity = severity
    self.weight = weight
  }

  /// What is asked.
  ///
  /// Templates are filled with the case's variables before they are compared.
  package indirect enum Test: Sendable, Hashable, Codable {
    /// Comparisons trim white space around the answer.
    case equals(Template)
    case oneOf([Template])
    case contains([Template])
    case notContains([Template])
    case startsWith(Template)
    case endsWith(Template)
    case regex(Pattern)
    case notRegex(Pattern)
    /// The whole answer is one JSON value.
    case json
    /// The whole answer is one JSON value that fits the schema.
    case jsonSchema(JSONSchema)
    case jsonPath(JSONPath, JSONExpectation)
    case maxChars(Int)
    case minChars(Int)
    case maxWords(Int)
    case finish([String])
    case notEmpty
    case notRefusal
    /// The last number in the answer is within the tolerance of this one.
    case number(Template, tolerance: Double)
    /// The judge of that id gives at least that score.
    case judge(String, atLeast: Double)
    case command(Program)
    case all([Test])
    case any([Test])
    case not(Test)
  }

  /// A program of the user's that grades: it gets the answer as JSON on stdin, and its exit says how it went.
  package struct Program: Sendable, Hashable, Codable {
    /// The program and its arguments; no shell reads them.
    package var words: [String]
    /// When it is killed.
    package var limit: Duration

    package init(_ words: [String], limit: Duration = Program.usualLimit) {
      self.words = words
      self.limit = limit
    }

    package static let usualLimit = Duration.seconds(10)
  }

  /// What the value at a JSON path must be.
  package enum JSONExpectation: Sendable, Hashable, Codable {
    case exists
    case equals(JSONOperand)
    case oneOf([JSONOperand])
  }

  /// A value to compare with: strings are templates, everything else is compared as JSON.
  package enum JSONOperand: Sendable, Hashable, Codable {
    case template(Template)
    case value(JSON)
  }
}

extension Check.Test {
  /// The test and everything inside it.
  package var parts: [Check.Test] {
    switch self {
    case .all(let tests), .any(let tests): [self] + tests.flatMap(\.parts)
    case .not(let test): [self] + test.parts
    default: [self]
    }
  }

  /// Whether somebody else must be asked: a judge or a program.
  var asksOthers: Bool {
    switch self {
    case .judge, .command: true
    default: false
    }
  }
}

extension Case {
  /// The tests of its checks that judges and programs decide.
  package var testsOfOthers: [Check.Test] {
    checks.flatMap { $0.test.parts.filter(\.asksOthers) }
  }
}

extension Suite {
  /// Whether any answer is graded by judges or programs, once the run's own samples are through.
  package var asksOthers: Bool {
    cases.contains { item in item.checks.contains { $0.test.parts.contains(where: \.asksOthers) } }
  }

  /// The programs that checks run, each once.
  package var programs: [Check.Program] {
    var programs: [Check.Program] = []
    for case .command(let program) in cases.flatMap(\.testsOfOthers)
    where !programs.contains(program) {
      programs.append(program)
    }
    return programs
  }
}

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
    case judge(String, atLeast: Double)
    case command([String])
    case all([Test])
    case any([Test])
    case not(Test)
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

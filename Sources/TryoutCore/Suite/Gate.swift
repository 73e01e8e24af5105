/// A limit on an aggregate, which decides the exit code.
package struct Gate: Sendable, Hashable, Codable {
  package enum Comparison: String, Sendable, Codable {
    case atMost = "at_most"
    case atLeast = "at_least"
    case equal

    /// The sign as shorthands write it.
    package var sign: String {
      switch self {
      case .atMost: "<="
      case .atLeast: ">="
      case .equal: "=="
      }
    }
  }

  /// Which interval is held against the limit.
  package enum Bound: String, Sendable, Codable, CaseIterable {
    /// Two-sided, 95 %.
    case interval
    /// One-sided, 95 %: the lower bound decides, and the upper one for the opposite verdict.
    case lower95, upper95
    /// The estimate itself, without regard to chance.
    case estimate
  }

  package enum Severity: String, Sendable, Codable, CaseIterable { case fail, warn }

  package var id: String
  package var metric: Metric
  package var comparison: Comparison
  /// In the metric's unit: seconds, shares, US dollars, ratios.
  package var limit: Double
  /// The limit as the suite writes it.
  package var limitText: String
  package var bound: Bound
  package var severity: Severity
  package var filter: Filter
  /// The baseline it is relative to; nil for an absolute gate.
  package var against: String?
  package var paired: Bool

  package init(
    id: String, metric: Metric, _ comparison: Comparison, _ limit: Double, text: String,
    bound: Bound = .interval, severity: Severity = .fail, filter: Filter = Filter(),
    against: String? = nil, paired: Bool = false
  ) {
    self.id = id
    self.metric = metric
    self.comparison = comparison
    self.limit = limit
    self.limitText = text
    self.bound = bound
    self.severity = severity
    self.filter = filter
    self.against = against
    self.paired = paired
  }

  /// Which samples a gate looks at; nil matches everything.
  package struct Filter: Sendable, Hashable, Codable {
    package var target: String?
    package var prompt: String?
    package var caseID: String?
    package var tag: String?

    package init(
      target: String? = nil, prompt: String? = nil, caseID: String? = nil, tag: String? = nil
    ) {
      self.target = target
      self.prompt = prompt
      self.caseID = caseID
      self.tag = tag
    }
  }
}

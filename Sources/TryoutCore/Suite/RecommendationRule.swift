/// How a default is to be chosen from the results: `recommend:` of a suite.
package struct RecommendationRule: Sendable, Hashable, Codable {
  /// What a fallback must not share with the default and the fallbacks before it.
  package enum Difference: String, Sendable, Codable, CaseIterable {
    /// Who serves the model.
    case upstream
    /// The house that made the model, or its family name.
    case family
  }

  /// The target that is the default now; nil means the suite's first.
  package var current: String?
  /// The gates that a target must pass.
  package var eligible: [String]
  /// Ranking keys; the next one decides only inside a statistical tie.
  package var rankBy: [Metric]
  package var fallbackLength: Int
  package var differIn: [Difference]

  package init(
    current: String? = nil, eligible: [String] = [], rankBy: [Metric] = [],
    fallbackLength: Int = 0, differIn: [Difference] = []
  ) {
    self.current = current
    self.eligible = eligible
    self.rankBy = rankBy
    self.fallbackLength = fallbackLength
    self.differIn = differIn
  }
}

extension Metric {
  /// Whether more of it is better.
  package var isBetterWhenLarger: Bool {
    switch self {
    case .answered, .passRate, .score, .firstTryRate: true
    case .clock(.decodeRate, _), .paired(.decodeRate): true
    default: false
    }
  }
}

/// Grades answers by the deterministic checks of a case.
package enum Grader {
  /// What one check says about an answer.
  package enum Finding: Sendable, Equatable {
    case passed
    case failed(String)
    /// Passed or failed with a share between 0 and 1, and why.
    case rated(Double, passes: Bool, String)
    /// The check could not be carried out; the answer is neither right nor wrong.
    case ungraded(String)
  }

  /// What judges and programs say of one answer, by the test that asks them.
  package typealias Opinions = [Check.Test: Finding]

  /// The outcome of an answered sample.
  ///
  /// It fails where a `must` check fails and passes where every `must` check passes; one that could not be carried out
  /// leaves it ungraded. The score is the weighted share of the `score` checks, or of the `must` checks where nothing
  /// else is scored, and nil while any of them could not be carried out.
  package static func grade(
    _ exchange: Exchange, of item: Case, opinions: Opinions = [:]
  ) -> Grade {
    var reasons: [String] = []
    /// Why nothing is known of checks that count.
    var gaps: [String] = []
    var hasFailed = false
    var isUngraded = !item.isGraded
    var isScored = true
    var weights = (scored: 0.0, got: 0.0)
    let scoring: Check.Severity =
      item.checks.contains { $0.severity == .score } ? .score : .must
    for check in item.checks {
      let finding = examine(
        check.test, exchange, variables: item.variables, opinions: opinions)
      if let why = finding.reason {
        let isGap = finding.isUngraded && check.severity != .info
        let told = "\(check.id): \(why)"
        if isGap { gaps.append(told) } else { reasons.append(told) }
      }
      if check.severity == scoring {
        weights.scored += check.weight
        weights.got += check.weight * finding.share
        if finding.isUngraded { isScored = false }
      }
      guard check.severity == .must else { continue }
      if finding.isUngraded { isUngraded = true }
      if finding.isFailed { hasFailed = true }
    }
    let score = isScored && weights.scored > 0 ? weights.got / weights.scored : nil
    // The first reason is what the grade rests on.
    if hasFailed { return Grade(.fail, score: score, reasons: reasons + gaps) }
    return Grade(isUngraded ? .ungraded : .pass, score: score, reasons: gaps + reasons)
  }

  /// Holds one test against an answer.
  package static func examine(
    _ test: Check.Test, _ exchange: Exchange, variables: [String: String],
    opinions: Opinions = [:]
  ) -> Finding {
    Examination(exchange: exchange, variables: variables, opinions: opinions).examine(test)
  }
}

extension Case {
  /// Whether any check demands something of an answer; without one it stays ungraded.
  package var isGraded: Bool { checks.contains { $0.severity != .info } }
}

extension Suite {
  /// Ids of the cases whose checks demand something of an answer.
  package var gradedCases: Set<String> { Set(cases.filter(\.isGraded).map(\.id)) }

  /// Ids of the cases whose answers an earlier version of the suite graded otherwise, or did not have.
  package func casesToRegrade(since earlier: Suite) -> Set<String> {
    let before = Dictionary(
      earlier.cases.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let changed = cases.filter { item in
      // Checks may name variables that no prompt does.
      before[item.id].map { $0.checks != item.checks || $0.variables != item.variables } ?? true
    }
    return Set(changed.map(\.id))
  }
}

extension Grader.Finding {
  var isPassed: Bool {
    switch self {
    case .passed, .rated(_, passes: true, _): true
    default: false
    }
  }

  var isFailed: Bool {
    switch self {
    case .failed, .rated(_, passes: false, _): true
    default: false
    }
  }

  var isUngraded: Bool { if case .ungraded = self { true } else { false } }

  /// What of a check's weight the answer gets.
  var share: Double {
    switch self {
    case .passed: 1
    case .rated(let share, _, _): share
    case .failed, .ungraded: 0
    }
  }

  /// Why the check did not pass; nil where it did.
  var reason: String? {
    switch self {
    case .passed, .rated(_, passes: true, _): nil
    case .failed(let why), .ungraded(let why), .rated(_, passes: false, let why): why
    }
  }
}

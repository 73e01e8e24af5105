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
  /// It fails where a `must` check fails and passes where every `must` and `score` check could be carried out. The score
  /// is the weighted share of the `score` checks, or of the `must` checks where nothing else is scored.
  ///
  /// What others have not said yet leaves the sample ungraded.
  package static func grade(
    _ exchange: Exchange, of item: Case, opinions: Opinions = [:]
  ) -> Grade {
    var reasons: [String] = []
    var hasFailed = false
    var isUngraded = false
    var weights = (scored: 0.0, got: 0.0)
    let scoring: Check.Severity =
      item.checks.contains { $0.severity == .score } ? .score : .must
    for check in item.checks {
      let finding = examine(
        check.test, exchange, variables: item.variables, opinions: opinions)
      if let why = finding.reason { reasons.append("\(check.id): \(why)") }
      if check.severity == scoring {
        weights.scored += check.weight
        weights.got += check.weight * finding.share
      }
      guard check.severity != .info else { continue }
      if finding.isUngraded { isUngraded = true }
      if check.severity == .must, finding.isFailed { hasFailed = true }
    }
    let score = weights.scored > 0 ? weights.got / weights.scored : nil
    if hasFailed { return Grade(.fail, score: score, reasons: reasons) }
    let demandsNothing = item.checks.allSatisfy { $0.severity == .info }
    if isUngraded || demandsNothing { return Grade(.ungraded, reasons: reasons) }
    return Grade(.pass, score: score, reasons: reasons)
  }

  /// Holds one test against an answer.
  package static func examine(
    _ test: Check.Test, _ exchange: Exchange, variables: [String: String],
    opinions: Opinions = [:]
  ) -> Finding {
    Examination(exchange: exchange, variables: variables, opinions: opinions).examine(test)
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

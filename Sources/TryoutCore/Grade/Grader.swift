/// Grades answers by the deterministic checks of a case.
package enum Grader {
  /// What one check says about an answer.
  package enum Finding: Sendable, Equatable {
    case passed
    case failed(String)
    /// The check could not be carried out; the answer is neither right nor wrong.
    case ungraded(String)
  }

  /// The outcome of an answered sample.
  ///
  /// It fails where a `must` check fails and passes where every `must` and `score` check could be carried out. The score
  /// is the weighted share of the `score` checks, or of the `must` checks where nothing else is scored.
  package static func grade(_ exchange: Exchange, of item: Case) -> Grade {
    var reasons: [String] = []
    var hasFailed = false
    var isUngraded = false
    var weights = (scored: 0.0, got: 0.0)
    let scoring: Check.Severity =
      item.checks.contains { $0.severity == .score } ? .score : .must
    for check in item.checks {
      let finding = examine(check.test, exchange, variables: item.variables)
      if case .failed(let why) = finding { reasons.append("\(check.id): \(why)") }
      if case .ungraded(let why) = finding { reasons.append("\(check.id): \(why)") }
      if check.severity == scoring {
        weights.scored += check.weight
        if finding == .passed { weights.got += check.weight }
      }
      guard check.severity != .info else { continue }
      if case .ungraded = finding { isUngraded = true }
      if check.severity == .must, case .failed = finding { hasFailed = true }
    }
    let score = weights.scored > 0 ? weights.got / weights.scored : nil
    if hasFailed { return Grade(.fail, score: score, reasons: reasons) }
    let demandsNothing = item.checks.allSatisfy { $0.severity == .info }
    if isUngraded || demandsNothing { return Grade(.ungraded, reasons: reasons) }
    return Grade(.pass, score: score, reasons: reasons)
  }

  /// Holds one test against an answer.
  package static func examine(
    _ test: Check.Test, _ exchange: Exchange, variables: [String: String]
  ) -> Finding {
    Examination(exchange: exchange, variables: variables).examine(test)
  }
}

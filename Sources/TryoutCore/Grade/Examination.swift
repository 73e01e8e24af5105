/// One answer under examination, with the case's variables that templates in checks are filled with, and what others
/// have said of it.
struct Examination {
  let exchange: Exchange
  let variables: [String: String]
  let opinions: Grader.Opinions

  private var answer: String { exchange.answer }
  private var trimmed: String { answer.trimmed }

  func examine(_ test: Check.Test) -> Grader.Finding {
    switch test {
    case .all, .any, .not: combine(test)
    case .json, .jsonPath: examineJSON(test)
    case .maxChars, .minChars, .maxWords: examineLength(test)
    case .regex(let pattern): match(pattern, wanted: true)
    case .notRegex(let pattern): match(pattern, wanted: false)
    case .finish(let reasons): finish(reasons)
    case .number(let expected, let tolerance): number(expected, tolerance)
    case .jsonSchema(let schema): schema.examine(answer)
    case .judge(let judge, _): opinions[test] ?? .ungraded("\(judge) has not judged yet")
    case .command: opinions[test] ?? .ungraded("the program has not run yet")
    default: examineText(test)
    }
  }

  private func examineText(_ test: Check.Test) -> Grader.Finding {
    switch test {
    case .equals(let expected):
      let text = fill(expected).trimmed
      return verdict(trimmed == text, "is not \(quote(text))")
    case .oneOf(let choices):
      let texts = choices.map { fill($0).trimmed }
      return verdict(
        texts.contains(trimmed), "is none of \(texts.map(quote).joined(separator: ", "))")
    case .contains(let pieces):
      let missing = pieces.map(fill).filter { !answer.contains($0) }
      return verdict(
        missing.isEmpty, "does not contain \(missing.map(quote).joined(separator: ", "))")
    case .notContains(let pieces):
      let found = pieces.map(fill).filter { answer.contains($0) }
      return verdict(found.isEmpty, "contains \(found.map(quote).joined(separator: ", "))")
    case .startsWith(let start):
      return verdict(trimmed.hasPrefix(fill(start)), "does not start with \(quote(fill(start)))")
    case .endsWith(let end):
      return verdict(trimmed.hasSuffix(fill(end)), "does not end with \(quote(fill(end)))")
    case .notEmpty:
      return verdict(!trimmed.isEmpty, "is empty")
    default:
      return verdict(!Refusal.isLikely(in: answer), "looks like a refusal")
    }
  }

  private func examineLength(_ test: Check.Test) -> Grader.Finding {
    let count = answer.count
    return switch test {
    case .maxChars(let most): verdict(count <= most, "has \(count) characters, at most \(most)")
    case .minChars(let least): verdict(count >= least, "has \(count) characters, at least \(least)")
    case .maxWords(let most): words(atMost: most)
    default: .passed
    }
  }

  private func words(atMost most: Int) -> Grader.Finding {
    let words = answer.split(whereSeparator: \.isWhitespace).count
    return verdict(words <= most, "has \(words) words, at most \(most)")
  }

  private func examineJSON(_ test: Check.Test) -> Grader.Finding {
    guard let value = try? JSON(parsing: trimmed.utf8) else { return .failed("is not JSON") }
    guard case .jsonPath(let path, let expectation) = test else { return .passed }
    guard let found = path.value(in: value) else { return .failed("has nothing at \(path.text)") }
    let wanted: [Check.JSONOperand]
    switch expectation {
    case .exists: return .passed
    case .equals(let operand): wanted = [operand]
    case .oneOf(let operands): wanted = operands
    }
    let matches = wanted.contains { equals(found, $0) }
    return verdict(matches, "has \(quote(found.canonicalText)) at \(path.text)")
  }

  /// Numbers are equal by value; text is compared with a filled template, also where the JSON holds a number.
  private func equals(_ found: JSON, _ operand: Check.JSONOperand) -> Bool {
    switch operand {
    case .value(let value):
      if let left = found.double, let right = value.double { return left == right }
      return found == value
    case .template(let template):
      let text = fill(template)
      return (found.text ?? found.canonicalText) == text
    }
  }

  private func match(_ pattern: Pattern, wanted: Bool) -> Grader.Finding {
    switch pattern.occurs(in: answer) {
    case .some(let found) where found == wanted: .passed
    case .some: .failed(wanted ? "does not match /\(pattern.text)/" : "matches /\(pattern.text)/")
    case .none: .ungraded("/\(pattern.text)/ is too much work on this answer")
    }
  }

  private func finish(_ reasons: [String]) -> Grader.Finding {
    let reason = exchange.finishReason
    return verdict(
      reason.map(reasons.contains) ?? false,
      "finished with \(reason.map(quote) ?? "no reason")")
  }

  private func number(_ expected: Template, _ tolerance: Double) -> Grader.Finding {
    guard let wanted = Double(fill(expected).trimmed) else {
      return .ungraded("\(quote(fill(expected))) is not a number")
    }
    guard let found = LastNumber.find(in: answer) else { return .failed("holds no number") }
    return verdict(abs(found - wanted) <= tolerance, "says \(found), not \(fill(expected))")
  }

  private func combine(_ test: Check.Test) -> Grader.Finding {
    switch test {
    case .all(let tests):
      let findings = tests.map(examine)
      return findings.first(where: \.isFailed) ?? findings.first(where: \.isUngraded) ?? .passed
    case .any(let tests):
      let findings = tests.map(examine)
      if let passed = findings.first(where: \.isPassed) { return passed }
      if let ungraded = findings.first(where: \.isUngraded) { return ungraded }
      return .failed("meets none of \(tests.count) alternatives")
    case .not(let inner):
      return switch examine(inner) {
      case .passed, .rated(_, passes: true, _): .failed("meets what it must not")
      case .failed, .rated(_, passes: false, _): .passed
      case .ungraded(let why): .ungraded(why)
      }
    default: return .passed
    }
  }

  private func fill(_ template: Template) -> String { template.rendered(with: variables) }

  private func verdict(_ passes: Bool, _ reason: @autoclosure () -> String) -> Grader.Finding {
    passes ? .passed : .failed(reason())
  }

  private func quote(_ text: String) -> String {
    text.count > 60 ? "“\(text.prefix(60))…”" : "“\(text)”"
  }
}

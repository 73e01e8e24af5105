import TryoutCore

extension Reader {
  /// More planned samples than this are a mistake.
  private static let mostSamples = 10_000_000

  /// Reads the exclusions, and refuses a plan that is empty or beyond all measure.
  mutating func readMatrix(_ cursor: Cursor?, samples: Int, at root: Cursor) {
    if let list = cursor?.fields(["exclude"])?["exclude"]?.list("a list of combinations") {
      for element in list { readExclusion(element).map { exclusions.append($0) } }
    }
    guard targetNames.isComplete, promptNames.isComplete, caseNames.isComplete else { return }
    let combinations = [targets.count, prompts.count, cases.count, samples].reduce(1) {
      $0.multipliedReportingOverflow(by: $1).overflow ? .max : $0 * $1
    }
    guard combinations <= Reader.mostSamples else {
      root.error(
        "\(targets.count) targets × \(prompts.count) prompts × \(cases.count) cases × "
          + "\(samples) samples are too many",
        expected: "at most \(Reader.mostSamples) samples"
      )
      return
    }
    if let cursor, !hasSample(matching: Gate.Filter()) {
      cursor.error(
        "every combination of target, prompt and case is excluded",
        expected: "at least one left"
      )
    }
  }

  private mutating func readExclusion(_ cursor: Cursor) -> Exclusion? {
    guard let fields = cursor.fields(["target", "prompt", "case"]) else { return nil }
    let exclusion = Exclusion(
      target: fields["target"].flatMap { targetNames.reference($0) },
      prompt: fields["prompt"].flatMap { promptNames.reference($0) },
      caseID: fields["case"].flatMap { caseNames.reference($0) }
    )
    guard !fields.entries.isEmpty else {
      cursor.error("\(cursor.path) is empty", expected: "at least one of target, prompt, case")
      return nil
    }
    return exclusion == Exclusion() ? nil : exclusion
  }

  /// Warns of targets that are in the suite and have no part in it, which judges may.
  func warnOfUnasked(in suite: Suite, at cursor: Cursor?) {
    let unasked = suite.unasked
    guard unasked.count < suite.targets.count else { return }
    let left = unasked.subtracting(suite.judges.map(\.target))
    for target in suite.targets.map(\.id) where left.contains(target) {
      cursor?.warning(
        "the target \(quoted(target)) is excluded from everything: nothing is asked of it, and no gate is about it",
        advice: "take it out of targets")
    }
  }

  /// Whether anything is planned for the prompt and case at all.
  func isPlanned(prompt: String, caseID: String) -> Bool {
    exclusions.isEmpty
      || targets.contains { !isExcluded(target: $0.id, prompt: prompt, caseID: caseID) }
  }

  /// Whether any planned sample passes the filter.
  func hasSample(matching filter: Gate.Filter, where condition: (Case) -> Bool = { _ in true })
    -> Bool
  {
    let targets = targets.filter { (filter.target ?? $0.id) == $0.id }
    let prompts = prompts.filter { (filter.prompt ?? $0.prompt.id) == $0.prompt.id }
    return cases.contains { written in
      let value = written.value
      guard (filter.caseID ?? value.id) == value.id, condition(value),
        filter.tag.map(value.tags.contains) ?? true
      else { return false }
      return prompts.contains { prompt in
        targets.contains { !isExcluded(target: $0.id, prompt: prompt.prompt.id, caseID: value.id) }
      }
    }
  }

  private func isExcluded(target: String, prompt: String, caseID: String) -> Bool {
    exclusions.contains { $0.matches(target: target, prompt: prompt, caseID: caseID) }
  }
}

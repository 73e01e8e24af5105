extension Suite {
  /// What a confirmation asks again at most: all that gates against a baseline look at; nil where none would be made.
  package var mostConfirmed: Suite? {
    guard run.confirm else { return nil }
    let suspects = gates.filter { $0.against != nil && $0.severity == .fail }.flatMap { gate in
      targets.filter { (gate.filter.target ?? $0.id) == $0.id }
        .map { BaselineJudge.Suspect(gate: gate.id, target: $0.id) }
    }
    return suspects.isEmpty ? nil : narrowed(to: suspects)
  }

  /// The part of a suite that is asked again for gates about to fail: their targets, with the prompts and cases that the
  /// gates look at.
  package func narrowed(to suspects: [BaselineJudge.Suspect]) -> Suite {
    var suite = self
    // A suspect is asked everything again.
    suite.run.adaptive = false
    let suspected = Set(suspects.map(\.target))
    suite.keepOnly(suspected)
    for target in suite.targets where suspected.contains(target.id) {
      let ids = Set(suspects.filter { $0.target == target.id }.map(\.gate))
      let filters = gates.filter { ids.contains($0.id) }.map { $0.filter.matcher(in: self) }
      for prompt in prompts {
        for item in cases where !filters.contains(where: { $0(prompt.id, item.id) }) {
          suite.exclusions.append(
            Exclusion(target: target.id, prompt: prompt.id, caseID: item.id))
        }
      }
    }
    return suite
  }
}

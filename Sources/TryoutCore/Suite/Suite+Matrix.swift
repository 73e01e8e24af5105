extension Suite {
  /// Whether a combination is left out of targets × prompts × cases.
  package func excludes(target: String, prompt: String, caseID: String) -> Bool {
    exclusions.contains { $0.matches(target: target, prompt: prompt, caseID: caseID) }
  }

  /// Measured samples that the matrix has for each target, before an open load leaves any out.
  package var samplesByTarget: [String: Int] {
    let cells = prompts.count * cases.count
    var counts: [String: Int] = [:]
    for target in targets {
      var own = cells
      let exclusions = exclusions.filter { ($0.target ?? target.id) == target.id }
      if !exclusions.isEmpty {
        own = prompts.reduce(0) { sum, prompt in
          sum
            + cases.count { item in
              !exclusions.contains {
                $0.matches(target: target.id, prompt: prompt.id, caseID: item.id)
              }
            }
        }
      }
      counts[target.id] = own * run.samples
    }
    return counts
  }

  /// Targets that the matrix leaves out of everything, such as those that only judge: no figure and no gate is about
  /// them.
  package var unasked: Set<String> {
    guard !exclusions.isEmpty else { return [] }
    return Set(samplesByTarget.filter { $0.value == 0 }.keys)
  }

  /// Whether the matrix has a sample of a target that a gate looks at.
  package func asks(_ target: String, within filter: Gate.Filter) -> Bool {
    guard (filter.target ?? target) == target else { return false }
    let matches = filter.matcher(in: self)
    return prompts.contains { prompt in
      cases.contains { item in
        matches(prompt.id, item.id)
          && !excludes(target: target, prompt: prompt.id, caseID: item.id)
      }
    }
  }
}

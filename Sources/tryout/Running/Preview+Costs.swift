import TryoutCore

extension Preview.Cost {
  /// What is left of a plan will cost, target by target.
  static func all(
    of plan: Plan, _ standing: Standing, _ experience: Experience?
  ) -> [Preview.Cost] {
    let suite = plan.suite
    var costs = suite.targets.map { target in
      Preview.Cost(
        target: target.id, samples: 0, missing: 0, worst: suite.isPriced(target) ? 0 : nil,
        expected: nil)
    }
    var requests = Array(repeating: 0, count: costs.count)
    var cells: [Int32: Double] = [:]
    for (index, sample) in plan.samples.enumerated() {
      let target = plan.targetIndex(of: index)
      if !sample.warmup { costs[target].samples += 1 }
      if standing.done.contains(index) { continue }
      if !sample.warmup { costs[target].missing += 1 }
      requests[target] += 1
      guard !suite.isFree(suite.targets[target]), let price = suite.targets[target].price else {
        continue
      }
      let cost = cells[sample.cell] ?? price.worst(of: plan.cells[Int(sample.cell)], in: suite)
      cells[sample.cell] = cost
      costs[target].worst = costs[target].worst.map { $0 + cost }
    }
    for (index, target) in suite.targets.enumerated() {
      let each = suite.isFree(target) ? 0 : experience?.usdPerAnswer(ofTarget: index)
      costs[index].expected = each.map { $0 * Double(requests[index]) }
    }
    return costs
  }
}

private extension Suite {
  func isFree(_ target: Target) -> Bool {
    target.freeOnly || account(of: target).baseURL == nil && target.price == nil
  }

  /// Whether the worst case of a target's answers is known.
  func isPriced(_ target: Target) -> Bool {
    let hasLimit = target.parameters["max_tokens"] ?? target.parameters["max_completion_tokens"]
    return isFree(target) || account(of: target).baseURL == nil
      || target.price != nil && hasLimit != nil
  }
}

private extension Price {
  func worst(of cell: Plan.Cell, in suite: Suite) -> Double {
    let question = Plan.question(for: cell, in: suite)
    let prompt = question.estimatedPromptTokens
    return cost(of: Usage(prompt: prompt, completion: question.estimatedTokens - prompt)) ?? 0
  }
}

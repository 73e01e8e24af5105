import TryoutCore

extension Preview.Cost {
  /// What is left of a plan will cost, target by target.
  static func all(
    of plan: Plan, _ standing: Standing, _ circumstances: Preview.Circumstances
  ) -> [Preview.Cost] {
    let suite = plan.suite
    let listings = suite.targets.map { circumstances.listings[$0.id] }
    var costs = zip(suite.targets, listings).map { target, listing in
      Preview.Cost(
        target: target.id, samples: 0, missing: 0,
        worst: suite.isPriced(target, listing) ? 0 : nil,
        refusal: target.freeOnly && listing?.isUnpriced == false
          ? "priced in the catalogue, so that a run refuses it" : nil,
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
      guard !suite.isFree(suite.targets[target]) else { continue }
      let cost =
        cells[sample.cell]
        ?? suite.worstCost(of: plan.cells[Int(sample.cell)], listings[target])
      cells[sample.cell] = cost
      costs[target].worst = costs[target].worst.map { $0 + cost }
    }
    for (index, target) in suite.targets.enumerated() {
      let each = suite.isFree(target) ? 0 : circumstances.experience?.usdPerAnswer(ofTarget: index)
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
  func isPriced(_ target: Target, _ listing: ModelListing?) -> Bool {
    let allowance = account(of: target).provider.allowance(in: target.parameters)
    return isFree(target)
      || (target.price != nil || listing?.isUnpriced != nil) && allowance != nil
  }

  /// What a question costs whose answer uses its whole allowance, as far as there is a price.
  func worstCost(of cell: Plan.Cell, _ listing: ModelListing?) -> Double {
    let question = Plan.question(for: cell, in: self)
    let price = targets[Int(cell.target)].price
    return Cost(of: question.mostUsage, price: price, listing: listing)?.usd ?? 0
  }
}

extension Suite {
  /// What the suite's limited quotas belong to, with the names of the accounts that draw on them.
  package var quotas: [String: [String]] {
    let limited = Set(limits.filter { !$0.windows.isEmpty }.map(\.id))
    var quotas: [String: [String]] = [:]
    for target in targets where limited.contains(target.limit) {
      let account = account(of: target)
      let known = quotas[account.quotaKey, default: []]
      if !known.contains(account.id) { quotas[account.quotaKey] = known + [account.id] }
    }
    return quotas
  }

  /// Ids of the limits whose windows count an earlier request, whatever suite sent it.
  ///
  /// A quota is the account's, so that in doubt a request counts: better to wait than to be refused, since a refusal
  /// costs a call too. Only what certainly belongs elsewhere does not count: a model that draws on another limit of this
  /// suite, a request booked on another limit of that name, and, at a provider with free models, what is paid for
  /// beside what is free.
  package func limitsCounting(quota: String, limit: String, model: String) -> [String] {
    let own = limits.filter { limit in
      accounts.contains { $0.id == limit.account && $0.quotaKey == quota }
    }
    let drawing = own.filter { candidate in
      targets.contains { $0.limit == candidate.id && $0.model == model }
    }
    let named = { (limits: [Limit]) in limits.first { $0.id == limit }.map { [$0] } }
    let counting: [Limit]
    if !drawing.isEmpty {
      counting = named(drawing) ?? drawing
    } else if let limit = named(own) {
      counting = limit
    } else {
      counting = own.filter { isFree($0) == nil || isFree($0) == Suite.isFree(model) }
    }
    return counting.filter { !$0.windows.isEmpty }.map(\.id)
  }

  /// Whether free models draw on a limit; nil at providers that have none.
  private func isFree(_ limit: Limit) -> Bool? {
    guard accounts.contains(where: { $0.id == limit.account && $0.provider.routes }) else {
      return nil
    }
    return targets.contains { $0.limit == limit.id && $0.freeOnly }
  }

  private static func isFree(_ model: String) -> Bool {
    model.hasSuffix(":free") || model == "openrouter/free"
  }
}

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

  /// Today's requests to free models that only the providers have counted, as if the day had begun with them: so many
  /// that what is left of each limit's day is the smaller of the provider's figure and what the known ones leave.
  ///
  /// Figures are by account, with the moment at which they were told; requests sent since then have lowered them.
  package func unknownRequests(
    beside known: [Scheduler.Prior], _ readings: [String: (KeyReading, takenAt: Int64)],
    anchor: Int64
  ) -> [Scheduler.Prior] {
    let midnight = Duration.nanoseconds(-(anchor % 86_400_000_000_000))
    return limits.flatMap { limit -> [Scheduler.Prior] in
      guard isFree(limit) == true, let (reading, takenAt) = readings[limit.account],
        let remaining = reading.freeRemaining,
        let window = limit.windows.first(where: { $0.resource == .requests && $0.period == .day })
      else { return [] }
      let told = Duration.nanoseconds(takenAt - anchor)
      let today = known.filter { $0.limit == limit.id && $0.time >= midnight }
      let left = max(window.count - today.count, 0)
      let unknown = left - max(max(remaining, 0) - today.count { $0.time >= told }, 0)
      let request = Scheduler.Prior(limit: limit.id, time: midnight, tokens: 0)
      return Array(repeating: request, count: max(unknown, 0))
    }
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

/// So many requests in each window of time, counted from the epoch as OpenRouter does.
package struct Quota: Hashable, Sendable {
  /// The most that a window admits.
  package var requests: Int
  /// A minute's windows begin with the minute, a day's at 00:00 UTC.
  package var window: Duration

  /// A quota of so many requests in each window.
  package init(requests: Int, per window: Duration) {
    self.requests = requests
    self.window = window
  }
}

/// What the server has counted against every quota so far.
///
/// Every request counts, whether it succeeds or not, save one that a quota refused.
package struct QuotaLedger: Sendable {
  /// A request that came too much, and when the next may come.
  package struct Refusal: Equatable, Sendable {
    /// The one that is used up.
    package var quota: Quota
    /// The end of the window, since the epoch.
    package var resetsAt: Duration
    /// When the request came, since the epoch.
    package var now: Duration

    /// Whole seconds, never 0: a client that waits so long is past the reset.
    package var retryAfterSeconds: Int64 {
      max(1, Int64(((resetsAt - now) / .seconds(1)).rounded(.up)))
    }
  }

  private struct Account: Hashable {
    /// `nil` for the quotas that all personas share.
    var persona: String?
    var quota: Quota
  }

  private struct Count {
    var window: Int64
    var requests: Int
  }

  private var counts: [Account: Count] = [:]

  /// Nothing is used yet.
  package init() {}

  /// Counts one request, or says which quota refuses it; of several, the one that lasts longest.
  ///
  /// - Parameter now: since the epoch.
  package mutating func admit(
    _ persona: String,
    shared: [Quota],
    own: [Quota],
    at now: Duration
  ) -> Refusal? {
    let accounts =
      shared.map { Account(persona: nil, quota: $0) }
      + own.map { Account(persona: persona, quota: $0) }
    let refusals = accounts.compactMap { refusal(of: $0, at: now) }
    if let longest = refusals.max(by: { $0.resetsAt < $1.resetsAt }) { return longest }
    for account in accounts {
      let window = account.quota.index(at: now)
      counts[account] = Count(window: window, requests: used(by: account, at: now) + 1)
    }
    return nil
  }

  /// How much of a shared quota is used now.
  func used(_ quota: Quota, at now: Duration) -> Int {
    used(by: Account(persona: nil, quota: quota), at: now)
  }

  private func used(by account: Account, at now: Duration) -> Int {
    guard let count = counts[account], count.window == account.quota.index(at: now) else {
      return 0
    }
    return count.requests
  }

  private func refusal(of account: Account, at now: Duration) -> Refusal? {
    guard used(by: account, at: now) >= account.quota.requests else { return nil }
    let resetsAt = account.quota.window * (account.quota.index(at: now) + 1)
    return Refusal(quota: account.quota, resetsAt: resetsAt, now: now)
  }
}

extension Quota {
  /// Which window since the epoch `now` lies in; milliseconds are exact for any wall clock.
  fileprivate func index(at now: Duration) -> Int64 {
    now.wholeMilliseconds / max(1, window.wholeMilliseconds)
  }
}

extension Duration {
  /// Milliseconds, rounded down.
  var wholeMilliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }
}

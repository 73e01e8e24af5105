import Testing
import TryoutCore

/// Which limits an earlier request counts for, whatever names its suite had given.
struct QuotaTests {
  private static let key = "https://openrouter.ai/api/v1 OPENROUTER_API_KEY"

  /// Free models on one limit, a paid one on another, one without windows, at one account.
  private static let suite: Suite = {
    let provider = Provider.preset(named: "openrouter") ?? .simulator
    let account = Account(
      id: "or", provider: provider, baseURL: provider.baseURL, keyVariable: provider.keyVariable)
    let minute = [Limit.Window(.requests, 15, per: .minute)]
    var suite = Suite(
      name: "quotas", accounts: [account],
      limits: [
        Limit(id: "free", account: "or", windows: minute),
        Limit(id: "paid", account: "or", windows: minute), Limit(id: "open", account: "or"),
      ],
      targets: [], prompts: [Prompt(id: "p", user: Template("Hello."))])
    suite.targets = [("a:free", "free"), ("b", "paid"), ("c", "open")].map { model, limit in
      Target(
        id: model, account: "or", model: model, limit: limit, freeOnly: model.hasSuffix(":free"))
    }
    return suite
  }()

  @Test func theKeyIsWhatTheQuotaBelongsTo() {
    #expect(Self.suite.quotas == [Self.key: ["or"]])
    var renamed = Self.suite.accounts[0]
    renamed.id = "mine"
    #expect(renamed.quotaKey == Self.key)
    renamed.keyVariable = "OTHER_KEY"
    #expect(renamed.quotaKey != Self.key)
    #expect(Account(id: "lab", provider: .simulator).quotaKey == "embedded:lab none")
    var unlimited = Self.suite
    unlimited.targets.removeFirst(2)
    #expect(unlimited.quotas.isEmpty)
  }

  @Test(arguments: [
    ("free", "a:free", ["free"]), ("paid", "b", ["paid"]),
    // The limit had another name, or another suite's models drew on it.
    ("or-free", "a:free", ["free"]), ("or-free", "z:free", ["free"]), ("free", "z", ["free"]),
    ("x", "openrouter/free", ["free"]), ("x", "z", ["paid"]),
    // This suite says which limit the model draws on, or that none counts it.
    ("free", "b", ["paid"]), ("free", "c", []), ("open", "z", []),
  ])
  func requestsCountWhereTheirQuotaIs(limit: String, model: String, counting: [String]) {
    #expect(Self.suite.limitsCounting(quota: Self.key, limit: limit, model: model) == counting)
    #expect(Self.suite.limitsCounting(quota: "other", limit: limit, model: model) == [])
  }

  /// The smaller of what the provider leaves and what is known to be sent decides; what was sent since it told counts.
  @Test(arguments: [
    (remaining: 50, unknown: 0), (44, 0), (43, 1), (38, 6), (1, 42), (0, 42), (.min, 42),
  ])
  func providersCountWhatOthersSent(remaining: Int, unknown: Int) {
    var suite = Self.suite
    for index in 0..<2 { suite.limits[index].windows.append(.init(.requests, 50, per: .day)) }
    // Noon: three requests of the day before, eight of today, two of them since the provider told.
    let anchor: Int64 = 12 * 3_600_000_000_000
    let hours = [-14, -13, -13, -8, -8, -7, -7, -6, -6, -1, -1]
    let known = hours.map { Scheduler.Prior(limit: "free", time: .seconds($0 * 3600), tokens: 5) }
    var reading = KeyReading()
    reading.freeRemaining = remaining
    let takenAt = anchor - 2 * 3_600_000_000_000
    let requests = suite.unknownRequests(
      beside: known, ["or": (reading, takenAt)], anchor: anchor)
    #expect(requests.count == unknown)
    #expect(requests.allSatisfy { $0.limit == "free" && $0.time == .seconds(-12 * 3600) })
    reading.freeRemaining = nil
    #expect(
      suite.unknownRequests(beside: known, ["or": (reading, takenAt)], anchor: anchor).isEmpty)
  }

  /// At a provider without free models all of an account counts that does not belong elsewhere.
  @Test func accountsAreShared() {
    var suite = Suite.small(targets: 2, windows: [.init(.requests, 1, per: .day)])
    let key = "embedded:acme none"
    #expect(suite.limitsCounting(quota: key, limit: "other", model: "z") == ["pool"])
    suite.limits.append(Limit(id: "more", account: "acme", windows: suite.limits[0].windows))
    suite.targets[1].limit = "more"
    #expect(suite.limitsCounting(quota: key, limit: "other", model: "z") == ["pool", "more"])
    #expect(suite.limitsCounting(quota: key, limit: "other", model: "model-b") == ["more"])
  }
}

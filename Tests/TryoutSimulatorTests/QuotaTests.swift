import Testing
import TryoutSimulator

struct QuotaTests {
  private let perMinute = Quota(requests: 2, per: .seconds(60))
  private let perDay = Quota(requests: 3, per: .seconds(86_400))

  /// 2026-01-01 00:00:30 UTC.
  private let start = Duration.seconds(1_767_225_630)

  @Test func refusesUntilTheNextWindow() {
    var ledger = QuotaLedger()
    for _ in 0..<2 {
      #expect(ledger.admit("a", shared: [perMinute], own: [], at: start) == nil)
    }
    let refusal = ledger.admit("b", shared: [perMinute], own: [], at: start + .milliseconds(500))
    #expect(refusal?.quota == perMinute)
    #expect(refusal?.resetsAt == start + .seconds(30))
    #expect(refusal?.retryAfterSeconds == 30)
    #expect(ledger.admit("b", shared: [perMinute], own: [], at: start + .seconds(30)) == nil)
  }

  @Test func ownQuotasAreCountedApart() {
    var ledger = QuotaLedger()
    for persona in ["a", "b"] {
      for _ in 0..<2 {
        #expect(ledger.admit(persona, shared: [], own: [perMinute], at: start) == nil)
      }
      #expect(ledger.admit(persona, shared: [], own: [perMinute], at: start) != nil)
    }
  }

  @Test func aRefusedRequestIsNotCounted() {
    var ledger = QuotaLedger()
    let both = [perMinute, perDay]
    var admitted = 0
    for second in 0..<200 {
      let now = start + .seconds(second)
      if ledger.admit("a", shared: both, own: [], at: now) == nil { admitted += 1 }
    }
    #expect(admitted == 3)
  }

  @Test func ofTwoRefusalsTheLongerCounts() {
    var ledger = QuotaLedger()
    let hour = Quota(requests: 2, per: .seconds(3600))
    for _ in 0..<2 { _ = ledger.admit("a", shared: [perMinute, hour], own: [], at: start) }
    #expect(ledger.admit("a", shared: [perMinute, hour], own: [], at: start)?.quota == hour)
  }

  @Test(arguments: [
    (Duration.seconds(60), "free-models-per-min", "openrouter_free_tier_per_minute"),
    (Duration.seconds(86_400), "free-models-per-day", "openrouter_free_tier_daily"),
  ])
  func refusalLooksLikeOpenRouters(window: Duration, message: String, source: String) throws {
    var ledger = QuotaLedger()
    let quota = Quota(requests: 0, per: window)
    let refused = ledger.admit("a", shared: [quota], own: [], at: start)
    let refusal = try #require(refused)
    let reply = Reply.refusal(refusal)
    let reset = String(refusal.resetsAt.components.seconds * 1000)
    #expect(reply.status == 429)
    #expect(reply.headers["X-RateLimit-Reset"] == reset)
    #expect(reply.headers["Retry-After"] == String(refusal.retryAfterSeconds))
    let error = try ErrorBody(reply)
    #expect(error.message.contains(message))
    #expect(error.metadata?.limitSource == source)
    #expect(error.metadata?.headers?["X-RateLimit-Reset"] == reset)
  }
}

import Testing
import TryoutCore

@testable import tryout

struct PreviewTests {
  /// 2026-11-23 10:15:00 UTC.
  private static let anchor: Int64 = 1_795_428_900_000_000_000

  /// A target with a price and one without, ten samples and a warm-up each, four requests a minute in all.
  private static func preview(
    perDay: Int? = nil, prior: [Scheduler.Prior] = []
  ) -> Preview {
    var run = RunPolicy()
    run.samples = 10
    run.warmup = 1
    var windows = [Limit.Window(.requests, 4, per: .minute)]
    if let perDay { windows.append(Limit.Window(.requests, perDay, per: .day)) }
    let suite = Suite(
      name: "two", accounts: [Account(id: "acme", provider: .simulator)],
      limits: [Limit(id: "pool", account: "acme", windows: windows, concurrency: 2)],
      targets: [
        Target(
          id: "paid", account: "acme", model: "p", limit: "pool",
          parameters: ["max_tokens": 100], price: Price(input: 1e-6, output: 2e-6)),
        Target(id: "local", account: "acme", model: "l", limit: "pool"),
      ],
      prompts: [Prompt(id: "hello", user: Template("Say hello, please."))], run: run)
    return Preview(
      plan: Plan(suite, seed: 7), anchor: anchor, serviceTime: .seconds(2), prior: prior)
  }

  /// 11 requests of 12 prompt tokens and 100 completion tokens: 11 × (12 + 200) µ$ = 2.332 m$.
  @Test func textForPeople() {
    #expect(
      Self.preview().text == """
        two: 2 targets × 1 prompts × 1 cases × 10 repeats
          20 samples, 2 warm-ups, seed 7

        Targets
          paid: 10 samples, at most $0.0024
          local: 10 samples, free

        Limits
          pool: 22 requests (4 requests/min, 2 at once)

        Time
          5m 5s if every answer takes 2s and none fails

        What the samples cannot show
          paid: 10 samples; a two-sided 95 % interval for p95 needs 72
          local: 10 samples; a two-sided 95 % interval for p95 needs 72

        """)
  }

  @Test func textTellsWhereARunWouldPause() {
    let prior = (1...5).map {
      Scheduler.Prior(limit: "pool", time: .seconds(-600 * $0), tokens: 10)
    }
    let text = Self.preview(perDay: 11, prior: prior).text
    #expect(
      text.contains(
        "  pool: 6 requests (4 requests/min, 11 requests/day, 2 at once); 5 sent in the last day\n")
    )
    #expect(text.contains("  would pause after "))
    #expect(text.contains(" and 6 requests: the daily quota of acme is used up\n"))
  }

  @Test func jsonForPrograms() {
    #expect(
      Self.preview().json.canonicalText == #"""
        {"completes":true,"dropped":0,"limits":[{"account":"acme","concurrency":2,"id":"pool","requests":22,\#
        "sent_in_last_day":0}],"samples":20,"seconds":304.5,"suite":"two",\#
        "targets":[{"id":"paid","samples":10,"worst_usd":0.002332},\#
        {"id":"local","samples":10,"worst_usd":0.0}],"warmups":2,"without_quota":0}
        """#)
  }
}

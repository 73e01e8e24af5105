import Testing
import TryoutCore
import TryoutStore

@testable import tryout

struct PreviewTests {
  /// 2026-11-23 10:15:00 UTC.
  private static let anchor: Int64 = 1_795_428_900_000_000_000

  /// A target with a price and one without, ten samples and a warm-up each, four requests a minute in all.
  private static func preview(
    perDay: Int? = nil, seed: UInt64? = 7,
    _ change: (inout Preview.Circumstances) -> Void = { _ in },
    suite edit: (inout Suite) -> Void = { _ in }
  ) -> Preview {
    var run = RunPolicy()
    run.samples = 10
    run.warmup = 1
    var windows = [Limit.Window(.requests, 4, per: .minute)]
    if let perDay { windows.append(Limit.Window(.requests, perDay, per: .day)) }
    var suite = Suite(
      name: "two", accounts: [Account(id: "acme", provider: .simulator)],
      limits: [Limit(id: "pool", account: "acme", windows: windows, concurrency: 2)],
      targets: [
        Target(
          id: "paid", account: "acme", model: "p", limit: "pool",
          parameters: ["max_tokens": 100], price: Price(input: 1e-6, output: 2e-6)),
        Target(id: "local", account: "acme", model: "l", limit: "pool"),
      ],
      prompts: [Prompt(id: "hello", user: Template("Say hello, please."))], run: run)
    var circumstances = Preview.Circumstances(anchor: anchor)
    change(&circumstances)
    edit(&suite)
    return Preview(suite, seed: seed, circumstances)
  }

  /// 11 requests of 50 prompt tokens at most and 100 completion tokens: 11 × (50 + 200) µ$ = 2.75 m$.
  @Test func textForPeople() {
    #expect(
      Self.preview().text == """
        two: 2 targets × 1 prompt × 1 case × 10 repeats
          20 samples, 2 warm-ups, seed 7

        Targets
          paid: 10 samples, at most $0.0028, expected cost n/a
          local: 10 samples, free
          all targets together: at most $0.0028, expected cost n/a

        Limits
          pool, account acme: 22 requests, 2 at once
            4 requests/min

        Time
          5m 20s if every answer takes 2s and none fails

        What the samples can show
          each target, 10 samples: 95 % intervals for p50; p90 needs 36, p95 needs 72, p99 needs 368
          two targets, 10 pairs: a latency ratio of 1.36 is seen four times in five (spread 0.30, assumed)

        What would fit
          p95 is bounded with 72 repeats, tonight

        """)
  }

  @Test func textTellsWhereARunWouldPause() {
    let prior = (1...5).map {
      Scheduler.Prior(limit: "pool", time: .seconds(-600 * $0), tokens: 10)
    }
    let text = Self.preview(perDay: 11) { $0.prior = prior }.text
    #expect(text.contains("    11 requests/day: 5 used today, 6 left\n"))
    #expect(text.contains("  would pause after "))
    let adaptive = Self.preview(
      perDay: 11, { $0.prior = prior }, suite: { $0.run.adaptive = true })
    #expect(adaptive.text.contains("  may pause after "))
    #expect(text.contains(" and 6 requests: the daily quota of acme is used up\n"))
    // A repeat is two requests, after as many warm-ups; 6 and then 11 a night make 22 and 146.
    #expect(text.contains("  2 repeats fit tonight: --samples 2\n"))
    #expect(text.contains("  10 repeats take 3 nights, resumed with --resume\n"))
    #expect(text.contains("  p95 is bounded with 72 repeats, after 14 nights\n"))
  }

  /// A provider that has counted more than the database decides what fits, and the plan says whose figure it is.
  @Test func theSmallerQuotaIsPlannedWith() throws {
    let provider = try #require(Provider.preset(named: "openrouter"))
    var run = RunPolicy()
    run.samples = 10
    let suite = Suite(
      name: "free", accounts: [Account(id: "or", provider: provider, baseURL: provider.baseURL)],
      limits: [
        Limit(
          id: "pool", account: "or", windows: [.init(.requests, 50, per: .day)], concurrency: 4)
      ],
      targets: [
        Target(id: "a", account: "or", model: "x/a:free", limit: "pool", freeOnly: true),
        Target(
          id: "idle", account: "or", model: "x/b", limit: "pool",
          price: Price(input: 1e-6, output: 1e-6)),
      ],
      prompts: [Prompt(id: "hello", user: Template("Hello."))],
      exclusions: [Exclusion(target: "idle")], run: run)
    func preview(_ remaining: Int) -> Preview {
      var circumstances = Preview.Circumstances(anchor: Self.anchor)
      circumstances.prior = [Scheduler.Prior(limit: "pool", time: .seconds(-60), tokens: 1)]
      var reading = KeyReading()
      reading.freeRemaining = remaining
      circumstances.readings["or"] = (reading, takenAt: Self.anchor)
      return Preview(suite, seed: 1, circumstances)
    }
    let scarce = preview(4)
    #expect(
      scarce.text.contains(
        "50 requests/day: 1 used today, 4 left by its provider's figure, which is planned with\n"))
    #expect(scarce.text.contains("and 4 requests: the daily quota of or is used up\n"))
    #expect(scarce.text.contains("  4 repeats fit tonight: --samples 4\n"))
    #expect(scarce.text.contains("  a: 10 samples, free\n  idle: no sample\n"))
    #expect(scarce.json.canonicalText.contains(#""left":4,"left_by":"provider""#))
    let plenty = preview(50)
    #expect(plenty.text.contains("50 requests/day: 1 used today, 49 left\n"))
    #expect(plenty.forecast.ending == .complete)
    #expect(plenty.json.canonicalText.contains(#""left":49,"left_by":"database""#))
  }

  @Test func aFreeTargetThatTheCataloguePricesIsNotCalledFree() throws {
    let listing = try #require(
      ModelListing(
        entry: ["id": "l", "pricing": ["prompt": "0.000001", "completion": "0.000001"]]))
    let suite = Self.preview().suite
    var free = suite
    free.targets[1].freeOnly = true
    var circumstances = Preview.Circumstances(anchor: Self.anchor)
    circumstances.listings["local"] = listing
    let text = Preview(free, seed: 1, circumstances).text
    #expect(
      text.contains("local: 10 samples, priced in the catalogue, so that a run refuses it\n"))
  }

  @Test func aSeedThatARunWouldDrawIsNotShown() {
    let preview = Self.preview(seed: nil)
    #expect(preview.text.contains("2 warm-ups, seed drawn at run time\n"))
    #expect(preview.json.canonicalText.contains(#""seed":null"#))
  }

  @Test func earlierRunsTellTimeCostAndSpread() {
    let suite = Self.preview().suite
    let text = Self.preview { circumstances in
      var experience = Experience(of: suite)
      let run = RunRecord(id: "r", suite: suite, seed: 1, startedAt: 0, planned: 20)
      experience.add(run) { add in
        for repetition in 1...12 {
          let local: Int64 = repetition.isMultiple(of: 2) ? 1_800_000_000 : 2_200_000_000
          for (target, latency) in [("paid", 1_000_000_000), ("local", local)] {
            let identity = SampleIdentity(
              id: "", target: target, prompt: "hello", caseID: "default", repetition: repetition)
            var sample = SampleRecord(identity: identity, outcome: .pass)
            sample.latency = latency
            sample.usage = Usage(prompt: 10, completion: 20)
            add(sample)
          }
        }
      }
      circumstances.experience = experience
    }.text
    // 11 requests of 10 and 20 tokens: 11 × 50 µ$.
    #expect(text.contains("paid: 10 samples, at most $0.0028, expected $0.0006\n"))
    // ln 1.8 and ln 2.2 lie 0.2007 apart: the spread of twelve is 0.2007 / 2 · √(12 / 11).
    #expect(text.contains("if every answer takes 1.5s, as in earlier runs, and none fails\n"))
    #expect(
      text.contains(
        "a latency ratio of 1.11 is seen four times in five (spread 0.10, as in earlier runs)\n"))
  }

  @Test func aResumeAsksWhatIsMissing() {
    let plan = Self.preview().plan
    var run = RunRecord(id: "earlier", suite: plan.suite, seed: 99, startedAt: 0, planned: 20)
    run.state = .paused
    var done = Store.Done()
    done.closed = Set(plan.samples.indices.prefix(12).map(plan.id))
    done.closed.formUnion(["0000000000000000.1", "0000000000000000.w1"])
    done.requests = 13
    let preview = Self.preview { $0.resumed = (run, done) }
    #expect(preview.text.contains("  run earlier (paused): 10 done, 1 stale, 10 missing\n"))
    #expect(preview.text.contains("2 warm-ups, seed 99\n"))
    #expect(preview.text.contains("  pool, account acme: 10 requests, 2 at once\n"))
    done.closed = Set(plan.samples.indices.map(plan.id))
    let finished = Self.preview { $0.resumed = (run, done) }
    #expect(finished.text.contains("  nothing is left to ask\n"))
    #expect(finished.text.contains("paid: 10 samples, 0 missing, nothing to pay\n"))
    #expect(finished.forecast.requests.isEmpty)
  }

  @Test func anAdaptiveRunTakesAtMostSoMuch() {
    let preview = Self.preview(suite: { $0.run.adaptive = true })
    let text = preview.text
    #expect(text.contains("  at most 20 samples, 2 warm-ups, seed 7\n"))
    #expect(text.contains("  paid: at most 10 samples, at most $0.0028, expected cost n/a\n"))
    #expect(text.contains("  pool, account acme: at most 22 requests, 2 at once\n"))
    #expect(text.contains("  at most 5m 20s if every answer takes 2s and none fails\n"))
    #expect(preview.json.canonicalText.contains(#""adaptive":true"#))
  }

  /// Ten answers of one target, three votes about each; what the gate looks at may be asked and judged once more.
  @Test func votesAndConfirmationsAreCountedWhereTheyWouldBeAsked() {
    let preview = Self.preview(suite: { suite in
      suite.limits.append(Limit(id: "bench", account: "acme"))
      suite.targets[1].limit = "bench"
      suite.judges = [Judge(id: "polite", target: "local", rubric: "Polite.", votes: 3)]
      suite.cases = [
        Case(id: "only", checks: [Check(id: "polite", .judge("polite", atLeast: 0.5))])
      ]
      suite.gates = [
        TryoutCore.Gate(
          id: "slow", metric: .paired(.latency), .atMost, 1.1, text: "1.10x",
          filter: TryoutCore.Gate.Filter(target: "paid"), against: "previous")
      ]
      suite.run.confirm = true
    })
    #expect(
      preview.text.contains(
        """

        On top
          at most 30 votes about answers, asked for when the samples are through
          at most 41 requests to measure again what is about to fail against the baseline
          these are requests, time and cost that come on top of the figures here

        Limits
          pool, account acme: 11 requests, at most 11 to measure again, 2 at once
            4 requests/min
          bench, account acme: 11 requests, at most 30 votes and 30 to measure again, 1 at once

        """))
    #expect(
      Self.preview(suite: { $0.run.confirm = true }).extra.confirming.isEmpty,
      "without a gate against a baseline nothing is confirmed")
  }

  @Test func jsonForPrograms() {
    #expect(
      Self.preview().json.canonicalText == #"""
        {"adaptive":false,"advice":{"fitting_repeats":null,"nights":null,"nights_for_p95":1,"repeats_for_p95":72},\#
        "comparison":{"detectable_ratio":1.3556772672342994,"pairs":10,"spread":0.3,"spread_source":"assumed"},\#
        "completes":true,"dropped":0,"limits":[{"account":"acme","concurrency":2,"id":"pool","most_confirming":0,\#
        "most_votes":0,"requests":22,\#
        "sent_in_last_day":0,"windows":[{"count":4,"left":null,"left_by":null,"period":"min","resource":"requests","used":null}]}],\#
        "most_confirming":0,"most_votes":0,"provider_quotas":[],"resume":null,"samples":20,"seconds":319.625,"seed":"7",\#
        "service_seconds":2.0,"suite":"two",\#
        "targets":[{"expected_usd":null,"id":"paid",\#
        "intervals":{"p50":true,"p90":false,"p95":false,"p99":false},"missing":10,"samples":10,"worst_usd":0.0027500000000000007},\#
        {"expected_usd":0.0,"id":"local",\#
        "intervals":{"p50":true,"p90":false,"p95":false,"p99":false},"missing":10,"samples":10,"worst_usd":0.0}],\#
        "unreachable_gates":[],"warmups":2,"without_quota":0}
        """#)
  }

  @Test func gatesThatSoFewSamplesCannotPassAreNamed() {
    let gates = [
      TryoutCore.Gate(id: "answered >= 95%", metric: .answered, .atLeast, 0.95, text: "95%"),
      TryoutCore.Gate(id: "answered >= 50%", metric: .answered, .atLeast, 0.5, text: "50%"),
      TryoutCore.Gate(id: "all", metric: .answered, .atLeast, 1, text: "100%"),
    ]
    let preview = Self.preview(suite: { $0.gates = gates })
    #expect(
      preview.text.contains(
        """
          the gate answered >= 95% cannot pass with 10 samples, however good: it takes 73
          the gate all cannot pass with 10 samples, however good: no number of samples can

        """))
    #expect(!preview.text.contains("50%"))
    #expect(
      preview.json["unreachable_gates"]?.canonicalText == #"""
        [{"id":"answered >= 95%","needed":73,"samples":10},{"id":"all","needed":null,"samples":10}]
        """#)
  }
}

import Testing
import TryoutCore

/// Whether a quota of a day is divided over nights as the scheduler would.
struct NightsTests {
  /// 2026-11-23 22:00:00 UTC.
  private static let anchor: Int64 = 1_795_471_200_000_000_000

  private static func nights(
    targets: Int = 5, samples: Int, perDay: Int = 50, prior: Int = 0, done: Int = 0,
    policy: (inout RunPolicy) -> Void = { _ in }
  ) -> Nights {
    let suite = Suite.small(
      targets: targets,
      windows: [
        Limit.Window(.requests, 15, per: .minute), Limit.Window(.requests, perDay, per: .day),
      ],
      concurrency: 4, samples: samples, policy: policy)
    let used = (0..<prior).map {
      Scheduler.Prior(limit: "pool", time: .seconds(-60 * ($0 + 2)), tokens: 1)
    }
    let whole = Plan(suite, seed: 1)
    let closed = Set(whole.samples.indices.prefix(done).map(whole.id))
    return Nights(
      suite, seed: 1, anchor: anchor, serviceTime: .seconds(2), prior: used,
      standing: { Standing(of: $0, closed: closed) })
  }

  @Test func repeatsThatFit() {
    #expect(Self.nights(samples: 100).fittingRepeats == 10)
    #expect(Self.nights(samples: 100, prior: 8).fittingRepeats == 8)
    #expect(Self.nights(samples: 100, prior: 46).fittingRepeats == 0)
    // What is done fits already: 15 of 75 samples, and 50 more.
    #expect(Self.nights(samples: 15, done: 15).fittingRepeats == 13)
    #expect(Self.nights(samples: 9) { $0.budget.requests = 12 }.fittingRepeats == 2)
  }

  @Test func nightsThatAreNeeded() {
    #expect(Self.nights(samples: 10).needed(for: 10) == 1)
    #expect(Self.nights(samples: 10).needed(for: 11) == 2)
    // 72 answers of each of five: 360 requests at 50 a night.
    #expect(Self.nights(samples: 8).needed(for: 72) == 8)
    #expect(Self.nights(samples: 8, prior: 45).needed(for: 72) == 9)
    #expect(Self.nights(samples: 8, prior: 50).needed(for: 72) == 9)
    #expect(Self.nights(samples: 15, done: 25).needed(for: 15) == 1)
  }

  @Test func whatNeverEndsHasNoNumber() {
    #expect(Self.nights(samples: 10_000).needed(for: 10_000) == nil)
    #expect(Self.nights(samples: 60) { $0.budget.requests = 90 }.needed(for: 60) == nil)
    #expect(Self.nights(samples: 60) { $0.dailyQuota = .dropTarget }.needed(for: 10) == 1)
  }
}

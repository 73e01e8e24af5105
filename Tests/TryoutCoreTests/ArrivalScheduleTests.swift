import Testing
import TryoutCore

struct ArrivalScheduleTests {
  private typealias Step = OpenLoad.Step

  private static func schedule(
    _ arrivals: OpenLoad.Arrivals, _ steps: [OpenLoad.Step], atMost count: Int = 100_000,
    seed: UInt64 = 7
  ) -> ArrivalSchedule {
    ArrivalSchedule(OpenLoad(arrivals, steps), atMost: count, seed: seed)
  }

  @Test func constantArrivalsAreExact() {
    let schedule = Self.schedule(.constant, [Step(rate: 8, duration: .seconds(100))])
    #expect(schedule.times == (0..<800).map { $0 * 125_000_000 })
    #expect(schedule.span == 100_000_000_000)
    #expect(schedule.rate == 8)
  }

  /// A time that holds a whole number of gaps holds as many arrivals, whatever the last bit of a product says.
  @Test(arguments: [
    (0.7, 10, 7), (0.1, 30, 3), (1.1, 10, 11), (1 / 3.0, 9, 3), (0.3, 10, 3), (4.35, 100, 435),
  ])
  func timesHoldTheirArrivals(rate: Double, seconds: Int, arrivals: Int) {
    let schedule = Self.schedule(.constant, [Step(rate: rate, duration: .seconds(seconds))])
    #expect(schedule.times.count == arrivals)
  }

  @Test func thePlanIsTheBound() {
    let schedule = Self.schedule(.constant, [Step(rate: 2, duration: .seconds(60))], atMost: 5)
    #expect(schedule.times.count == 5)
    #expect(schedule.span == 2_500_000_000)
    #expect(Self.schedule(.poisson, [Step(rate: 2)], atMost: 5).times.count == 5)
    #expect(Self.schedule(.poisson, [Step(rate: 2)], atMost: 0).rate == nil)
  }

  @Test func stepsChangeTheGaps() {
    let steps = [Step(rate: 2, duration: .seconds(2)), Step(rate: 4, duration: .seconds(1))]
    let milliseconds = Self.schedule(.constant, steps).times.map { $0 / 1_000_000 }
    #expect(milliseconds == [0, 500, 1000, 1500, 2000, 2250, 2500, 2750])
    // A gap that begins in one step ends in the next: half an arrival is left over from the first.
    let odd = [Step(rate: 1, duration: .milliseconds(1500)), Step(rate: 2, duration: .seconds(1))]
    #expect(Self.schedule(.constant, odd).times.map { $0 / 1_000_000 } == [0, 1000, 1750, 2250])
  }

  /// Counts of a Poisson process have their mean as variance, and its gaps have a median of ln 2 of their mean.
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func poissonArrivalsAreIndependent(seed: UInt64) {
    let steps = [Step(rate: 20, duration: .seconds(100)), Step(rate: 80, duration: .seconds(100))]
    let times = Self.schedule(.poisson, steps, seed: seed).times
    let first = Double(times.count { $0 < 100_000_000_000 })
    let second = Double(times.count) - first
    #expect(abs(first - 2000) < 5 * 2000.0.squareRoot())
    #expect(abs(second - 8000) < 5 * 8000.0.squareRoot())
    let gaps = zip(times, times.dropFirst()).filter { $0.0 >= 100_000_000_000 }.map { $1 - $0 }
    let short = Double(gaps.count { Double($0) < 0.693_147_18 * 1e9 / 80 })
    #expect(abs(short - Double(gaps.count) / 2) < 5 * (Double(gaps.count) / 4).squareRoot())
    #expect(times == times.sorted())
  }

  @Test func theSeedDecides() {
    let steps = [Step(rate: 5)]
    let first = Self.schedule(.poisson, steps, atMost: 50)
    #expect(first == Self.schedule(.poisson, steps, atMost: 50))
    #expect(first != Self.schedule(.poisson, steps, atMost: 50, seed: 8))
    // A longer plan begins with the same arrivals.
    #expect(Self.schedule(.poisson, steps, atMost: 80).times.prefix(50) == first.times[...])
  }

  @Test func aPlanHasAsManySamplesAsArrivals() {
    let suite = Suite.small(targets: 2, samples: 50) {
      $0.warmup = 1
      $0.load = .open(OpenLoad(.constant, [OpenLoad.Step(rate: 3, duration: .seconds(4))]))
    }
    let plan = Plan(suite, seed: 1)
    #expect(plan.measuredCount == 12 && plan.warmupCount == 2)
    #expect(plan.arrivals?.times.count == 12)
  }

  // MARK: Loads that a quota cannot bear

  private static func suite(_ steps: [OpenLoad.Step], _ window: Limit.Window, targets: Int = 1)
    -> Suite
  {
    Suite.small(targets: targets, windows: [window], samples: 100_000) {
      $0.load = .open(OpenLoad(.constant, steps))
    }
  }

  @Test func anImpossibleRateIsKnownBefore() throws {
    let perMinute = Limit.Window(.requests, 60, per: .minute)
    let overload = try #require(Self.suite([Step(rate: 5)], perMinute).overload)
    // The guard makes a minute 60.5 s long.
    #expect(overload.requests == 303 && overload.limit == "pool")
    #expect(abs(overload.mostPerSecond - 60 / 60.5) < 1e-9)
    #expect(Self.suite([Step(rate: 0.99)], perMinute).overload == nil)
    // A short load fits into a window that a long one would exceed.
    #expect(Self.suite([Step(rate: 5, duration: .seconds(10))], perMinute).overload == nil)
    #expect(Self.suite([Step(rate: 5, duration: .seconds(13))], perMinute).overload != nil)
    let peak = [
      Step(rate: 0.1, duration: .seconds(600)), Step(rate: 9, duration: .seconds(8)),
      Step(rate: 0.1),
    ]
    #expect(Self.suite(peak, perMinute).overload?.requests == 78)
    #expect(Self.suite([Step(rate: 5)], Limit.Window(.tokens, 1, per: .minute)).overload == nil)
  }

  /// A target with a limit of its own has its share of the rate only.
  @Test func targetsShareTheRate() {
    var suite = Self.suite([Step(rate: 2)], Limit.Window(.requests, 61, per: .minute), targets: 2)
    #expect(suite.overload != nil)
    suite.limits.append(Limit(id: "more", account: "acme"))
    suite.targets[1].limit = "more"
    #expect(suite.overload == nil)
    suite.run.order = .sequential
    #expect(suite.overload != nil)
  }
}

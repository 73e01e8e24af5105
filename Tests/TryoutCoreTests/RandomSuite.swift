import TryoutCore
import TryoutStatistics

/// A suite drawn by chance: everything that the scheduler must respect, in every mixture.
struct RandomSuite {
  let suite: Suite
  /// The share of attempts that fail, and of these that end a target, an account or the run.
  let failureRate: Double
  let graveRate: Double
  private var random: SplitMix64

  init(seed: UInt64, samples: Int, isOpen: Bool = false) {
    var random = SplitMix64(seed: seed)
    let accounts = (1...random.between(1, 3)).map {
      // Some belong to one quota.
      Account(id: "account\($0)", provider: .simulator, baseURL: random.pick(["http://x", nil]))
    }
    let limits = (1...random.between(1, 4)).map { number in
      Limit(
        id: "limit\(number)",
        account: random.pick(accounts).id,
        windows: RandomSuite.windows(&random),
        concurrency: random.between(1, 8),
        burst: random.pick([nil, nil, 1, 3, 20])
      )
    }
    let targets = (0..<random.between(1, 6)).map { number in
      let limit = random.pick(limits)
      var target = Target.named(Suite.letter(number), account: limit.account, limit: limit.id)
      target.freeOnly = random.chance(0.2)
      target.parameters = ["max_tokens": .integer(Int64(random.between(10, 400)))]
      if random.chance(0.5) { target.price = Price(input: 1e-6, output: 4e-6) }
      return target
    }
    let prompts = (1...random.between(1, 3)).map {
      Prompt(id: "p\($0)", user: Template("{{ text }}"))
    }
    let cases = (1...random.between(1, 20)).map { number in
      Case(
        id: "c\(number)",
        variables: ["text": String(repeating: "w ", count: random.between(1, 200))]
      )
    }
    var run = RandomSuite.policy(&random)
    run.samples = max(1, samples / (targets.count * prompts.count * cases.count))
    if random.chance(0.3) { run.budget.requests = random.between(1, 2 * samples) }
    if isOpen { run.load = .open(RandomSuite.load(&random)) }
    let exclusions = [Exclusion(target: random.pick(targets).id, caseID: "c2")]
    failureRate = random.pick([0, 0.02, 0.02, 0.2, 0.5])
    graveRate = random.pick([0, 0, 0, 0.001, 0.01, 0.1])
    suite = Suite(
      name: "random",
      accounts: accounts,
      limits: limits,
      targets: targets,
      prompts: prompts,
      cases: cases,
      exclusions: random.chance(0.3) ? exclusions : [],
      run: run
    )
    self.random = random
  }

  private static func windows(_ random: inout SplitMix64) -> [Limit.Window] {
    var windows: [Limit.Window] = []
    if random.chance(0.3) { windows.append(.init(.requests, random.between(1, 20), per: .second)) }
    if random.chance(0.5) { windows.append(.init(.requests, random.between(5, 300), per: .minute)) }
    if random.chance(0.2) { windows.append(.init(.requests, random.between(50, 2000), per: .hour)) }
    if random.chance(0.1) { windows.append(.init(.requests, random.between(50, 5000), per: .day)) }
    if random.chance(0.1) {
      windows.append(.init(.requests, random.between(50, 5000), per: .rolling))
    }
    if random.chance(0.3) {
      windows.append(.init(.tokens, random.between(100, 90_000), per: .minute))
    }
    if random.chance(0.05) {
      windows.append(.init(.tokens, random.between(90_000, 900_000), per: .day))
    }
    return windows
  }

  private static func policy(_ random: inout SplitMix64) -> RunPolicy {
    var run = RunPolicy()
    run.warmup = random.pick([0, 0, 1, 3])
    run.order = random.chance(0.8) ? .blocks : .sequential
    run.concurrency = random.pick([1, 5, 64])
    run.retry.attempts = random.between(1, 5)
    run.retry.base = random.duration(upTo: 2)
    run.retry.cap = random.duration(upTo: 90)
    run.retry.poolBase = random.duration(upTo: 60)
    run.retry.poolCap = run.retry.poolBase + random.duration(upTo: 300)
    run.retry.maxServerWait = random.pick([.seconds(10), .seconds(600)])
    run.errorsInARow = random.pick([3, 20, 1_000_000])
    run.dailyQuota = random.pick(RunPolicy.DailyQuota.allCases)
    if random.chance(0.1) { run.budget.usd = random.unit() * random.pick([1, 0.02]) }
    if random.chance(0.1) { run.budget.wall = random.duration(upTo: 4000) }
    run.timeouts.total = random.pick([.seconds(2), .seconds(60)])
    return run
  }

  private static func load(_ random: inout SplitMix64) -> OpenLoad {
    var steps = (1...random.between(1, 3)).map { _ in
      OpenLoad.Step(
        rate: random.pick([0.1, 0.7, 3, 40]),
        duration: .seconds(1) + random.duration(upTo: random.pick([20, 4000])))
    }
    if random.chance(0.7) { steps[steps.count - 1].duration = nil }
    return OpenLoad(random.pick(OpenLoad.Arrivals.allCases), steps)
  }

  /// How the next attempt of a target ends, and how long it takes.
  mutating func outcome(of target: Target) -> (result: Scheduler.Result, latency: Duration) {
    let latency = random.duration(upTo: random.chance(0.05) ? 60 : 4)
    guard random.chance(failureRate) else {
      let known = random.chance(0.9)
      let usd = target.freeOnly ? 0 : random.unit() * 1e-4
      var result = Scheduler.Result(
        tokens: known ? random.between(0, 600) : nil, usd: known ? usd : nil)
      result.refill = refill()
      return (result, latency)
    }
    if random.chance(graveRate) { return (Scheduler.Result(usd: 0.01), latency) }
    let kind = random.pick(random.chance(graveRate) ? RandomSuite.grave : RandomSuite.usual)
    let wait = random.chance(0.3) ? random.duration(upTo: random.chance(0.03) ? 900 : 30) : nil
    // What was cut off may have been sent or not; nothing else fails on the way out.
    let wasSent =
      ![.network, .time, .harness].contains(kind.scope) || kind == .reset || random.chance(0.5)
    var result = Scheduler.Result(failure: kind, wait: wasSent ? wait : nil, wasSent: wasSent)
    if wasSent, ![.rateMinute, .rateDay, .rateUpstream].contains(kind) { result.refill = refill() }
    return (result, latency)
  }

  /// Now and then a reply says that nothing is left, seldom that of a day.
  private mutating func refill() -> Duration? {
    if random.chance(graveRate / 10) { return random.duration(upTo: 20_000) }
    return random.chance(0.01) ? random.duration(upTo: 40) : nil
  }

  private static let grave: [FailureKind] = [
    .modelGone, .freeEnded, .gated, .notFound, .auth, .noCredit, .policyBlocked, .rateDay,
    .keyLimit, .cancelled, .budget,
  ]

  private static let usual = FailureKind.allCases.filter { !grave.contains($0) }
}

import Foundation
import TryoutCore
import TryoutStore
import TryoutTransport

/// One execution of a suite from an open store to a finished row: the place where the parts are joined.
struct Session {
  var suite: Suite
  var keys: [String: String]
  var store: Store
  var signals: Signals
  /// What narrowed the suite on the command line, for the run's row.
  var narrowed: String?
  /// How long requests in flight may take once the run is told to stop.
  var grace = Duration.seconds(30)
  /// Who reads the answers while they come, in place of a display of progress.
  var audience: Audience?
  /// Whether every attempt is said on stderr.
  var isVerbose = false
  /// Whether targets are asked one after another, each only where those before it have failed.
  var fallsBack = false
  /// Nil where programs may not run.
  var programs: ProgramGrader?

  /// A run with what its earlier processes did of it.
  struct Work {
    var run: RunRecord
    var plan: Plan
    var standing: Standing
    /// Whether judges or programs have not spoken yet about answers that are there.
    var awaitsOthers = false

    /// Whether nothing is left to ask.
    var isComplete: Bool { standing.isComplete(plan) && !awaitsOthers }
  }

  /// Enters a new run.
  func begin(seed: UInt64?) throws -> Work {
    let plan = Plan(suite, seed: seed ?? suite.run.seed ?? UInt64.random(in: 0...UInt64.max >> 11))
    guard plan.measuredCount > 0 else {
      let isLoad = suite.samplesByTarget.values.contains { $0 > 0 }
      throw UserError(
        .usage,
        isLoad
          ? "Nothing arrives within the time of run.load: lengthen `for`, or raise the rate."
          : "Nothing is left to ask: the matrix leaves these targets out.")
    }
    let run = RunRecord(
      id: Session.newID(),
      suite: suite,
      seed: plan.seed,
      startedAt: wallClock(),
      planned: plan.measuredCount,
      environment: environment
    )
    try store.begin(run)
    return Work(run: run, plan: plan, standing: Standing(of: plan))
  }

  /// Asks what is left of a run, then judges and programs, and writes down how it ended.
  func carryOut(_ work: Work) async throws -> Scheduler.Ending {
    let wall = wallClock()
    let start = ContinuousClock.now
    // The wall clock is read once: if it is set back meanwhile, the run does not end before it began.
    var now: Int64 { wall + start.duration(to: .now).nanoseconds }
    let anchor: Int64
    let ending: Scheduler.Ending
    let harness: HarnessRecord
    do {
      guard signals.first == nil, try await claimQuotas(for: work.run.id) else {
        let (state, reason) = Scheduler.Ending.interrupted.state(resumeAnchor: 0)
        try store.end(work.run.id, state, reason: reason, at: now)
        return .interrupted
      }
      (ending, harness, anchor) = try await withEndpoints(
        of: suite.accountsInUse, keys: keys, seed: suite.run.seed
      ) { endpoints in
        let catalogues = try await atDesks { desk in
          let lists = try await self.catalogues(desk, endpoints)
          try await readKeys(.before, desk, endpoints, run: work.run.id)
          return lists
        }
        let transport = try CurlTransport(
          endpoints: endpoints, userAgent: "tryout/\(Tryout.version)")
        defer { transport.shutdown() }
        let provider = try guarded(
          audience.map { Watched(transport, by: $0) } ?? transport, catalogues ?? [:])
        let watch = ProcessWatch()
        // Only now, since it is the zero of all that follows.
        var anchor = now
        var ending =
          signals.first == nil
          ? fallsBack
            ? try await askInTurn(work, provider, anchor: anchor)
            : try await ask(
              work.plan, work.standing, of: work.run.id, provider, anchor: anchor,
              hasReplied: work.standing.requests > 0)
          : .interrupted
        // What comes after is not measured.
        let harness = watch.complete(transport.shutdown())
        if suite.asksOthers, ending == .complete {
          anchor = now
          ending = try await askOthers(
            about: work.run.id, endpoints, anchor: anchor, elapsed: .nanoseconds(anchor - wall))
        }
        try await atDesks { desk in
          try await readKeys(.after, desk, endpoints, run: work.run.id)
        }
        return (ending, harness, anchor)
      }
    } catch {
      // What was measured is kept; the row says that nobody works on it any more.
      try? store.end(
        work.run.id,
        .interrupted,
        reason: UserError(error).description,
        at: now
      )
      throw error
    }
    let (state, reason) = ending.state(resumeAnchor: anchor)
    try store.end(work.run.id, state, reason: reason, at: now, harness: harness)
    return ending
  }

  /// Carries out a plan as far as limits, budgets and signals let it.
  ///
  /// `hasReplied` says that an earlier process of the run reached somebody.
  func ask(
    _ plan: Plan,
    _ standing: Standing,
    of run: String,
    _ provider: any ModelProvider,
    anchor: Int64,
    hasReplied: Bool = false
  ) async throws -> Scheduler.Ending {
    let provider: any ModelProvider = isVerbose ? Spoken(provider: provider) : provider
    let scheduler = Scheduler(
      plan: plan,
      anchor: anchor,
      done: standing.done,
      attempted: standing.attempted,
      prior: try store.ledger(of: suite, anchor: anchor),
      spent: (standing.requests, standing.usd),
      hasReplied: hasReplied
    )
    let display = ProgressDisplay(
      plan: plan,
      anchor: anchor,
      alreadyDone: standing.doneCount(in: plan)
    )
    let store = store
    @Sendable func look() throws -> Adaptation { try store.adaptation(of: run, plan) }
    let runner = Runner(
      plan: plan,
      provider: provider,
      log: try RunLog(store, run: run),
      // Limits count real time, also that in which the machine sleeps.
      clock: ContinuousClock(),
      anchor: anchor,
      grace: grace,
      listings: try store.listings(of: plan.suite),
      looking: suite.run.adaptive ? look : nil,
      observer: display.take
    )
    // After the group, when nothing draws any more.
    defer { display.clear() }
    return try await withThrowingTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      if audience == nil { group.addTask { await display.run() } }
      return try await runner.run(from: scheduler, interruption: signals.interruption)
    }
  }

  /// Sortable by time, and hard to meet twice.
  private static func newID() -> String {
    let digits = timestamp(wallClock()).filter { $0.isNumber || $0 == "T" || $0 == "Z" }
    let tail = String(UInt32.random(in: 0...0xFFFF) + 0x10000, radix: 16).dropFirst()
    return "\(digits)-\(tail)"
  }

  /// What measured: it explains differences between runs on different machines.
  private var environment: [String: String] {
    var environment = [
      "tryout": Tryout.version,
      "http": CurlTransport.curlVersion,
      "system": ProcessInfo.processInfo.operatingSystemVersionString,
      "processors": String(ProcessInfo.processInfo.activeProcessorCount),
    ]
    environment["region"] = ProcessInfo.processInfo.environment["TRYOUT_REGION"]
    environment[RunRecord.narrowed] = narrowed
    return environment.merging(ProxySettings.recorded) { $1 }
  }
}

extension Scheduler.Ending {
  /// The state and the reason that the run's row keeps.
  func state(resumeAnchor anchor: Int64) -> (RunRecord.State, String?) {
    switch self {
    case .complete: return (.finished, nil)
    case .interrupted: return (.interrupted, "interrupted by a signal")
    case .paused(let pause, let until):
      let resumes = until.map { ", resumes at \(timestamp(anchor + $0.nanoseconds))" } ?? ""
      let reason =
        switch pause {
        case .dailyQuota(let account): "the daily quota of \(account) is used up"
        case .rateLimit(let account): "the rate limit of \(account) refuses again and again"
        case .budgetRequests(let most): "the budget of \(most) requests is used up"
        case .budgetUSD(let most): "the budget of $\(most) does not allow another request"
        case .budgetWall(let most): "the time budget of \(most.brief) is used up"
        case .outage(let account, let failure):
          "\(account) cannot be reached (\(failure.rawValue)); \(failure.adviceOnOutage)"
        case .paid(let target): "\(target) must be free, but its answer was billed"
        }
      return (.paused, reason + resumes)
    }
  }
}

private extension FailureKind {
  /// What to look at where a server cannot be reached.
  var adviceOnOutage: String {
    switch self {
    case .dns: "check its base_url and the name server"
    case .tls: "check the certificates, or the port and the scheme of its base_url"
    case .proxy: "check http_proxy and https_proxy"
    default: "check that the server runs, and its base_url"
    }
  }
}

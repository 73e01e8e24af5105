/// The state of one `Runner.run`: the scheduler, what was counted, and what is still being written.
struct Loop<C: Clock> where C.Duration == Duration {
  let errand: Errand<C>
  var scheduler: Scheduler
  private var progress: RunProgress
  /// What comes while earlier entries are being written.
  private var unwritten: [LogEntry] = []
  private var isWriting = false
  private var nextTick: Duration?
  /// The last attempts of samples that are left open, by position in the plan.
  private var leftOpen: [Int: Attempt] = [:]
  private let interruption: Interruption

  typealias Group = ThrowingTaskGroup<Runner<C>.Event, any Error>

  init(runner: Runner<C>, scheduler: Scheduler, start: C.Instant, interruption: Interruption) {
    errand = Errand(runner: runner, start: start)
    self.scheduler = scheduler
    self.interruption = interruption
    progress = RunProgress(
      lanes: scheduler.progress, done: 0, answered: 0, failures: [:], retries: 0, elapsed: .zero)
  }

  private var runner: Runner<C> { errand.runner }
  private var now: Duration { errand.now }

  mutating func run(_ group: inout Group) async throws -> Scheduler.Ending {
    listen(&group)
    try look()
    while true {
      let action = scheduler.next(at: now)
      closeUnasked(&group)
      closeLate(&group)
      switch action {
      case .start(let dispatch):
        begin(dispatch, &group)
      case .wait(let until, let hold):
        progress.hold = (until, hold)
        tell()
        wake(at: until, &group)
        try await takeNext(&group)
        progress.hold = nil
      case .waitForResult:
        tell()
        try await takeNext(&group)
      case .look:
        while isWriting { try await takeNext(&group) }
        let seen = scheduler.horizon
        try look()
        // Where there is nothing new to see, the rest is asked without looking.
        if scheduler.horizon == seen { scheduler.horizon = .max }
      case .finish(let ending):
        while isWriting { try await takeNext(&group) }
        tell()
        return ending
      }
    }
  }

  /// Lets an adaptive run see what is stored, and ends the targets on which nothing depends any longer.
  private mutating func look() throws {
    guard let seen = try runner.looking?() else { return }
    for (target, closing) in seen.closings.sorted(by: { $0.key < $1.key }) {
      scheduler.settle(target, because: closing.text)
    }
    scheduler.horizon = seen.horizon
  }

  private mutating func takeNext(_ group: inout Group) async throws {
    guard let event = try await group.next() else { return }
    switch event {
    case .ended(let dispatch, let attempt, let grade):
      take(attempt, grade, of: dispatch, &group)
    case .written:
      isWriting = false
      write([], &group)
    case .tick(let time):
      if nextTick == time { nextTick = nil }
    case .interrupted:
      scheduler.drain()
      group.addTask { [interruption] in await interruption.wait() ? .cancelled : .silent }
      let (clock, end) = (runner.clock, runner.clock.now.advanced(by: runner.grace))
      group.addTask {
        do { try await clock.sleep(until: end, tolerance: nil) } catch { return .silent }
        return .cancelled
      }
    case .cancelled:
      scheduler.drain()
      group.cancelAll()
    case .silent:
      break
    }
  }

  private func listen(_ group: inout Group) {
    group.addTask { [interruption] in await interruption.wait() ? .interrupted : .silent }
  }

  private mutating func wake(at time: Duration, _ group: inout Group) {
    if let nextTick, nextTick <= time { return }
    nextTick = time
    let (clock, instant) = (runner.clock, errand.start.advanced(by: time))
    group.addTask {
      // Cancelled only when the run is over, and then nobody listens.
      try? await clock.sleep(until: instant, tolerance: .zero)
      return .tick(time)
    }
  }

  /// Writes that the attempt is about to be made, makes it, and grades a good answer; all off the loop.
  private mutating func begin(_ dispatch: Scheduler.Dispatch, _ group: inout Group) {
    leftOpen[dispatch.sample] = nil
    group.addTask { [errand] in
      try await errand.runner.log.append([.started(errand.attempt(dispatch))])
      let asked = errand.now
      let question = errand.runner.plan.question(for: dispatch.sample)
      let exchange = await errand.runner.provider.ask(question)
      return errand.ended(dispatch, exchange, asked: asked)
    }
  }

  private mutating func take(
    _ attempt: Attempt, _ grade: Grade?, of dispatch: Scheduler.Dispatch, _ group: inout Group
  ) {
    let failure = attempt.exchange.failure
    let disposition = scheduler.ended(
      dispatch,
      Scheduler.Result(
        failure: failure?.kind, tokens: attempt.exchange.usage.totalOrSum,
        usd: attempt.cost?.usd, wait: attempt.exchange.wait, refill: attempt.exchange.refill,
        wasSent: attempt.exchange.wasSent),
      at: now)
    if let failure { progress.failures[failure.kind, default: 0] += 1 }
    var closing: Grade?
    switch disposition {
    case .closed:
      closing = grade ?? failure.map(Grade.init(failure:))
      if failure == nil, !attempt.sample.warmup { progress.answered += 1 }
    case .retry: progress.retries += 1
    case .reopened: leftOpen[dispatch.sample] = attempt
    }
    write(attempt, closing, &group)
  }

  /// What was left open in case of an outage has ended, since there is none.
  private mutating func closeLate(_ group: inout Group) {
    for sample in scheduler.takeEndedLate() {
      guard let attempt = leftOpen.removeValue(forKey: sample) else { continue }
      write(attempt, attempt.exchange.failure.map(Grade.init(failure:)), &group)
    }
  }

  /// Writes an attempt that has ended, with the grade of its sample where that has, too.
  private mutating func write(_ attempt: Attempt, _ grade: Grade?, _ group: inout Group) {
    var (kept, closing) = (attempt, grade)
    if closing != nil, !attempt.sample.warmup { progress.done += 1 }
    if !runner.plan.suite.run.keep.keepsText(of: closing?.outcome) {
      kept.exchange.forgetText()
      if attempt.exchange.failure == nil { closing?.forgetText() }
    }
    write([.ended(kept, closing)], &group)
  }

  /// Samples of a target that was given up, and arrivals that could not be sent, are closed without being asked.
  ///
  /// Where the target is to blame they count as its errors: a target that dies must not look better than one that
  /// fails now and then.
  private mutating func closeUnasked(_ group: inout Group) {
    let unasked = scheduler.takeUnasked()
    guard !unasked.isEmpty else { return }
    progress.done += unasked.count { !runner.plan.samples[$0.sample].warmup }
    for missed in unasked where missed.cause == .missed {
      if let reason = missed.reason { progress.failures[reason, default: 0] += 1 }
    }
    write(unasked.map { .closed(runner.plan.identity(of: $0.sample), Grade($0)) }, &group)
  }

  /// One after another, since the next entry may end the sample of the one before.
  private mutating func write(_ entries: [LogEntry], _ group: inout Group) {
    unwritten += entries
    guard !isWriting, !unwritten.isEmpty else { return }
    isWriting = true
    group.addTask { [log = runner.log, unwritten] in
      try await log.append(unwritten)
      return .written
    }
    unwritten = []
  }

  private mutating func tell() {
    progress.lanes = scheduler.progress
    progress.elapsed = now
    runner.observer(progress)
  }
}

extension Grade {
  /// The grade of a sample whose last attempt failed: an error, unless the target is not to blame.
  init(failure: Failure) {
    self.init(
      failure.kind.scope.countsAgainstTarget ? .error : .skipped,
      reasons: ["\(failure.kind.rawValue): \(failure.message)"], failure: failure.kind)
  }
}

private extension Grade {
  /// The grade of a sample that was never asked: an error, unless the target is not to blame.
  init(_ unasked: Scheduler.Unasked) {
    switch unasked.cause {
    case .givenUp:
      let isToBlame = unasked.reason?.scope.countsAgainstTarget ?? false
      self.init(
        isToBlame ? .error : .skipped,
        reasons: ["\(Grade.neverAsked): \(unasked.reason?.rawValue ?? "unknown")"],
        failure: unasked.reason)
    case .missed:
      let what = unasked.reason == .dropped ? "place was free" : "quota was left"
      self.init(
        failure: Failure(
          unasked.reason ?? .dropped, "no \(what) when it was due, so it was not sent"))
    case .settled(let reason):
      self.init(.skipped, reasons: ["\(Grade.neverAsked): \(reason)"])
    }
  }
}

private extension RunPolicy.Keep {
  func keepsText(of outcome: Grade.Outcome?) -> Bool {
    switch self {
    case .answers: true
    case .failures: outcome != .pass
    case .nothing: false
    }
  }
}

private extension Exchange {
  mutating func forgetText() {
    answer = ""
    reasoning = ""
    failure?.evidence = nil
  }
}

private extension Grade {
  /// Leaves of each reason which check it was; what follows quotes the answer.
  mutating func forgetText() {
    reasons = reasons.map { String($0.prefix { $0 != ":" }) }
  }
}

extension Usage {
  /// All tokens, as reported or added up from what was reported.
  package var totalOrSum: Int? {
    total ?? prompt.flatMap { prompt in completion.map { prompt + $0 } }
  }
}

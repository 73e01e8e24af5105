import TryoutCore
import TryoutReport
import TryoutStore

extension Session {
  /// Takes an earlier run of the suite up again, by what is really sent: only what it has not asked yet is asked.
  ///
  /// Where no run is named it is the latest of this suite that is not finished, else the latest. The run takes on the
  /// suite as it is now. Where nothing is left to ask, the run stays finished.
  func resume(_ name: String?) throws -> Work {
    var run = try store.run(toResume: name, of: suite)
    try refuseBilledTargets(of: run)
    let plan = Plan(suite, seed: run.seed)
    var standing = Standing(of: plan, try store.done(of: run.id))
    if run.state != .finished || !standing.isComplete(plan) {
      // Claimed before it is read: what another process does of it until then is not asked again.
      try store.resume(run.id)
      standing = Standing(of: plan, try store.done(of: run.id))
    }
    if run.digest != suite.digest {
      try revise(run, plan)
      run = try store.run(run.id)
    }
    var work = Work(run: run, plan: plan, standing: standing)
    work.awaitsOthers = try grading(of: run.id).isPending()
    if run.state == .finished, work.awaitsOthers { try store.resume(run.id) }
    return work
  }

  /// Gives a run the suite as it is now, and says what that means for what it has.
  private func revise(_ run: RunRecord, _ plan: Plan) throws {
    let planned = Set(plan.samples.indices.map { plan.id(of: $0) })
    let revision = try store.revise(
      run.id, as: suite, planned: plan.measuredCount, at: wallClock(),
      regrading: suite.casesToRegrade(since: run.suite), isPlanned: planned.contains)
    Console.say("The suite has changed since run \(run.id); the run follows it.")
    if revision.regraded > 0 {
      Console.say(
        "\(Format.count(revision.regraded, "answer")) graded by the checks as they are now.")
    }
    if revision.lost > 0 {
      Console.say(
        "\(Format.count(revision.lost, "answer")) cannot be graded by the checks as they are now, since `run.keep` "
          + "did not keep the text: ungraded.")
    }
  }

  /// A target that must be free and was billed is not asked again.
  private func refuseBilledTargets(of run: RunRecord) throws {
    let free = suite.targets.filter(\.freeOnly).map(\.id)
    guard !free.isEmpty else { return }
    let billed = try store.billedTargets(of: run.id)
    guard let target = free.first(where: billed.contains) else { return }
    throw UserError(
      .usage,
      "Run \(run.id) stopped because \(target), which must be free, was billed. Take it out of the suite, or allow "
        + "it to cost with `free_only: false`, then resume.")
  }
}

extension Store {
  /// The run that a resume of a suite means; throws where it cannot go on as the same run.
  func run(toResume name: String?, of suite: Suite) throws -> RunRecord {
    let run = try run(name ?? candidate(suite))
    guard run.suite.name == suite.name else {
      throw UserError(
        .usage,
        "Run \(run.id) is one of suite \(run.suite.name), not of \(suite.name). Name a run of this suite, or start one "
          + "without --resume.")
    }
    guard run.suite.run.load == suite.run.load else {
      throw UserError(
        .usage,
        "Run \(run.id) was made under another `run.load`: its times and new ones would not be comparable. Start a new "
          + "run without --resume.")
    }
    return run
  }

  private func candidate(_ suite: Suite) throws -> String? {
    let runs = try runs().filter { $0.suite == suite.name && $0.confirms == nil }
    return (runs.first { $0.state != .finished } ?? runs.first)?.id
  }
}

extension Standing {
  /// Compares a plan with what the store has of a run.
  init(of plan: Plan, _ done: Store.Done) {
    self.init(
      of: plan, closed: done.closed, attempts: done.attempts, requests: done.requests,
      usd: done.usd)
  }
}

extension Session.Work {
  /// What a resume finds, in a sentence.
  var text: String {
    let left = plan.measuredCount - standing.doneCount(in: plan)
    guard left > 0 || run.state != .finished || awaitsOthers else {
      return "This run is finished; nothing is left to ask."
    }
    guard left > 0 || !awaitsOthers else {
      return
        "\(Format.count(standing.doneCount(in: plan), "sample")) done; judges or programs have not graded all of them"
    }
    return
      "\(Format.count(standing.doneCount(in: plan), "sample")) done, \(standing.stale) stale, \(left) to ask"
  }
}

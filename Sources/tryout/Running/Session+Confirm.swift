import TryoutCore
import TryoutReport
import TryoutStore

extension Session {
  /// Measures again what is about to fail against the baseline, as a run of its own under the same limits and quotas;
  /// returns the signal that ended it early.
  ///
  /// What an earlier process began of it is gone on with, and what it finished stands.
  func confirm(_ report: Report) async throws -> Int32? {
    let earlier = try store.confirmation(of: report.run.id)
    guard earlier?.state != .finished else { return nil }
    let names = report.suspects.map { "\($0.gate) (\($0.target))" }
    let session = Session(
      suite: report.run.suite.narrowed(to: report.suspects), keys: keys, store: store,
      // Those of the run have been waited for, and end with it.
      signals: Signals(), narrowed: "confirms \(report.run.id)", grace: grace, isVerbose: isVerbose,
      programs: programs)
    let work: Work
    if let earlier {
      work = try session.resume(earlier.id)
    } else {
      work = try session.begin(seed: report.run.seed &+ 1)
      try store.link(work.run.id, confirming: report.run.id)
    }
    Console.say(
      "Run \(work.run.id) measures again: \(names.joined(separator: ", ")), "
        + Format.count(work.plan.measuredCount, "sample"))
    let ending = try await session.signals.handling { try await session.carryOut(work) }
    if ending != .complete {
      Console.say(
        "tryout: not all was measured again; `tryout run … --resume \(report.run.id) --confirm` goes on"
      )
    }
    return ending == .interrupted ? session.signals.first : nil
  }
}

extension Store {
  /// Keeps what of a finished run failed against its baseline, so that it is in nobody's baseline.
  func keepRegressions(of report: Report) throws {
    guard report.run.state == .finished else { return }
    let gates = Set(report.run.suite.gates.filter { $0.against != nil }.map(\.id))
    guard !gates.isEmpty else { return }
    try keep(
      regressions: report.gates.filter { $0.verdict == .fail && gates.contains($0.gate) }
        .map { ($0.gate, $0.target) },
      of: report.run.id)
  }
}

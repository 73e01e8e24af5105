import TryoutStatistics

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Which earlier nights a run is compared with, target by target: the latest comparable ones.
///
/// A night is left out for a target that it found worse, since else one bad night would excuse the next; until somebody
/// accepts it. An accepted night is where the baseline begins.
package struct RollingChoice: Sendable {
  /// Nights at most.
  package static let most = 14
  /// How far back they are looked for, in runs of the suite.
  package static let horizon = 60
  /// Samples after which no further night is added: a single large one is enough.
  private static let enough = 200_000

  /// By target, oldest first.
  package private(set) var runs: [String: [RunRecord]] = [:]
  private var reasons: [String: String] = [:]
  private let reference: RunRecord?
  private let head: RunRecord

  /// Chooses from the finished runs of head's suite that began before it, newest first.
  package init(
    for head: RunRecord, among earlier: [RunRecord], regressions: [String: Set<String>] = [:],
    accepted: Set<String> = []
  ) {
    self.head = head
    reference = earlier.first {
      !$0.isNarrowed && (accepted.contains($0.id) || regressions[$0.id] == nil)
    }
    var samples: [String: Int] = [:]
    for night in earlier {
      let isAccepted = accepted.contains(night.id)
      let comparability = Comparability(base: night, head: head)
      for target in head.suite.targets.map(\.id) {
        guard runs[target, default: []].count < Self.most,
          samples[target, default: 0] < Self.enough,
          night.suite.targets.contains(where: { $0.id == target })
        else { continue }
        let differences =
          comparability.obstacles
          + Comparability.obstacles(of: target, base: night.suite, head: head.suite)
          + Comparability.contentChanges(of: target, base: night.suite, head: head.suite)
        if !differences.isEmpty {
          let text = "no earlier night is comparable: \(differences.joined(separator: ", "))"
          reasons[target] = reasons[target] ?? text
        } else if !isAccepted, regressions[night.id]?.contains(target) ?? false {
          reasons[target] = reasons[target] ?? "every earlier night has failed and none is accepted"
        } else {
          runs[target, default: []].insert(night, at: 0)
          samples[target, default: 0] += night.done / max(night.suite.targets.count, 1)
        }
      }
      if isAccepted { break }
    }
  }

  /// The baseline of these nights, from their answers by run and target, each target's cut at its last change.
  package func baseline(_ answers: [String: [String: Answers]]) -> Baseline {
    var sides: [String: Baseline.Side] = [:]
    var notes: [String] = []
    for target in head.suite.targets.map(\.id) {
      let nights = (runs[target] ?? []).compactMap { run in
        answers[run.id]?[target].map { (run: run, answers: $0) }
      }.filter { !$0.answers.isEmpty }
      guard !nights.isEmpty else { continue }
      let start = RollingChoice.levels(of: nights.map(\.answers)).flatMap { levels in
        ChangePoint.all(in: levels, seed: 1).last?.index
      }
      if let start {
        notes.append(
          "\(target): the baseline begins with run \(nights[start].run.id), since its latency changed there"
        )
      }
      var whole = Answers(by: .content)
      for night in nights[(start ?? 0)...] { whole.add(night.answers) }
      sides[target] = Baseline.Side(
        runs: nights[(start ?? 0)...].map(\.run), answers: whole)
    }
    return Baseline(
      .rolling, sides: sides, reference: reference, reasons: reasons, notes: notes)
  }

  /// How long each night's latencies are, as ln of the ratio to the last night's that was answered at all; nil where a night
  /// has nothing in common with that one.
  static func levels(of nights: [Answers]) -> [Double]? {
    func isAnswered(_ night: Answers) -> Bool {
      guard case .value = Pairing(base: night, head: night).ratio(of: .paired(.latency))?.ratio
      else { return false }
      return true
    }
    guard nights.count > 1, let last = nights.last(where: isAnswered) else { return nil }
    var levels: [Double] = []
    for night in nights {
      guard let ratio = Pairing(base: last, head: night).ratio(of: .paired(.latency)) else {
        return nil
      }
      switch ratio.ratio {
      case .value(let value): levels.append(log(max(value, 1 / RollingChoice.extreme)))
      case .unbounded: levels.append(log(RollingChoice.extreme))
      case .unavailable: return nil
      }
    }
    return levels
  }

  /// Stands for a night of failures.
  private static let extreme = 1000.0
}

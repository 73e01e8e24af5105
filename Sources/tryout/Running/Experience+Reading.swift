import TryoutCore
import TryoutStore

extension Store {
  /// What the latest runs of a suite tell about the next.
  ///
  /// Of a large run the first samples are enough; a run that cannot be read tells nothing.
  func experience(of suite: Suite) throws -> Experience {
    var experience = Experience(of: suite)
    let earlier = try runs().filter { $0.suite == suite.name && $0.done > 0 }
    for summary in earlier.prefix(Store.nights) {
      guard let run = try? run(summary.id) else { continue }
      let parts = try parts(of: run.id, atMost: max(1, run.done / Store.enough))
      try experience.add(run) { add in try forEachSample(of: run.id, in: parts.first, add) }
    }
    return experience
  }

  /// A week of them.
  private static let nights = 7
  /// Samples of one run.
  private static let enough = 50_000
}

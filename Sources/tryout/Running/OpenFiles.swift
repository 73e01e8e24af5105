import Foundation
import TryoutCore

/// How many files and sockets this process may have open.
enum OpenFiles {
  /// For the database, the report, standard streams and the engine.
  private static let others = 64

  /// Raises the limit as far as the system allows; throws where that is too low for the requests of a suite.
  static func allow(_ suite: Suite) throws {
    let needed = suite.mostSockets + others
    guard let allowed = raise(), allowed < needed else { return }
    throw UserError(
      .usage,
      "The suite may have \(suite.mostAtOnce) requests under way at once, which needs \(needed) open files; the system "
        + "allows \(allowed). Allow more with `ulimit -n \(needed)`, or lower run.concurrency in the suite."
    )
  }

  /// Raises the limit likewise, for streams of which both ends are ours.
  static func allow(streams count: Int) throws {
    let needed = 2 * count + others
    guard let allowed = raise(), allowed < needed else { return }
    throw UserError(
      .usage,
      "So many streams at once need \(needed) open files; the system allows \(allowed). Allow more with "
        + "`ulimit -n \(needed)`, or ask for fewer with --streams."
    )
  }

  /// How many are allowed from now on; nil where the system does not tell.
  private static func raise() -> Int? {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return nil }
    limit.rlim_cur = limit.rlim_max
    // macOS names a hard limit that it does not grant; what counts is what is in force.
    if setrlimit(resource, &limit) != 0 { getrlimit(resource, &limit) }
    return Int(clamping: limit.rlim_cur)
  }

  #if canImport(Darwin)
  private static let resource = RLIMIT_NOFILE
  #else
  private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  #endif
}

private extension Suite {
  /// Requests under way at once, over all limits.
  var mostAtOnce: Int { min(run.concurrency, limitsInUse.reduce(0) { $0 + $1.concurrency }) }

  /// A simulator answers in this process, so that both ends of its connections are ours.
  var mostSockets: Int {
    mostAtOnce * (accounts.contains { $0.provider == .simulator } ? 2 : 1)
  }

  private var limitsInUse: [Limit] {
    limits.filter { limit in targets.contains { $0.limit == limit.id } }
  }
}

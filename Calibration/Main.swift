import TryoutStatistics

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Simulates worlds whose truth is known and prints how often each promise held, as Markdown.
///
/// The same seed prints the same table. Fails when a promise is broken. Arguments are words of the titles to print;
/// without any all are printed.
@main
enum Main {
  static let seed: UInt64 = 20_260

  static func main() async {
    var (broken, printed) = (0, 0)
    let sections = [
      ("An interval covers the truth", Promise.intervals),
      ("Nothing differs, and a difference is found", Promise.nothingDiffers),
      ("Something differs, and is found", Promise.whatDiffersIsSeen),
      ("What nights are compared by covers the truth", Promise.intervalsOfRelations),
      ("Nothing has changed since the last nights", Promise.unchangedNights),
      ("Something has changed, and is found", Promise.changedNights),
      ("Rules that are not used, on unchanged nights", Promise.rulesNotTaken),
      ("A baseline of several nights, and where it begins", Promise.baselines),
    ]
    for (title, promises) in sections where isAsked(for: title) {
      printed += 1
      print("\n**\(title)**\n")
      print("| estimate | world | n | promised | measured | worlds |\n|---|---|--:|---|--:|--:|")
      for (offset, promise) in promises.enumerated() {
        let measured = promise.measured(seed: seed &+ UInt64(offset) &* 7919)
        let isBroken = promise.isBroken(by: measured)
        broken += isBroken ? 1 : 0
        let cells = [
          promise.estimate, promise.world, "\(promise.n)", promise.claim.text,
          percent(measured.rate ?? 0) + (isBroken ? " BROKEN" : ""), "\(promise.worlds)",
        ]
        print("| " + cells.joined(separator: " | ") + " |")
      }
    }
    let title = "A default is chosen among five, of which the first is it now"
    if isAsked(for: title) {
      printed += 1
      print("\n**\(title)**\n")
      let adaptive = await AdaptiveWorld.table(seed: seed)
      for line in adaptive.lines { print(line) }
      if !adaptive.isKept {
        print("\nAdaptive runs: BROKEN")
        broken += 1
      }
    }
    if printed == 0 { print("No title has such a word.") }
    exit(broken == 0 && printed > 0 ? EXIT_SUCCESS : EXIT_FAILURE)
  }

  private static func isAsked(for title: String) -> Bool {
    let words = CommandLine.arguments.dropFirst()
    return words.isEmpty || words.contains { title.contains($0) }
  }

  static func percent(_ share: Double) -> String {
    let tenths = Int((share * 1000).rounded())
    return "\(tenths / 10).\(tenths % 10) %"
  }
}

extension Promise.Claim {
  fileprivate var text: String {
    switch self {
    case .atLeast(let share): "at least \(Main.percent(share))"
    case .atMost(let share): "at most \(Main.percent(share))"
    case .about(let share, let width): "\(Main.percent(share)) ± \(Main.percent(width))"
    }
  }
}

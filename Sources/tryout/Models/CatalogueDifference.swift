import ArgumentParser
import Foundation
import TryoutCore
import TryoutReport

/// What is otherwise than before, and which targets that hits.
struct CatalogueDifference {
  var later: Catalogue
  /// When the earlier one was taken; nil without one.
  var since: Int64?
  var changes: [CatalogueChange]
  var alarms: [TargetAlarm]

  var json: JSON {
    [
      "source": .string(later.source), "taken_at": .string(timestamp(later.takenAt)),
      "since": since.map { .string(timestamp($0)) } ?? .null,
      "models": .integer(Int64(later.models.count)),
      "free": .integer(Int64(later.models.count(where: \.isFree))),
      "changes": .array(changes.map(\.json)), "affected": .array(alarms.map(\.json)),
    ]
  }
}

/// Whether and how differences decide the exit code.
struct AlarmOptions: ParsableArguments {
  @Flag(
    help: "Exit 1 where a target of --suite is gone, costs though it must not, or lost something.")
  var failOnChange = false

  func check(_ catalogue: CatalogueOptions) throws {
    if failOnChange, catalogue.suite == nil {
      throw ValidationError("--fail-on-change wants --suite: whose targets shall it look at?")
    }
  }

  /// Shows the differences; the last line says why the exit code is what it is.
  func conclude(_ differences: [CatalogueDifference], asJSON: Bool) throws {
    if asJSON {
      try Console.data(JSON.array(differences.map(\.json)).canonicalText + "\n")
    } else {
      for difference in differences where !difference.changes.isEmpty {
        try Console.text(CatalogueText.table(difference.changes))
      }
    }
    for difference in differences {
      guard let since = difference.since else { continue }
      let count = Format.count(difference.changes.count, "change")
      Console.say("\(difference.later.source): \(count) since \(timestamp(since))")
    }
    let alarms = differences.flatMap(\.alarms)
    for alarm in alarms { Console.say(alarm.text) }
    guard failOnChange else { return }
    if !alarms.isEmpty {
      let targets = Set(alarms.map(\.target)).sorted().joined(separator: ", ")
      Console.say("tryout: the catalogue affects \(targets)")
      throw ExitCode(Verdict.Code.gateFailed.rawValue)
    }
    Console.say("tryout: no target is affected")
  }
}

/// A point in time as options write it.
enum Moment {
  /// Nanoseconds since 1970 of `36h`, `7d` before now, of a date at 00:00 UTC, or of a moment in ISO 8601.
  static func parse(_ text: String, now: Int64) -> Int64? {
    if let match = text.wholeMatch(of: /([0-9]{1,5})(min|h|d|w)/), let count = Int64(match.1) {
      let seconds: [Substring: Int64] = ["min": 60, "h": 3600, "d": 86_400, "w": 604_800]
      return seconds[match.2].flatMap { nanoseconds(count * $0) }.map { now - $0 }
    }
    let isDate = text.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil
    let date = try? Date(isDate ? text + "T00:00:00Z" : text, strategy: .iso8601)
    return date.flatMap { nanoseconds(Int64($0.timeIntervalSince1970)) }
  }

  /// Nil for more than two centuries.
  private static func nanoseconds(_ seconds: Int64) -> Int64? {
    let (product, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return isTooLong ? nil : product
  }
}

import Foundation

extension Measurement {
  /// Each attempt is entered when it begins and completed when it ends, and each of the two is acknowledged.
  static let recording = Measurement(
    name: "recording",
    rows: [Row("attempts recorded each second, 10,000 under way", in: "/s", .atLeast(100_000))]
  ) { workshop in
    let outcome = try workshop.record(attempts: 500_000, db: workshop.freshDatabase())
    return [Reading(Double(outcome.output.trimmed) ?? 0)]
  }

  static let report = Measurement(
    name: "report",
    rows: [
      Row("`report` over 1,000,000 attempts", in: "s", .atMost(1)),
      Row("memory of `report` over 1,000,000 attempts", in: "MB", .atMost(300)),
      Row("`report`, time for each attempt of 1,000,000 against 250,000", in: "%", .atMost(115)),
    ]
  ) { workshop in
    let (quarter, whole) = (workshop.path("quarter.db"), workshop.path("whole.db"))
    for (db, attempts) in [(quarter, 250_000), (whole, 1_000_000)]
    where !FileManager.default.fileExists(atPath: db) {
      _ = try workshop.record(attempts: attempts, db: db)
    }
    let small = try workshop.run([workshop.tryout, "report", "--db", quarter])
    let large = try workshop.run([workshop.tryout, "report", "--db", whole])
    return [
      Reading(large.wall), Reading(large.memory), Reading(large.wall / small.wall / 4 * 100),
    ]
  }
}

private extension Workshop {
  func record(attempts: Int, db: String) throws -> Outcome {
    try run([bench, "record", "--attempts", "\(attempts)", "--at-once", "10000", "--db", db])
  }
}

private extension String {
  var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}

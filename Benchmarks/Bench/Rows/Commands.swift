import Foundation

extension Measurement {
  /// Milliseconds until a program has said what it can, the middle of many starts.
  static let startup = Measurement(
    name: "startup",
    rows: [
      Row("`--help`", in: "ms", .atMost(15)),
      Row("`--version`", in: "ms", .atMost(15)),
    ]
  ) { workshop in
    try ["--help", "--version"].map { option in
      let starts = try (0..<20).map { _ in try workshop.run([workshop.tryout, option]).wall }
      return Reading(starts.median * 1000)
    }
  }

  static let plan = Measurement(
    name: "plan", rows: [Row("`plan` of 1,000,000 samples", in: "s", .atMost(1))]
  ) { workshop in
    let suite = workshop.path("plan.yaml")
    try """
    version: 1
    suite: plan
    targets: [simulator:steady, simulator:fast, simulator:slow, simulator:flaky]
    prompts: ["What is {{ x }}?", "Name {{ x }}."]
    cases:
      - { id: one, vars: { x: one } }
      - { id: two, vars: { x: two } }
    run: { samples: 62500 }
    """.write(toFile: suite, atomically: true, encoding: .utf8)
    let outcome = try workshop.run([
      workshop.tryout, "plan", suite, "--db", workshop.freshDatabase(),
    ])
    return [Reading(outcome.wall)]
  }
}

extension [Double] {
  var median: Double {
    let sorted = sorted()
    let middle = count / 2
    return count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}

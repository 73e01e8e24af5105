/// Something that is measured once in every round, and the rows of the table that it fills.
struct Measurement: Sendable {
  /// What it is called on the command line.
  let name: String
  let rows: [Row]
  /// One reading for each row.
  let measure: @Sendable (Workshop) throws -> [Reading]

  static let all: [Measurement] = [
    .cpu(
      "burst", "no delay, 64 at once", .init(), requests: 20_000, few: 1000, atOnce: 64, bar: 1.5),
    .cpu(
      "paced", "25 ms apart, 1000 at once", .init(first: 50_000_000, gap: 25_000_000),
      requests: 3000, few: 1000, atOnce: 1000, bar: 1.15),
    .ttft1000, .ttft256, .memory, .startup, .recording, .report, .plan,
  ]
}

/// One line of the table.
struct Row: Sendable {
  enum Bar: Sendable {
    /// So many times the yardstick at most.
    case ratio(Double)
    case atMost(Double)
    case atLeast(Double)
  }

  let what: String
  let unit: String
  let bar: Bar

  init(_ what: String, in unit: String, _ bar: Bar) {
    self.what = what
    self.unit = unit
    self.bar = bar
  }
}

/// What one round came to.
struct Reading {
  var own: Double
  /// What the yardstick came to right after; nil where there is none, or nothing to compare.
  var yardstick: Double?

  init(_ own: Double, against yardstick: Double? = nil) {
    self.own = own
    self.yardstick = yardstick
  }
}

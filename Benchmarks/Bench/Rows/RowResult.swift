import Foundation

/// The readings of one row over all rounds.
struct RowResult: Encodable {
  struct Spread: Encodable {
    var median: Double
    var least: Double
    var most: Double

    init?(_ values: [Double]) {
      guard let least = values.min(), let most = values.max() else { return nil }
      (median, self.least, self.most) = (values.median, least, most)
    }

    var text: String {
      "\(Spread.short(median)) (\(Spread.short(least))–\(Spread.short(most)))"
    }

    /// Three digits, and no more than the whole number before the point.
    static func short(_ value: Double) -> String {
      let digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3
      return String(format: "%.\(digits)f", value)
    }
  }

  let what: String
  let unit: String
  let bar: String
  let tryout: Spread?
  let yardstick: Spread?
  /// Of each round by itself.
  let ratio: Spread?
  /// Whether the median holds the bar; nil where it cannot be told.
  let holds: Bool?

  init(_ row: Row, _ readings: [Reading]) {
    what = row.what
    unit = row.unit
    tryout = Spread(readings.map(\.own))
    yardstick = Spread(readings.compactMap(\.yardstick))
    ratio = Spread(readings.compactMap { reading in reading.yardstick.map { reading.own / $0 } })
    switch row.bar {
    case .ratio(let most):
      bar = "≤ \(most) ×"
      holds = ratio.map { $0.median <= most }
    case .atMost(let most):
      bar = "≤ \(Spread.short(most)) \(unit)"
      holds = tryout.map { $0.median <= most }
    case .atLeast(let least):
      bar = "≥ \(Spread.short(least)) \(unit)"
      holds = tryout.map { $0.median >= least }
    }
  }

  /// A line of a Markdown table.
  var line: String {
    let isCompared = bar.hasSuffix("×")
    let cells = [
      "\(what), \(unit)", tryout?.text ?? "", yardstick?.text ?? (isCompared ? "no yardstick" : ""),
      ratio?.text ?? "", bar, holds.map { $0 ? "yes" : "**no**" } ?? "",
    ]
    return "| \(cells.joined(separator: " | ")) |"
  }

  static let head = """
    | what | tryout: median (range) | yardstick | ratio | bar | holds |
    |---|---|---|---|---|---|
    """
}

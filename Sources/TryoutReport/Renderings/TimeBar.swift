import TryoutCore
import TryoutStatistics

/// Draws times as bars from zero on one scale: a line for the interval, a dot for the estimate.
///
/// What reaches among the failures runs dashed out of the picture.
struct TimeBar {
  private static let width = 120.0
  private static let margin = 3.0

  /// The seconds at the right end.
  private let longest: Double

  /// One scale for the columns of each group, so that p50 and p95 can be compared; by the group's number.
  static func scales(of table: Table) -> [Int: TimeBar] {
    var longest: [Int: Double] = [:]
    for row in table.rows {
      for (column, cell) in zip(table.columns, row) {
        guard let time = cell.time else { continue }
        let ends = [time.low, time.value, time.high].compactMap(\.number)
        longest[column.group] = max(longest[column.group] ?? 0, ends.max() ?? 0)
      }
    }
    return longest.filter { $0.value > 0 }.mapValues { TimeBar(longest: $0) }
  }

  /// The bar as SVG; hidden from screen readers, since the figures stand beside it.
  func drawing(of time: MetricEstimate) -> String {
    var shapes = line("track", Self.margin, Self.width - Self.margin)
    let value = time.value.number
    let low = time.low.number ?? value
    let high = time.high.number ?? value
    if let low, let high, low < high { shapes += line("range", x(low), x(high)) }
    if time.high == .unbounded || time.value == .unbounded {
      shapes += line("open", (high ?? low).map(x) ?? Self.margin, Self.width)
    }
    if let value { shapes += #"<circle class="value" cx="\#(text(x(value)))" cy="5" r="3"/>"# }
    let size = Format.fixed(Self.width, 0)
    return #"<svg width="\#(size)" height="10" viewBox="0 0 \#(size) 10" aria-hidden="true">"#
      + shapes + "</svg>"
  }

  private func x(_ seconds: Double) -> Double {
    Self.margin + seconds / longest * (Self.width - 2 * Self.margin)
  }

  private func line(_ name: String, _ from: Double, _ to: Double) -> String {
    #"<line class="\#(name)" x1="\#(text(from))" y1="5" x2="\#(text(to))" y2="5"/>"#
  }

  private func text(_ length: Double) -> String { Format.fixed(length, 1) }
}

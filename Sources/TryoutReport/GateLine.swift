import TryoutCore

/// One gate's result in words, for media that show gates one by one.
struct GateLine {
  /// The id with what it demands: `up: answered >= 95%`.
  let demand: String
  /// The estimate with its interval: `80.0 % [71.1, 86.7]`.
  let found: String
  /// Why, and what must be known of the estimate.
  let remarks: [String]

  init(_ result: GateResult, of report: Report) {
    var writer = TableWriter(report: report, limit: 1)
    let cells = writer.row(result)
    demand = cells[1].text
    let estimate = cells[3]
    found = estimate.text + (estimate.detail.isEmpty ? "" : " " + estimate.detail)
    remarks = writer.footnotes.texts
  }

  /// All of it on one line.
  var sentence: String { ([demand, "found \(found)"] + remarks).joined(separator: "; ") }
}

package import TryoutCore
import TryoutStatistics

/// A report for programs: `docs/report-json.md` explains every field.
///
/// Members are sorted by name and present even where their value is unknown, which is null.
package struct JSONRendering: Sendable {
  /// Grows when a field is removed or changes its meaning, not when one is added.
  static let schemaVersion: Int64 = 1

  package init() {}

  /// Writes the report as indented JSON, whose last line ends with a line feed.
  package func render(_ report: Report) -> String { JSONRendering.indented(report.json) }

  /// Writes a comparison in the same manner.
  package func render(_ comparison: RunComparison) -> String {
    let outcome = comparison.outcome
    let members: JSON = [
      "schema_version": .integer(JSONRendering.schemaVersion),
      "exit_code": .integer(Int64(outcome.code.rawValue)),
      "comparison": comparison.json,
    ]
    return JSONRendering.indented(members)
  }

  /// Writes a recommendation in the same manner.
  package func render(_ text: RecommendationText) -> String {
    let members: JSON = [
      "schema_version": .integer(JSONRendering.schemaVersion),
      "exit_code": .integer(Int64(text.outcome.code.rawValue)),
      "recommendation": text.json,
    ]
    return JSONRendering.indented(members)
  }

  /// Any value in the form of the reports.
  static func indented(_ value: JSON) -> String {
    var text = ""
    write(value, indent: "\n", into: &text)
    return text + "\n"
  }

  private static func write(_ value: JSON, indent: String, into text: inout String) {
    let inner = indent + "  "
    switch value {
    case .array(let elements) where !elements.isEmpty:
      text += "["
      for (index, element) in elements.enumerated() {
        text += (index > 0 ? "," : "") + inner
        write(element, indent: inner, into: &text)
      }
      text += indent + "]"
    case .object(let members) where !members.isEmpty:
      text += "{"
      for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
        text += (index > 0 ? "," : "") + inner
        write(member.key, into: &text)
        text += ": "
        write(member.value, indent: inner, into: &text)
      }
      text += indent + "}"
    case .string(let string): write(string, into: &text)
    default: text += value.canonicalText
    }
  }

  /// Escapes also what is invisible, so that a report printed on a terminal commands nothing.
  private static func write(_ string: String, into text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      default:
        if scalar == "\"" || scalar == "\\" { text += "\\" }
        text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}

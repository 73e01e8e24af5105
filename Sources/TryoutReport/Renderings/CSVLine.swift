import TryoutCore
import TryoutStatistics

/// One row in the making, with the names of its columns beside their fields.
struct CSVLine {
  private var names: [String] = []
  private var fields: [String] = []

  var header: String { names.joined(separator: ",") + "\r\n" }

  var text: String { fields.joined(separator: ",") + "\r\n" }

  private mutating func add(_ name: String, literal field: String?) {
    names.append(name)
    fields.append(field ?? "")
  }

  mutating func add(_ name: String, text: String?) {
    add(name, literal: text.map(CSVLine.escaped))
  }

  mutating func add(_ name: String, _ number: Int?) {
    add(name, literal: number.map { String($0) })
  }

  mutating func add(_ name: String, _ number: Double?) {
    add(name, literal: number.map { "\($0)" })
  }

  mutating func add(_ name: String, _ flag: Bool?) {
    add(name, literal: flag.map { String($0) })
  }

  mutating func add(_ name: String, nanoseconds: Int64?) {
    add(name, literal: nanoseconds.map(Format.milliseconds))
  }

  /// A bound in its own unit; one that does not exist stays empty.
  mutating func add(_ name: String, bound: Bound?) {
    switch bound {
    case .value(let value): add(name, value)
    case .unbounded: add(name, literal: "unbounded")
    case .unavailable, nil: add(name, literal: nil)
    }
  }

  /// Four columns: the estimate, its interval, and the figure over the successes alone.
  mutating func add(_ name: String, seconds estimate: MetricEstimate?) {
    let ends = [("", estimate?.value), ("_low", estimate?.low), ("_high", estimate?.high)]
    for (suffix, bound) in ends {
      if case .value(let seconds) = bound {
        add("\(name)\(suffix)_ms", nanoseconds: CSVLine.nanoseconds(seconds))
      } else {
        add("\(name)\(suffix)_ms", bound: bound)
      }
    }
    add(
      "\(name)_success_only_ms",
      nanoseconds: (estimate?.successOnly).map(CSVLine.nanoseconds)
    )
  }

  mutating func add(_ usage: Usage) {
    add("prompt_tokens", usage.prompt)
    add("completion_tokens", usage.completion)
    add("reasoning_tokens", usage.reasoning)
    add("cached_tokens", usage.cached)
    add("total_tokens", usage.total)
  }

  /// Exact: a nearest rank is a measured time, and that was a whole number.
  private static func nanoseconds(_ seconds: Double) -> Int64 {
    Int64((seconds * 1e9).rounded())
  }

  /// Foreign text as a field: quoted where the format needs it, and never a formula.
  ///
  /// It goes by scalars, since to Swift a quote with an accent is no quote. Control characters other
  /// than line breaks and tabs are left out: many readers stop there.
  static func escaped(_ text: String) -> String {
    if isHarmless(text) { return text }
    let scalars = text.unicodeScalars.filter {
      $0.properties.generalCategory != .control || $0 == "\t" || $0 == "\r" || $0 == "\n"
    }
    var field = String.UnicodeScalarView()
    if let first = scalars.first, formulaStarts.contains(first) { field.append("'") }
    for scalar in scalars {
      if scalar == "\"" { field.append(scalar) }
      field.append(scalar)
    }
    let needsQuotes =
      field.first == " " || field.last == " "
      || field.contains { $0 == "\"" || $0 == "," || $0 == "\r" || $0 == "\n" }
    return needsQuotes ? "\"\(String(field))\"" : String(field)
  }

  /// Whether there is certainly nothing to do, as for most of the millions of fields of a long run.
  private static func isHarmless(_ text: String) -> Bool {
    let letters = UInt8(ascii: "0")...UInt8(ascii: "z")
    return text.utf8.allSatisfy { letters.contains($0) || $0 == 0x2D || $0 == 0x2E || $0 == 0x2F }
      && !(text.utf8.first.map { $0 == 0x2D || $0 == 0x3D || $0 == 0x40 } ?? false)
  }

  /// What spreadsheets take for the beginning of a formula, in both widths.
  private static let formulaStarts: Set<Unicode.Scalar> = [
    "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠",
  ]
}

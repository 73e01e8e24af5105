package import TryoutCore

/// Numbers for people, the same on every machine: no locale, no calendar, no Foundation.
package enum Format {
  /// `1 sample`, `3 samples`.
  package static func count(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  /// A quantity with its unit: `1.24 s`, `312 ms`, `96.7 %`, `$0.0123`.
  package static func quantity(_ value: Double, _ unit: Metric.Unit) -> String {
    Scale(for: value, unit).quantity(value)
  }

  /// Nanoseconds as people read them: `1.24 s`, `312 ms`.
  package static func time(_ nanoseconds: Int64) -> String {
    quantity(Double(nanoseconds) / 1e9, .seconds)
  }

  /// A moment as UTC in ISO 8601, from nanoseconds since 1970.
  package static func instant(_ nanoseconds: Int64, milliseconds: Bool = false) -> String {
    let (seconds, rest) = floorDivide(nanoseconds, 1_000_000_000)
    let (days, second) = floorDivide(seconds, 86400)
    let (year, month, day) = civil(days: days)
    let fraction = milliseconds ? "." + padded(rest / 1_000_000, 3) : ""
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
      + "T\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
      + fraction + "Z"
  }

  /// Nanoseconds as milliseconds, exactly and without needless zeros.
  package static func milliseconds(_ nanoseconds: Int64) -> String {
    let (whole, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
    var digits = String(1_000_000 + rest).dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return (nanoseconds < 0 ? "-" : "") + "\(whole)" + (digits.isEmpty ? "" : "." + digits)
  }

  /// A number with so many decimals, rounded half away from zero.
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    let scaled = (value.magnitude * powerOfTen(decimals)).rounded()
    // Beyond 2^53 a double has no decimals that could be lost.
    guard scaled < 9e15 else { return "\(value)" }
    let digits = String(Int64(scaled))
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard decimals > 0 else { return sign + digits }
    let filled = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    return sign + filled.dropLast(decimals) + "." + filled.suffix(decimals)
  }

  /// A number with so many significant digits; whole ones keep all of theirs.
  package static func significant(_ value: Double, _ digits: Int) -> String {
    guard value != 0 else { return "0" }
    // Counted after rounding, since 9.996 has three digits as 10.0 and not as 10.00.
    func rounded(_ decimals: Int) -> Double { (value.magnitude * powerOfTen(decimals)).rounded() }
    var decimals = digits - 1
    while decimals > 0, rounded(decimals) >= powerOfTen(digits) { decimals -= 1 }
    while decimals < 12, rounded(decimals) < powerOfTen(digits - 1) { decimals += 1 }
    return fixed(value, decimals)
  }

  private static func powerOfTen(_ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (Int64, Int64) {
    let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
  }

  /// The Gregorian date of a day since 1970.
  ///
  /// Source: Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
  private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shifted + 2) / 5 + 1
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }
}

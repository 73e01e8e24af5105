import CCurl
import Foundation
import TryoutCore

/// How long a refusal asks to wait, from its headers and its body.
enum WaitHint {
  /// The longest of all hints, since they may disagree; nil without one that lies in the future.
  ///
  /// The error's own headers and delays count like real ones. `now` is the wall clock in seconds
  /// since 1970; dates are compared with the response's `Date` where it has one.
  static func wait(head: ResponseHead, error: ProviderError?, now: Double) -> Duration? {
    let serverNow = head["date"].flatMap(httpDate) ?? now
    var hints = hints(in: head.fields, now: serverNow)
    if case .object(let members)? = error?.metadata?["headers"] {
      let fields = members.map { ($0.lowercased(), $1.text ?? $1.canonicalText) }
      hints += Self.hints(in: Dictionary(fields) { $1 }, now: serverNow)
    }
    hints += [error?.availability?["retry_after"], error?.metadata?["retry_after"]].map { value in
      value?.double ?? value?.text.flatMap { seconds($0, now: serverNow) }
    }
    for detail in error?.json?["details"]?.elements ?? [] {
      hints.append(detail["retryDelay"]?.text.flatMap(goDuration))
    }
    guard let longest = hints.compactMap(\.self).filter({ $0 > 0 }).max() else { return nil }
    return .milliseconds(Int64((min(longest, 1e9) * 1000).rounded(.up)))
  }

  private static func hints(in fields: [String: String], now: Double) -> [Double?] {
    var hints = [
      fields["retry-after-ms"].flatMap { Double($0) }.map { $0 / 1000 },
      fields["retry-after"].flatMap { seconds($0, now: now) ?? httpDate($0).map { $0 - now } },
    ]
    for (name, value) in fields where name.contains("ratelimit") && name.contains("reset") {
      // A reset says something only about a bucket that is empty.
      let remaining = fields[name.replacing("reset", with: "remaining")]
      let isEmpty = remaining.map { $0 == "0" } ?? (name == "x-ratelimit-reset")
      if isEmpty { hints.append(seconds(value, now: now)) }
    }
    return hints
  }

  /// Seconds from now: of a number by its magnitude (seconds, epoch seconds, epoch milliseconds),
  /// of a duration such as `6m0s`, or until a moment in RFC 3339.
  static func seconds(_ text: String, now: Double) -> Double? {
    if let number = Double(text), number.isFinite {
      if number < 1e9 { return number }
      return (number < 1e11 ? number : number / 1000) - now
    }
    return goDuration(text) ?? rfc3339(text).map { $0 - now }
  }

  /// Seconds of a duration as Go writes it: `12ms`, `6m0s`, `1h2m3.5s`.
  static func goDuration(_ text: String) -> Double? {
    var rest = text[...]
    var seconds = 0.0
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isNumber || $0 == "." }
      rest = rest[digits.endIndex...]
      let unit = rest.prefix { $0.isLetter }
      rest = rest[unit.endIndex...]
      guard let number = Double(digits), let factor = units[String(unit)] else { return nil }
      seconds += number * factor
    }
    return text.isEmpty ? nil : seconds
  }

  private static let units: [String: Double] = [
    "h": 3600, "m": 60, "s": 1, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9,
  ]

  private static func rfc3339(_ text: String) -> Double? {
    let whole = text.replacing(/\.[0-9]+/, with: "")
    return (try? Date(whole, strategy: .iso8601))?.timeIntervalSince1970
  }

  /// Seconds since 1970 of a date as HTTP writes it, in any of its three formats.
  private static func httpDate(_ text: String) -> Double? {
    guard text.contains(":"), text.contains(" ") else { return nil }
    let date = curl_getdate(text, nil)
    return date < 0 ? nil : Double(date)
  }
}

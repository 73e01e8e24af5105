import CCurl
import Foundation
import TryoutCore

/// How long a reply asks to wait, from its headers and its body.
///
/// `now` is the wall clock in seconds since 1970 when the exchange ended, `age` how many seconds before that the headers
/// came: hints count from there. Dates are compared with the reply's `Date` where it has one.
enum WaitHint {
  /// The longest of all hints of a refusal, since they may disagree; nil without one that lies in the future.
  ///
  /// The error's own headers and delays count like real ones.
  static func wait(
    head: ResponseHead, error: ProviderError?, now: Double, age: Double = 0
  ) -> Duration? {
    let serverNow = head["date"].flatMap(httpDate) ?? now - age
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
    return longest(hints, age: age)
  }

  /// When the next request fits, by an answer that says itself that it was the last; nil where something is left.
  ///
  /// A `Retry-After` beside an answer means nothing: some routers send one with each.
  static func wait(afterAnswer head: ResponseHead, now: Double, age: Double) -> Duration? {
    let serverNow = head["date"].flatMap(httpDate) ?? now - age
    return longest(resets(in: head.fields, now: serverNow, isRefusal: false), age: age)
  }

  private static func longest(_ hints: [Double?], age: Double) -> Duration? {
    let longest = hints.compactMap(\.self).max() ?? 0
    guard longest - age > 0 else { return nil }
    return .milliseconds(Int64((min(longest - age, 1e9) * 1000).rounded(.up)))
  }

  private static func hints(in fields: [String: String], now: Double) -> [Double?] {
    [
      fields["retry-after-ms"].flatMap { Double($0) }.map { $0 / 1000 },
      fields["retry-after"].flatMap { seconds($0, now: now) ?? httpDate($0).map { $0 - now } },
    ] + resets(in: fields, now: now, isRefusal: true)
  }

  /// A reset says something only about a bucket that is empty; beside a refusal, the nameless one is.
  private static func resets(
    in fields: [String: String], now: Double, isRefusal: Bool
  ) -> [Double?] {
    fields.map { name, value -> Double? in
      guard name.contains("ratelimit") else { return nil }
      if name.contains("reset") {
        let remaining = fields[name.replacing("reset", with: "remaining")]
        let isEmpty =
          remaining.map { Double($0) == 0 } ?? (isRefusal && name == "x-ratelimit-reset")
        return isEmpty ? seconds(value, now: now) : nil
      }
      // Mistral names the window in place of a reset. A limit of 0 is that of another plan, and never clears.
      guard let unit = name.split(separator: "-").last.flatMap({ windows[String($0)] }),
        name.contains("remaining"), Double(value) == 0,
        fields[name.replacing("remaining", with: "limit")].flatMap({ Double($0) }) != 0
      else { return nil }
      return unit
    }
  }

  /// In seconds; what is left of a window is at most its length.
  private static let windows: [String: Double] = ["second": 1, "minute": 60, "hour": 3600]

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
  static func httpDate(_ text: String) -> Double? {
    guard text.contains(":"), text.contains(" ") else { return nil }
    let date = curl_getdate(text, nil)
    return date < 0 ? nil : Double(date)
  }
}

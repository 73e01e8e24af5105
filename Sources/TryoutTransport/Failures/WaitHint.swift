import CCurl
import Foundation
import TryoutCore

/// How long a reply asks to wait, from its headers and its body; of hints that disagree the longest counts.
struct WaitHint: Equatable {
  /// Before what was refused is tried again; nil without a hint that lies in the future.
  private(set) var wait: Duration?
  /// Before anything is asked on the same limit, as a reply says that was refused for no rate.
  private(set) var refill: Duration?

  /// - Parameters:
  ///   - error: what the body tells of a refusal; its own headers and delays count like real ones.
  ///   - failure: how the exchange ended; nil for an answer.
  ///   - now: the wall clock in seconds since 1970 when the exchange ended; dates are compared with the reply's `Date`
  ///     where it has one.
  ///   - age: how many seconds before that the headers came: hints count from there.
  init(
    head: ResponseHead, error: ProviderError?, failure: FailureKind?, now: Double, age: Double = 0
  ) {
    let serverNow = head["date"].flatMap(Self.httpDate) ?? now - age
    var fields = [head.fields]
    if case .object(let members)? = error?.metadata?["headers"] {
      let own = members.map { ($0.lowercased(), $1.text ?? $1.canonicalText) }
      fields.append(Dictionary(own) { $1 })
    }
    let empty = fields.flatMap { Self.emptyBuckets(in: $0, now: serverNow) }
    let isAboutRate = failure.map { [.rateMinute, .rateDay, .rateUpstream].contains($0) } ?? false
    refill = isAboutRate ? nil : Self.longest(empty, age: age)
    // Some routers send a `Retry-After` with every answer, also where it breaks off.
    guard error != nil || failure != nil && !head.isSuccess else { return }
    var hints = isAboutRate ? empty : []
    hints += fields.flatMap { Self.delays(in: $0, now: serverNow) }
    hints += [error?.availability?["retry_after"], error?.metadata?["retry_after"]].map { value in
      value?.double ?? value?.text.flatMap { Self.seconds($0, now: serverNow) }
    }
    for detail in error?.json?["details"]?.elements ?? [] {
      hints.append(detail["retryDelay"]?.text.flatMap(Self.goDuration))
    }
    wait = Self.longest(hints, age: age)
  }

  private static func longest(_ hints: [Double?], age: Double) -> Duration? {
    // A header may say `nan`, beside which no number is the greatest.
    let longest = hints.compactMap(\.self).filter(\.isFinite).max() ?? 0
    guard longest - age > 0 else { return nil }
    return .milliseconds(Int64((min(longest - age, 1e9) * 1000).rounded(.up)))
  }

  /// What a refusal asks for; the reset that names no bucket is that of the one which refused.
  private static func delays(in fields: [String: String], now: Double) -> [Double?] {
    let isNameless = fields["x-ratelimit-remaining"] == nil
    return [
      fields["retry-after-ms"].flatMap { Double($0) }.map { $0 / 1000 },
      fields["retry-after"].flatMap { seconds($0, now: now) },
      isNameless ? fields["x-ratelimit-reset"].flatMap { seconds($0, now: now) } : nil,
    ]
  }

  /// When buckets have something again of which nothing is left.
  private static func emptyBuckets(in fields: [String: String], now: Double) -> [Double?] {
    fields.map { name, value -> Double? in
      guard name.contains("ratelimit"), name.contains("remaining"), Double(value) == 0 else {
        return nil
      }
      if let reset = fields[name.replacing("remaining", with: "reset")] {
        return seconds(reset, now: now)
      }
      // Mistral names the window in place of a reset. A limit of 0 is that of another plan, and never clears.
      guard let unit = name.split(separator: "-").last.flatMap({ windows[String($0)] }),
        fields[name.replacing("remaining", with: "limit")].flatMap({ Double($0) }) != 0
      else { return nil }
      return unit
    }
  }

  /// In seconds; what is left of a window is at most its length.
  private static let windows: [String: Double] = ["second": 1, "minute": 60, "hour": 3600]

  /// Seconds from now: of a number by its magnitude (seconds, epoch seconds, and of those the thousandths and so on),
  /// of a duration such as `6m0s`, or until a date in RFC 3339 or as HTTP writes it.
  static func seconds(_ text: String, now: Double) -> Double? {
    if var number = Double(text), number.isFinite {
      if number < 1e9 { return number }
      while number >= 1e11 { number /= 1000 }
      return number - now
    }
    return goDuration(text) ?? (rfc3339(text) ?? httpDate(text)).map { $0 - now }
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

import TryoutCore

@testable import TryoutTransport

/// Whatever headers and errors ask for, a wait lies in the future and has an end.
///
/// The input is header lines, and after an empty line a body.
enum WaitTarget: FuzzTarget {
  /// 14 November 2023.
  private static let now = 1.7e9

  static func check(_ input: [UInt8]) {
    var head = ResponseHead(status: 429)
    var rest = input[...]
    while !rest.isEmpty {
      let line = rest.prefix { $0 != UInt8(ascii: "\n") }
      rest = rest[line.endIndex...].dropFirst()
      guard !line.isEmpty else { break }
      _ = line.withUnsafeBytes { head.read(line: $0) }
      check(String(decoding: line, as: UTF8.self))
    }
    let error = WholeBody.json(Array(rest)).flatMap { ProviderError($0) }
    if let wait = WaitHint.wait(head: head, error: error, now: now) { check(wait) }
    if let wait = WaitHint.wait(afterAnswer: head, now: now, age: 5) { check(wait) }
  }

  static func check(_ wait: Duration) {
    Fuzz.require(wait > .zero, "a wait of \(wait)")
    Fuzz.require(wait <= .seconds(1_000_000_000), "a wait of \(wait)")
  }

  private static func check(_ text: String) {
    let seconds = WaitHint.seconds(text, now: now)
    Fuzz.require(seconds?.isNaN != true, "\(text.debugDescription) is no number of seconds")
    let duration = WaitHint.goDuration(text)
    Fuzz.require(duration ?? 0 >= 0, "\(text.debugDescription) lasts \(duration ?? 0)")
  }
}

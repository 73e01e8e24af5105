/// What must hold among the clocks of an exchange, read from words such as
/// `ttft ≤ ttfa = latency`, `latency + 20ms < end` or `no ttft`.
package struct ClockRelation: Sendable, Equatable {
  /// Words that are no relation.
  package struct Unreadable: Error, Equatable, CustomStringConvertible {
    /// The words.
    package var text: String

    /// A sentence that quotes them.
    package var description: String { "“\(text)” is no relation among clocks." }
  }

  private enum Sign: String { case before = "<", notAfter = "≤", same = "=" }

  private struct Moment: Equatable {
    var clock: Clock
    /// Nanoseconds.
    var plus: Int64 = 0
  }

  enum Clock: String, Sendable {
    case sent, headers, ttfb, ttft, ttfa, latency, end
  }

  /// The relation in words.
  package let text: String
  /// Each with the sign before it; one without any must not exist.
  private var chain: [Moment] = []
  private var signs: [Sign] = []

  private init(_ text: some StringProtocol) throws(Unreadable) {
    self.text = String(text)
    var words = self.text.split(separator: " ").map(String.init)[...]
    if words.first == "no", words.count == 2, let clock = Clock(rawValue: words[1]) {
      chain = [Moment(clock: clock)]
      return
    }
    while let word = words.popFirst() {
      guard let clock = Clock(rawValue: word) else { throw Unreadable(text: self.text) }
      chain.append(Moment(clock: clock))
      if words.first == "+", let pause = words.dropFirst().first, pause.hasSuffix("ms"),
        let milliseconds = Int64(pause.dropLast(2))
      {
        chain[chain.count - 1].plus = milliseconds * 1_000_000
        words.removeFirst(2)
      }
      if let sign = words.popFirst() {
        guard let sign = Sign(rawValue: sign) else { throw Unreadable(text: self.text) }
        signs.append(sign)
      }
    }
    guard chain.count > 1, signs.count == chain.count - 1 else {
      throw Unreadable(text: self.text)
    }
  }

  /// Reads relations with commas between them.
  package static func list(_ text: String) throws(Unreadable) -> [ClockRelation] {
    var relations: [ClockRelation] = []
    for part in text.split(separator: ",") {
      relations.append(try ClockRelation(part.drop { $0 == " " }))
    }
    return relations
  }

  /// The clocks that it says something of.
  var clocks: Set<Clock> { Set(chain.map(\.clock)) }

  /// Whether it is so; a clock that did not run is in no order with others.
  package func holds(in timeline: Timeline) -> Bool {
    let moments = chain.map { moment in timeline[moment.clock].map { $0 + moment.plus } }
    guard !signs.isEmpty else { return moments == [nil] }
    return signs.indices.allSatisfy { index in
      guard let left = moments[index], let right = moments[index + 1] else { return false }
      return switch signs[index] {
      case .before: left < right
      case .notAfter: left <= right
      case .same: left == right
      }
    }
  }
}

private extension Timeline {
  subscript(clock: ClockRelation.Clock) -> Int64? {
    switch clock {
    case .sent: sent
    case .headers: headers
    case .ttfb: firstByte
    case .ttft: firstToken
    case .ttfa: firstAnswer
    case .latency: lastToken
    case .end: end
    }
  }
}

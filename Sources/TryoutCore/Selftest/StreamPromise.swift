/// What is to be made of one stream: a row of the table in `docs/streams.md` with the answer.
package struct StreamPromise: Sendable, Equatable {
  private var failure: String
  private var finish: String
  private var tokens: String
  private var clocks: [ClockRelation]
  /// Words; `resent?` allows both.
  private var flags: String
  private var answer: String
  private var reasoning: String
  private var message: String

  /// Takes a row's cells, nil for what the row leaves empty.
  ///
  /// The failure's message must hold `message`.
  package init(
    failure: String?, finish: String?, tokens: Int?, clocks: String, flags: String?,
    answer: String, reasoning: String, message: String
  ) throws(ClockRelation.Unreadable) {
    self.failure = failure ?? "none"
    self.finish = finish ?? "none"
    self.tokens = tokens.map(String.init) ?? "unknown"
    self.clocks = try ClockRelation.list(clocks)
    self.flags = flags ?? "none"
    self.answer = answer
    self.reasoning = reasoning
    self.message = message
  }

  /// What of an exchange is otherwise than promised, in words; empty where all of it holds.
  package func violations(in exchange: Exchange) -> [String] {
    let told = exchange.failure?.message ?? ""
    var violations: [String] = []
    func check(_ what: String, _ real: String, _ promised: String) {
      if real != promised { violations.append("\(what) is \(real), not \(promised)") }
    }
    check("the failure", exchange.failure?.kind.rawValue ?? "none", failure)
    check("the finish reason", exchange.finishReason ?? "none", finish)
    check("the number of tokens", exchange.usage.completion.map(String.init) ?? "unknown", tokens)
    let flags = Self.flags(of: exchange)
    if self.flags != "resent?" || exchange.buffered { check("the flag", flags, self.flags) }
    if exchange.answer != answer { violations.append("the answer is another") }
    if exchange.reasoning != reasoning { violations.append("the reasoning is another") }
    if !message.isEmpty, !told.contains(message) {
      violations.append("the message does not say “\(message)”")
    }
    violations += clocks.filter { !$0.holds(in: exchange.timeline) }
      .map { "`\($0.text)` does not hold" }
    let silent = Set([.ttft, .ttfa, .latency]).subtracting(clocks.flatMap(\.clocks))
    return violations + silent.map(\.rawValue).sorted().map { "nothing is said of \($0)" }
  }

  private static func flags(of exchange: Exchange) -> String {
    let flags = [
      exchange.buffered ? "buffered" : nil, exchange.connection.sends > 1 ? "resent" : nil,
    ].compactMap(\.self)
    return flags.isEmpty ? "none" : flags.joined(separator: " ")
  }
}

import TryoutCore
import TryoutReport

/// What an answer took, in one line: pure, so that it can be compared as text.
struct AnswerView {
  let exchange: Exchange
  /// The model that was asked.
  let model: String
  let price: Price?
  let listing: ModelListing?

  static func heading(_ target: String, isColoured: Bool) -> String {
    let name = "── \(VisibleText.line(target)) ──"
    return (isColoured ? "\u{1B}[1m\(name)\u{1B}[0m" : name) + "\n"
  }

  /// `ttft 312 ms · latency 1.24 s · 24 tokens in · 128 out · $0.0012 · stop`, or the failure.
  var facts: String {
    let time = exchange.timeline
    var parts: [String] = []
    if let failure = exchange.failure {
      parts.append("\(failure.kind.rawValue): \(failure.message)")
      if let replacement = failure.replacement { parts.append("named instead: \(replacement)") }
    }
    if let ttft = time.firstToken { parts.append("ttft \(Format.time(ttft))") }
    if let latency = time.lastToken { parts.append("latency \(Format.time(latency))") }
    if let count = exchange.usage.prompt { parts.append("\(Format.count(count, "token")) in") }
    if let count = exchange.usage.completion {
      let thought = exchange.usage.reasoning.flatMap { $0 > 0 ? " (\($0) reasoning)" : nil } ?? ""
      parts.append("\(count) out\(thought)")
    }
    if let cost { parts.append(Format.quantity(cost.usd, .usd)) }
    if let reason = exchange.finishReason { parts.append(reason) }
    if let served = exchange.servedModel, served != model { parts.append("served by \(served)") }
    if let upstream = exchange.upstream { parts.append("through \(upstream)") }
    return parts.map(VisibleText.line).joined(separator: " · ")
  }

  private var cost: Cost? {
    Cost(told: exchange.costUSD, of: exchange.usage, price: price, listing: listing)
  }
}

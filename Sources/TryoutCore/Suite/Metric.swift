/// An aggregate over the samples of one target that gates and rankings speak of.
package enum Metric: Sendable, Hashable, Codable {
  package enum Clock: String, Sendable, Codable, CaseIterable {
    case ttft, ttfa, latency
    /// The latency and the queue before it: from when it was due to the last token.
    case response
    case total, queue
    case decodeRate = "decode_rate"
  }

  package enum Statistic: String, Sendable, Codable, CaseIterable {
    case p50, p90, p95, p99, mean, max
  }

  package enum Tokens: String, Sendable, Codable, CaseIterable { case input, output, reasoning }

  package enum Unit: Sendable, Hashable, Codable {
    /// A share between 0 and 1.
    case share
    case seconds
    case tokensPerSecond
    case tokens
    case usd
    /// Head divided by base.
    case ratio
  }

  case answered
  /// Of one kind, or of every kind.
  case errorRate(FailureKind?)
  case passRate
  case score
  case clock(Clock, Statistic)
  /// A clock without a statistic: only for comparisons sample by sample.
  case paired(Clock)
  case tokens(Tokens)
  case usd
  case usdPerThousandOK
  case usdPerPass
  case truncatedRate
  case emptyRate
  case firstTryRate

  /// Reads a metric as suites write it.
  ///
  /// Such as `answered`, `error_rate{server}`, `ttft.p95`, `tokens.output`.
  package init?(_ text: String) {
    switch text {
    case "answered": self = .answered
    case "error_rate": self = .errorRate(nil)
    case "pass_rate": self = .passRate
    case "score": self = .score
    case "usd": self = .usd
    case "usd_per_1k_ok": self = .usdPerThousandOK
    case "usd_per_pass": self = .usdPerPass
    case "truncated_rate": self = .truncatedRate
    case "empty_rate": self = .emptyRate
    case "first_try_rate": self = .firstTryRate
    default:
      if text.hasPrefix("error_rate{"), text.hasSuffix("}"),
        let kind = FailureKind(rawValue: String(text.dropFirst(11).dropLast()))
      {
        self = .errorRate(kind)
        return
      }
      let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      if parts.count == 1, let clock = Clock(rawValue: parts[0]) {
        self = .paired(clock)
      } else if parts.count == 2, let clock = Clock(rawValue: parts[0]),
        let statistic = Statistic(rawValue: parts[1])
      {
        self = .clock(clock, statistic)
      } else if parts.count == 2, parts[0] == "tokens", let kind = Tokens(rawValue: parts[1]) {
        self = .tokens(kind)
      } else {
        return nil
      }
    }
  }

  /// The metric as suites write it.
  package var name: String {
    switch self {
    case .answered: "answered"
    case .errorRate(let kind): kind.map { "error_rate{\($0.rawValue)}" } ?? "error_rate"
    case .passRate: "pass_rate"
    case .score: "score"
    case .clock(let clock, let statistic): "\(clock.rawValue).\(statistic.rawValue)"
    case .paired(let clock): clock.rawValue
    case .tokens(let kind): "tokens.\(kind.rawValue)"
    case .usd: "usd"
    case .usdPerThousandOK: "usd_per_1k_ok"
    case .usdPerPass: "usd_per_pass"
    case .truncatedRate: "truncated_rate"
    case .emptyRate: "empty_rate"
    case .firstTryRate: "first_try_rate"
    }
  }

  /// The unit in which limits of this metric are written.
  package var unit: Unit {
    switch self {
    case .answered, .errorRate, .passRate, .score, .truncatedRate, .emptyRate, .firstTryRate:
      .share
    case .clock(.decodeRate, _): .tokensPerSecond
    case .clock: .seconds
    case .paired: .ratio
    case .tokens: .tokens
    case .usd, .usdPerThousandOK, .usdPerPass: .usd
    }
  }

  /// Whether the metric needs streamed answers.
  package var needsStream: Bool {
    switch self {
    case .clock(let clock, _), .paired(let clock):
      clock == .ttft || clock == .ttfa || clock == .decodeRate
    default: false
    }
  }

  /// Every name that suites may write, for messages.
  package static let allNames: [String] =
    ["answered", "error_rate", "pass_rate", "score"]
    + Clock.allCases.flatMap { clock in
      Statistic.allCases.map { "\(clock.rawValue).\($0.rawValue)" }
    }
    + Tokens.allCases.map { "tokens.\($0.rawValue)" }
    + [
      "usd", "usd_per_1k_ok", "usd_per_pass", "truncated_rate", "empty_rate", "first_try_rate",
    ]
}

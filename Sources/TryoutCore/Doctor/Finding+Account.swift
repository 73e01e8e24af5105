extension Finding {
  /// Whether a provider can be reached; a refusal is an answer too.
  package static func network(_ account: Account, _ exchange: Exchange) -> Finding {
    let host = account.baseURL ?? "the embedded simulator"
    if let failure = exchange.failure, exchange.httpStatus == nil {
      return Finding(
        .network, account.id, .problem, "\(failure.kind.rawValue): \(failure.message)",
        advice: failure.kind.wayAdvice)
    }
    let connection = exchange.connection
    let phases = [("name", connection.dns), ("TCP", connection.tcp), ("TLS", connection.tls)]
      .compactMap { name, time in time.map { "\(name) \(max($0 / 1_000_000, 0)) ms" } }
    let version = connection.httpVersion.map { "HTTP/\($0)" } ?? "HTTP"
    let facts = ([version] + phases).joined(separator: ", ")
    let status = exchange.httpStatus ?? 0
    guard status < 500 else {
      return Finding(
        .network, account.id, .warning, "\(host) answers HTTP \(status) (\(facts))",
        advice: "The provider has trouble: look again later.")
    }
    return Finding(.network, account.id, .ok, "\(host) answers (\(facts))")
  }

  /// How far the two clocks are apart, in seconds since 1970; the server tells whole seconds.
  package static func clock(_ account: Account, server: Double?, own: Double) -> Finding {
    guard let server else {
      return Finding(.clock, account.id, .unknown, "the server tells no time")
    }
    // Its second may just have begun or be about to end.
    let skew = own - server - 0.5
    let seconds = Int(skew.magnitude.rounded())
    guard seconds > 5 else {
      return Finding(.clock, account.id, .ok, "within seconds of the server's")
    }
    return Finding(
      .clock, account.id, .warning,
      "this machine's clock is \(seconds) s \(skew > 0 ? "ahead of" : "behind") the server's",
      advice: "Set it by NTP: daily quotas and waits until a moment go by it.")
  }

  /// Whether a key is there and was taken.
  ///
  /// `lack` says why there is none, where one is named; `refusal` is what the provider answered to it, nil where it was
  /// taken or none was tried; `isProven` that it told about the key, which a list that is open to all does not.
  package static func key(
    _ account: Account, lack: String?, isWanted: Bool, refusal: Failure?, isProven: Bool = false
  ) -> Finding {
    guard let name = account.key?.name else {
      guard let refusal else { return Finding(.key, account.id, .ok, "none is needed") }
      return Finding(
        .key, account.id, .problem, "none is sent, and one is wanted: \(refusal.message)",
        advice: "Name the variable that holds it as key_env.")
    }
    if let lack { return Finding(.key, account.id, isWanted ? .problem : .warning, lack) }
    guard let refusal else {
      guard !isProven else { return Finding(.key, account.id, .ok, "\(name) is set and accepted") }
      return Finding(
        .key, account.id, .unknown, "\(name) is set; lists do not prove that it is accepted",
        advice: "Ask one question of each target with --ask.")
    }
    guard refusal.kind.scope == .account else {
      return Finding(
        .key, account.id, .unknown,
        "\(name) is set; whether it is accepted is not known (\(refusal.kind.rawValue))")
    }
    return Finding(
      .key, account.id, .problem, "\(name) is set and refused: \(refusal.message)",
      advice: "Make a new key at the provider, and check that nothing was cut off or added.")
  }

  /// What is left, as far as the provider tells.
  package static func quota(_ account: Account, _ reading: KeyReading?) -> Finding {
    guard let reading else {
      return Finding(.quota, account.id, .unknown, "the provider does not tell")
    }
    let tier = reading.isFreeTier.map { $0 ? "free tier" : "has bought credits" }
    let parts = [tier, reading.remainingText, reading.expires.map { "the key ends \($0)" }]
    let text = parts.compactMap(\.self).joined(separator: ", ")
    if reading.freeRemaining == 0 {
      return Finding(
        .quota, account.id, .warning, text,
        advice: "Free models can be asked again after 00:00 UTC.")
    }
    if let left = reading.limitRemaining, !(ExactAmount.zero < left) {
      return Finding(
        .quota, account.id, .warning, text, advice: "Raise the key's limit at the provider.")
    }
    return Finding(
      .quota, account.id, text.isEmpty ? .unknown : .ok,
      text.isEmpty ? "the provider does not tell" : text)
  }
}

private extension FailureKind {
  /// What to try where no answer came at all; the message says what is special.
  var wayAdvice: String {
    switch self {
    case .dns: "Check the name in base_url, and this machine's name server."
    case .tls: "See the row about certificates."
    case .proxy: "See the row about the proxy."
    default: "Check base_url, the network, and whether a firewall or a proxy stands between."
    }
  }
}

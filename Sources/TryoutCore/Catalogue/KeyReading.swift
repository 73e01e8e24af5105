/// What a provider says about a key and its quota; nil is unknown and never zero.
package struct KeyReading: Sendable, Equatable {
  /// US dollars that the key may spend, what of them is left, and what all its requests came to.
  package var limit: ExactAmount?
  package var limitRemaining: ExactAmount?
  package var usage: ExactAmount?
  /// Whether the account never bought credits.
  package var isFreeTier: Bool?
  /// Requests to free models: today's so far, what a day allows, and what is left.
  package var freeUsed: Int?
  package var freeLimit: Int?
  package var freeRemaining: Int?
  /// When the key ends, as the provider writes it.
  package var expires: String?

  package init() {}

  /// Reads the body of OpenRouter's `GET /key`; nil where it is none.
  ///
  /// The label is left out: it shows parts of the key.
  package init?(body: JSON) {
    guard case .object? = body["data"], let data = body["data"] else { return nil }
    limit = ExactAmount(data["limit"])
    limitRemaining = ExactAmount(data["limit_remaining"])
    usage = ExactAmount(data["usage"])
    if case .bool(let value)? = data["is_free_tier"] { isFreeTier = value }
    let free = data["free_model_daily_requests"]
    freeUsed = free?["used"]?.int
    freeLimit = free?["limit"]?.int
    freeRemaining = free?["remaining"]?.int
    expires = data["expires_at"]?.text
  }

  /// What is left, in words; nil where the provider does not say.
  package var remainingText: String? {
    var parts: [String] = []
    if let freeRemaining {
      let limit = freeLimit.map { " of \($0)" } ?? ""
      parts.append("\(freeRemaining)\(limit) free requests left today")
    }
    if let limitRemaining { parts.append("$\(limitRemaining.text) left of the key's limit") }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}

extension KeyReading {
  /// For stores and programs; what is unknown is null.
  package var json: JSON {
    func amount(_ value: ExactAmount?) -> JSON { value.map { .string($0.text) } ?? .null }
    func count(_ value: Int?) -> JSON { value.map { .integer(Int64($0)) } ?? .null }
    return [
      "limit_usd": amount(limit), "limit_remaining_usd": amount(limitRemaining),
      "usage_usd": amount(usage), "free_tier": isFreeTier.map { .bool($0) } ?? .null,
      "free_used": count(freeUsed), "free_limit": count(freeLimit),
      "free_remaining": count(freeRemaining), "expires": expires.map { .string($0) } ?? .null,
    ]
  }
}

extension KeyReading {
  /// Reads what `json` wrote.
  package init(json: JSON) {
    limit = ExactAmount(json["limit_usd"])
    limitRemaining = ExactAmount(json["limit_remaining_usd"])
    usage = ExactAmount(json["usage_usd"])
    if case .bool(let value)? = json["free_tier"] { isFreeTier = value }
    freeUsed = json["free_used"]?.int
    freeLimit = json["free_limit"]?.int
    freeRemaining = json["free_remaining"]?.int
    expires = json["expires"]?.text
  }
}

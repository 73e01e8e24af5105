import TryoutCore

/// What the words in an error mean: types and codes of providers, then phrases of their sentences.
enum ErrorWords {
  /// Nil where no word decides.
  static func kind(of error: ProviderError, status: Int) -> FailureKind? {
    let text = (error.message + " " + (error.raw ?? "")).lowercased()
    let codes = error.words.compactMap { self.codes[$0] }
    // Of codes that say little, the sentence beside them says more.
    let vague: Set<FailureKind> = [.badRequest, .rateMinute, .overloaded, .server]
    if let exact = codes.first(where: { !vague.contains($0) }) { return exact }
    if status == 401 { return .auth }
    if let phrase = phrases.first(where: { $0.matches(text) }) { return phrase.kind }
    guard status == 429 || codes.contains(.rateMinute) else { return codes.first }
    // A quota is named in a sentence or in details such as Gemini's `…PerDay` quota ids.
    let body = error.body.lowercased()
    if days.contains(where: { body.contains($0) }) { return .rateDay }
    return error.isFromUpstream ? .rateUpstream : .rateMinute
  }

  private static let days = [
    "per day", "per-day", "perday", "daily limit", "daily quota", "daily rate limit",
  ]

  /// `type`, `code`, `status` and `error_type` of the providers.
  private static let codes: [String: FailureKind] = [
    "authentication": .auth, "authentication_error": .auth, "invalid_api_key": .auth,
    "unauthenticated": .auth, "unauthorized": .auth,
    "payment_required": .noCredit, "insufficient_quota": .noCredit, "billing_error": .noCredit,
    "insufficient_balance": .noCredit,
    "context_length_exceeded": .contextLength, "token_limit_exceeded": .contextLength,
    "string_too_long": .contextLength, "request_too_large": .contextLength,
    "payload_too_large": .contextLength, "exceed_context_size_error": .contextLength,
    "content_policy_violation": .moderated, "content_filter": .moderated, "refusal": .moderated,
    "responsibleaipolicyviolation": .moderated,
    "model_not_found": .notFound, "invalid_model": .notFound, "not_found_error": .notFound,
    "deploymentnotfound": .notFound,
    "model_decommissioned": .modelGone, "model_deprecated": .modelGone,
    "free_variant_ended": .freeEnded,
    "permission_error": .gated, "model_terms_required": .gated,
    "rate_limit_exceeded": .rateMinute, "rate_limit_error": .rateMinute,
    "ratelimitreached": .rateMinute, "resource_exhausted": .rateMinute,
    "service_tier_capacity_exceeded": .rateUpstream, "provider_overloaded": .overloaded,
    "overloaded_error": .overloaded, "unavailable": .overloaded,
    "provider_unavailable": .server, "server": .server, "server_error": .server,
    "api_error": .server, "internal_server_error": .server, "timeout": .server,
    "timeout_error": .server, "unmapped": .server,
    "invalid_request": .badRequest, "invalid_request_error": .badRequest,
    "invalid_prompt": .badRequest, "invalid_argument": .badRequest,
    "unprocessable": .badRequest, "precondition_failed": .badRequest,
    "max_tokens_exceeded": .badRequest, "tool_use_failed": .badRequest,
  ]

  /// Phrases that must all stand in a sentence, for its kind.
  private struct Phrase {
    let kind: FailureKind
    let parts: [String]

    init(_ kind: FailureKind, _ parts: String...) {
      self.kind = kind
      self.parts = parts
    }

    func matches(_ text: String) -> Bool { parts.allSatisfy(text.contains) }
  }

  /// In this order: a narrower phrase stands before the wider one that it contains.
  private static let phrases: [Phrase] = [
    Phrase(.rateDay, "free-models-per-day"),
    Phrase(.rateMinute, "free-models-per-min"),
    Phrase(.rateUpstream, "rate-limited upstream"),
    Phrase(.rateUpstream, "limit_rpm/"),
    Phrase(.policyBlocked, "data policy"),
    Phrase(.policyBlocked, "guardrail restriction"),
    Phrase(.policyBlocked, "privacy settings"),
    Phrase(.gated, "agentic harness"),
    Phrase(.policyBlocked, "attest"),
    Phrase(.policyBlocked, "18 years"),
    Phrase(.policyBlocked, "18+"),
    Phrase(.unsupported, "no endpoints found that"),
    Phrase(.unsupported, "no allowed providers"),
    Phrase(.freeEnded, "unavailable for free"),
    Phrase(.freeEnded, "free variant", "ended"),
    Phrase(.freeEnded, "free period", "ended"),
    Phrase(.modelGone, "no endpoints found for"),
    Phrase(.modelGone, "model", "decommissioned"),
    Phrase(.modelGone, "model", "has been deprecated"),
    Phrase(.modelGone, "model", "no longer available"),
    Phrase(.modelGone, "model", "no longer supported"),
    Phrase(.notFound, "is not a valid model"),
    Phrase(.notFound, "model", "not found"),
    Phrase(.notFound, "model", "does not exist"),
    Phrase(.contextLength, "context length"),
    Phrase(.contextLength, "context window"),
    Phrase(.contextLength, "context size"),
    Phrase(.contextLength, "prompt is too long"),
    Phrase(.contextLength, "exceed context limit"),
    Phrase(.contextLength, "reduce the length"),
    Phrase(.keyLimit, "key limit exceeded"),
    Phrase(.keyLimit, "reached your specified api usage limits"),
    Phrase(.noCredit, "can only afford"),
    Phrase(.noCredit, "insufficient credit"),
    Phrase(.noCredit, "insufficient balance"),
    Phrase(.noCredit, "insufficient funds"),
    Phrase(.noCredit, "credit balance"),
    Phrase(.noCredit, "negative balance"),
    Phrase(.noCredit, "requires more credits"),
    Phrase(.auth, "incorrect api key"),
    Phrase(.auth, "invalid api key"),
    Phrase(.auth, "api key not valid"),
    Phrase(.auth, "invalid x-api-key"),
    Phrase(.auth, "api key", "expired"),
    Phrase(.auth, "api key", "missing"),
    Phrase(.auth, "missing authentication"),
    Phrase(.auth, "no auth credentials"),
    Phrase(.auth, "user not found"),
    Phrase(.moderated, "flagged"),
    Phrase(.moderated, "requires moderation"),
    Phrase(.moderated, "content policy"),
    Phrase(.moderated, "content filtering policy"),
    Phrase(.moderated, "content management policy"),
    Phrase(.overloaded, "resourceexhausted", "request limit"),
    Phrase(.overloaded, "overloaded"),
    Phrase(.overloaded, "at capacity"),
    Phrase(.overloaded, "no backends available"),
  ]
}

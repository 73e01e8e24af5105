import Foundation
import TryoutCore

/// Says what a provider's error means, from whichever of three places it came.
///
/// The same status has opposite meanings, so the exact signals come first: the availability code,
/// whose limit it is, the routing step that failed, types and codes, then the wording, and last the
/// status.
struct FailureClassifier {
  /// Where an error was found.
  enum Place {
    /// Under an HTTP status that is none of success.
    case status
    /// In a whole body under a status of success.
    case body
    /// In an event of a stream under a status of success.
    case stream
  }

  let host: String
  let model: String
  let keyName: String?
  let scrubber: Scrubber

  func failure(
    _ error: ProviderError,
    status: Int,
    place: Place,
    head: ResponseHead,
    freeOnly: Bool
  ) -> Failure {
    let effective =
      place == .status ? status : (error.code.flatMap { 400..<600 ~= $0 ? $0 : nil } ?? 0)
    var kind = signalled(error, freeOnly: freeOnly) ?? worded(error, effective)
    // In the middle of an answer "the server failed" says less than that the stream broke.
    if place == .stream, kind == .server { kind = .streamError }
    if place == .status, 300..<400 ~= status { kind = .unsupported }
    return Failure(
      kind,
      sentence(kind, error, status: status, place: place, head: head),
      replacement: replacement(error, kind),
      evidence: scrubber.excerpt(error.body)
    )
  }

  /// By words, else by the status; what an upstream says of its customer is about the router's account there.
  private func worded(_ error: ProviderError, _ status: Int) -> FailureKind {
    let kind = ErrorWords.kind(of: error, status: status) ?? byStatus(status, error)
    guard error.isRelayed else { return kind }
    switch kind {
    case .auth, .noCredit, .keyLimit: return .server
    case .rateMinute, .rateDay: return .rateUpstream
    // Flaky hosts refuse a request for no reason that anybody knows, and take it a moment later.
    case .badRequest where error.hasNoReason: return .server
    default: return kind
    }
  }

  // MARK: Exact signals

  private func signalled(_ error: ProviderError, freeOnly: Bool) -> FailureKind? {
    if let kind = available(error.availability, freeOnly: freeOnly) { return kind }
    switch error.metadata?["limit_source"]?.text {
    case "openrouter_free_tier_per_minute": return .rateMinute
    case "openrouter_free_tier_daily": return .rateDay
    case "upstream_provider_shared_pool": return .rateUpstream
    case "openrouter_credits": return .noCredit
    case "openrouter_key_limit": return .keyLimit
    case "openrouter_in_flight_budget": return .rateMinute
    default: break
    }
    // Why a moderator or a guardrail took offence at what was asked.
    for sign in ["reasons", "patterns"] where error.metadata?[sign]?.elements.isEmpty == false {
      return .moderated
    }
    let message = error.message.lowercased()
    if message.contains("no endpoints found"), message.contains(/max[ _]price/) {
      return freeOnly ? .freeEnded : .unsupported
    }
    guard let step = error.metadata?["failed_routing_step"]?.text?.lowercased() else { return nil }
    if step.contains("harness") { return .gated }
    if step.contains("policy") || step.contains("privacy") || step.contains("guardrail") {
      return .policyBlocked
    }
    if step.contains("price") { return freeOnly ? .freeEnded : .unsupported }
    if step.contains("context") { return .contextLength }
    if step.contains("region") || step.contains("geo") { return .gated }
    // Whatever a filter sorted out was there: the model is alive.
    return step.hasPrefix("filter") ? .unsupported : nil
  }

  private func available(_ availability: JSON?, freeOnly: Bool) -> FailureKind? {
    guard let availability else { return nil }
    switch availability["code"]?.text {
    case "model_not_found", "model_unavailable_upstream": return .notFound
    case "wrong_endpoint": return .unsupported
    case "no_endpoints", "model_deprecated": return .modelGone
    case "free_variant_ended": return .freeEnded
    case "privacy_restricted": return .policyBlocked
    case "region_restricted": return .gated
    case "capacity_exhausted": return .rateUpstream
    case "temporarily_unavailable": return .overloaded
    case "constraint_filtered":
      let excluders = availability["excluded_by"]?.elements.compactMap(\.text) ?? []
      if excluders.contains(where: { $0.hasPrefix("data_policy") }) { return .policyBlocked }
      if excluders.contains("geo") { return .gated }
      if excluders.contains("context_length") { return .contextLength }
      // The price limit is ours: it says that nobody serves the model for nothing any more.
      return freeOnly && excluders.contains("max_price") ? .freeEnded : .unsupported
    default:
      guard case .bool(true)? = availability["retryable"] else { return nil }
      return .overloaded
    }
  }

  private func byStatus(_ status: Int, _ error: ProviderError) -> FailureKind {
    switch status {
    case 0: .streamError
    // Of interim responses only 101 ends an exchange: the server went over to another protocol.
    case ..<200: .malformed
    case 401: .auth
    case 402: .noCredit
    case 403: .gated
    case 404, 410: .notFound
    case 413: .contextLength
    case 405, 415, 501: .unsupported
    // Nobody but a proxy answers that.
    case 407: .proxy
    case 429: error.isFromUpstream ? .rateUpstream : .rateMinute
    case 451: .moderated
    case 503, 529: .overloaded
    case 408, 409, 425, 500...: .server
    default: .badRequest
    }
  }

  // MARK: Words for people

  private func sentence(
    _ kind: FailureKind,
    _ error: ProviderError,
    status: Int,
    place: Place,
    head: ResponseHead
  ) -> String {
    if 300..<400 ~= status {
      let target = head["location"].map { " to \($0)" } ?? ""
      return scrubber.sentence(
        "\(host) redirects\(target) (HTTP \(status)). Redirects are not followed, so that the key "
          + "stays with one host: put the final address into the base URL."
      )
    }
    let said = error.reason.isEmpty ? "no reason given" : error.reason
    let origin =
      switch place {
      case .status: "\(host) answered HTTP \(status)"
      case .body: "\(host) answered HTTP \(status) with an error"
      case .stream: "\(host) sent an error inside the stream"
      }
    let advice =
      switch kind {
      case .auth: keyName.map { " Check the key in \($0)." } ?? " Check the account's key."
      case .notFound where FailureClassifier.isHTML(Array(error.body.utf8)):
        " The base URL seems to be wrong: it usually ends with /v1."
      default: ""
      }
    let sentence = scrubber.sentence("\(origin): \(said)")
    return (sentence.last?.isPunctuation == true ? sentence : sentence + ".") + advice
  }

  private func replacement(_ error: ProviderError, _ kind: FailureKind) -> String? {
    guard kind.scope == .model else { return nil }
    let named = error.availability?["fallback_models"]?.elements.compactMap(\.text) ?? []
    if let first = named.first(where: { !$0.isEmpty && $0 != model }) { return first }
    // "… is available now - use this slug instead: vendor/model"
    let text = error.message + " " + (error.raw ?? "")
    guard
      let match = text.firstMatch(of: /(?i)use this slug instead:[\s`"'\\]*([A-Za-z0-9_.:\/\-~]+)/)
    else {
      return nil
    }
    let slug = String(match.1).trimming { $0 == "." || $0 == ":" }
    return slug.isEmpty || slug == model ? nil : String(slug)
  }

  /// Scheme, name and port of a URL, which is all that messages show of it.
  static func host(of url: String) -> String {
    guard let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty else {
      return "the server"
    }
    return parts.port.map { "\(host):\($0)" } ?? host
  }

  /// Whether a body is a web page.
  static func isHTML(_ bytes: [UInt8]) -> Bool {
    let start = String(repairing: Array(bytes.prefix(512))).lowercased()
      .trimming { $0.isWhitespace || $0 == "\u{FEFF}" }
    return start.hasPrefix("<!doctype") || start.hasPrefix("<html") || start.hasPrefix("<head")
  }
}

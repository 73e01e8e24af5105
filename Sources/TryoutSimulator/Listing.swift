/// How a persona stands in the catalogue, and whom it answers.
package struct Listing: Equatable, Sendable {
  /// When it reasons.
  package enum Reasoning: String, CaseIterable, Sendable { case none, optional, mandatory }

  /// One that is not listed may still answer, as upstreams do for a while.
  package var isListed = true
  /// The dated name; nil is the id itself, without a variant.
  package var slug: String?
  /// `YYYY-MM-DD`.
  package var created = "2025-01-01"
  package var expires: String?
  package var contextLength = 8192
  package var maxCompletionTokens: Int?
  package var parameters = ["max_completion_tokens", "max_tokens"]
  package var reasoning = Reasoning.none
  /// The account's privacy settings leave it out: missing from `/models/user`, 404 when asked.
  package var isBlocked = false
  /// Open to listed applications only: listed, and 403 when asked.
  package var isGated = false
  /// Bills although the request allows no price, which nobody should.
  package var ignoresMaxPrice = false
}

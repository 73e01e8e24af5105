import Testing

@testable import TryoutSuite

/// What messages do with the user's own words: suggest better ones, quote them, hide keys.
struct WordsTests {
  @Test(arguments: [
    ("sample", "samples", 1), ("", "abc", 3), ("teh", "the", 1), ("ca", "abc", 3),
    ("same", "same", 0),
  ])
  func distances(left: String, right: String, expected: Int) {
    #expect(Suggestion.distance(Array(left), Array(right)) == expected)
    #expect(Suggestion.distance(Array(right), Array(left)) == expected)
  }

  @Test func suggestionsAreNear() {
    let names = ["samples", "warmup", "daily_quota"]
    #expect(Suggestion.nearest(to: "sample", among: names) == "samples")
    #expect(Suggestion.nearest(to: "wramup", among: names) == "warmup")
    #expect(Suggestion.nearest(to: "dayly_kuotta", among: names) == "daily_quota")
    #expect(Suggestion.nearest(to: "sam", among: names) == nil)
    #expect(Suggestion.nearest(to: "a", among: ["b"]) == nil)
    #expect(Suggestion.nearest(to: "", among: names) == nil)
  }

  @Test(arguments: [
    "sk-or-v1-0123456789abcdef0123", "sk-proj-AbCdEfGhIjKlMnOpQr", "ghp_0123456789abcdefghij",
    "gsk_0123456789abcdefghij", "AIzaSyA0123456789abcdefghij", "hf_abcdefghijklmnopqrst",
    "xai-0123456789abcdefghij", "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9",
  ])
  func keysAreRecognised(text: String) {
    #expect(SecretLiteral.isIn("use \(text), please"))
    #expect(!SecretLiteral.redacted("use \(text), please").contains(text.suffix(16)))
  }

  @Test(arguments: [
    "sk-learn-compatible-estimators", "sk-…", "ask-me-0123456789abcdef", "Bearer {{ token }}",
    "Bearer of bad news since 1970", "OPENROUTER_API_KEY", "xai-grok-code-fast-preview",
    "xai-400-error-is-string",
  ])
  func wordsAreNoKeys(text: String) {
    #expect(!SecretLiteral.isIn(text))
    #expect(SecretLiteral.redacted(text) == text)
  }

  @Test func longMixedNamesAreKeys() {
    #expect(SecretLiteral.isUnlikelyName("a81f0c3d92b74e6fa81f0c3d"))
    #expect(!SecretLiteral.isUnlikelyName("OPENROUTER_API_KEY_2026_STAGING"))
    #expect(!SecretLiteral.isUnlikelyName("EXTRAORDINARILYLONGNAME"))
  }

  @Test func quotesAreOneLineAndShort() {
    #expect(quoted("a\nb\u{1B}[1m") == "\"a\\nb\\u{1b}[1m\"")
    #expect(quoted(String(repeating: "x", count: 100)).count == 63)
  }
}

import Testing

@testable import TryoutCore

struct SecretSearchTests {
  private func find(_ text: String, keys: [(name: String, value: String)] = []) -> [SecretSearch
    .Finding]
  {
    Array(text.utf8).withUnsafeBytes { SecretSearch(keys: keys).findings(in: $0) }
  }

  @Test func knownKeysAreFoundWhereverTheyStand() {
    let found = find("abcdefgh-abcdefgh", keys: [("A", "abcdefgh"), ("SHORT", "abc")])
    #expect(
      found == [.init(offset: 0, what: "the key in A"), .init(offset: 9, what: "the key in A")])
  }

  @Test func shapesAreFoundOnceAndNotBesideTheKeyTheyAre() {
    let token = "sk-or-v1-0123456789abcdef0123"
    #expect(find("x \(token)").map(\.what) == ["looks like a key (sk-…)"])
    #expect(find("Authorization: Bearer \(token)").count == 1)
    #expect(find("x \(token)", keys: [("A", token)]).map(\.what) == ["the key in A"])
  }

  @Test(arguments: [
    "sk-learn is a word", "a task-0123456789abcdef0123", "Bearer of good news for everyone",
    "", "sk-", "hf_transformers_and_friends",
  ])
  func wordsAreNoKeys(text: String) { #expect(find(text) == []) }

  /// As URLs, JSON and base64 write it, whatever stands before it.
  @Test(arguments: [
    "k=a%2Fb%2Bc0123456789&x", "k=a%2fb%2bc0123456789", #"{"k":"a\/b+c0123456789"}"#,
    "YS9iK2MwMTIzNDU2Nzg5", "Basic dTphL2IrYzAxMjM0NTY3ODk=", "QmVhcmVyIGEvYitjMDEyMzQ1Njc4OQ==",
  ])
  func keysAreFoundInDisguise(text: String) {
    #expect(find("see \(text)", keys: [("A", "a/b+c0123456789")]).map(\.what) == ["the key in A"])
  }
}

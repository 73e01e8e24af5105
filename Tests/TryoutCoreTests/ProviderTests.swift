import Foundation
import Testing

@testable import TryoutCore

struct ProviderTests {
  /// Everything that suites commonly write.
  private static let usual: [String: JSON] = Dictionary(
    uniqueKeysWithValues: [
      "frequency_penalty", "logit_bias", "logprobs", "max_tokens", "min_p", "n", "plugins",
      "presence_penalty", "provider", "reasoning", "reasoning_effort", "response_format", "seed",
      "stop", "store", "temperature", "thinking", "top_k", "top_logprobs", "top_p", "user",
    ].map { ($0, 1) })

  @Test(arguments: Provider.presets)
  func nothingIsSentThatIsRefused(preset: Provider) {
    let (sent, dropped) = preset.fitting(Self.usual, at: preset.baseURL)
    for name in preset.refuses { #expect(sent[name] == nil, "\(name)") }
    for name in preset.renames.keys { #expect(sent[name] == nil, "\(name)") }
    #expect(Set(dropped).isSubset(of: Set(preset.refuses)))
    // The allowance has one name, and none is lost.
    #expect(sent.keys.filter(Provider.tokenLimits.contains) == [preset.tokenLimit ?? "max_tokens"])
    #expect(sent["temperature"] == 1)
    #expect(sent.count + dropped.count == Self.usual.count)
  }

  @Test func aCompatibleServerHasRulesOfItsOwn() throws {
    let openAI = try #require(Provider.preset(named: "openai"))
    #expect(
      openAI.fitting(["max_tokens": 5], at: "http://127.0.0.1:1/v1").sent == ["max_tokens": 5])
    let home = openAI.fitting(["max_tokens": 5], at: openAI.baseURL)
    #expect(home.sent == ["max_completion_tokens": 5])
  }

  /// `Unrecognized request argument supplied: top_k`, and the same of the others.
  @Test func openAIGetsNothingThatOnlyOthersKnow() throws {
    let openAI = try #require(Provider.preset(named: "openai"))
    let (sent, dropped) = openAI.fitting(Self.usual, at: openAI.baseURL)
    #expect(
      Set(dropped) == ["min_p", "plugins", "provider", "reasoning", "thinking", "top_k"])
    #expect(sent["reasoning_effort"] == 1 && sent["seed"] == 1 && sent["max_tokens"] == nil)
    #expect(openAI.fitting(Self.usual, at: "http://127.0.0.1:1/v1").sent == Self.usual)
  }

  /// What a command line allows replaces what a suite allows, whatever either is called.
  @Test func anotherAllowanceReplacesTheOneThatIsThere() throws {
    let openAI = try #require(Provider.preset(named: "openai"))
    let home = openAI.baseURL
    #expect(
      openAI.allowing(5, in: ["max_completion_tokens": 400], at: home)
        == ["max_completion_tokens": 5])
    #expect(
      openAI.allowing(5, in: ["seed": 1], at: home) == ["max_completion_tokens": 5, "seed": 1])
    let elsewhere = "http://127.0.0.1:1/v1"
    #expect(openAI.allowing(5, in: ["max_tokens": 400], at: elsewhere) == ["max_tokens": 5])
    #expect(
      openAI.allowing(5, in: ["max_completion_tokens": 400], at: elsewhere)
        == ["max_completion_tokens": 5])
    #expect(openAI.allowing(5, in: [:], at: elsewhere) == ["max_tokens": 5])
  }

  @Test func ofTwoNamesThePreferredOneCounts() throws {
    let groq = try #require(Provider.preset(named: "groq"))
    let both: [String: JSON] = ["max_tokens": 5, "max_completion_tokens": 6]
    #expect(groq.fitting(both, at: groq.baseURL).sent == ["max_completion_tokens": 6])
    let mistral = try #require(Provider.preset(named: "mistral"))
    #expect(mistral.fitting(["seed": 7], at: nil).sent == ["random_seed": 7])
  }

  @Test(arguments: Provider.presets)
  func presetsAreKeptByName(preset: Provider) throws {
    let data = try JSONEncoder().encode(preset)
    #expect(String(decoding: data, as: UTF8.self) == #"{"name":"\#(preset.name)"}"#)
    #expect(try JSONDecoder().decode(Provider.self, from: data) == preset)
    let later = Data(#"{"name":"\#(preset.name)","asksForUsage":false}"#.utf8)
    #expect(try JSONDecoder().decode(Provider.self, from: later) == preset)
  }

  @Test func presetsAreDistinctAndWellFormed() {
    #expect(Set(Provider.presets.map(\.name)).count == Provider.presets.count)
    for preset in Provider.presets {
      #expect(preset.baseURL?.hasSuffix("/") != true)
      #expect(
        preset.baseURL?.hasPrefix("https://") ?? true
          || preset.baseURL?.contains("127.0.0.1") == true)
    }
  }

  /// `docs/providers.md` holds the table as it is; `RECORD_GOLDEN=1 swift test` writes it anew.
  @Test func theDocumentHoldsTheTable() throws {
    var folder = URL(filePath: #filePath)
    for _ in 0..<3 { folder.deleteLastPathComponent() }
    let file = folder.appending(path: "docs/providers.md")
    let text = try String(contentsOf: file, encoding: .utf8)
    let parts = text.components(separatedBy: "<!-- table -->\n")
    try #require(parts.count == 3)
    if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != nil {
      try [parts[0], Provider.document, parts[2]].joined(separator: "<!-- table -->\n")
        .write(to: file, atomically: true, encoding: .utf8)
    } else {
      #expect(parts[1] == Provider.document)
    }
  }
}

private extension Provider {
  /// The part of the document that is made from the table.
  static var document: String {
    let rows = presets.map { "| \($0.cells.joined(separator: " | ")) |\n" }.joined()
    let quirks = presets.filter { !$0.quirks.isEmpty }
      .map { "- `\($0.name)`: \($0.quirks.joined(separator: "; ")).\n" }.joined()
    return """
      | preset | dialect | base URL | key | allowance | not sent | usage in streams | ends with | limits told in |
      |---|---|---|---|---|---|---|---|---|
      \(rows)
      What is particular about their answers, and read all the same:

      \(quirks)
      """
  }

  private var cells: [String] {
    let address = baseURL.map { "`\($0)`" } ?? (self == .simulator ? "embedded" : "your own")
    let header = keyHeader.map { " in `\($0)`" } ?? ""
    let missing =
      refuses.map { "`\($0)`" }
      + renames.sorted { $0.key < $1.key }
      .map { "`\($0.key)` (as `\($0.value)`)" }
    let ending =
      switch dialect {
      case .chatCompletions: endsWithDone ? "`[DONE]`" : "a finish reason or `[DONE]`"
      case .anthropicMessages: "`message_stop`"
      case .openAIResponses: "`response.completed`"
      }
    return [
      "`\(name)`", dialect.rawValue, address, keyVariable.map { "`\($0)`\(header)" } ?? "none",
      tokenLimit.map { "`\($0)`" } ?? "as written",
      missing.isEmpty ? "-" : missing.joined(separator: " "),
      asksForUsage ? "asked for" : "unasked", ending,
      limitHeaders.isEmpty ? "-" : limitHeaders.map { "`\($0)`" }.joined(separator: " "),
    ]
  }
}

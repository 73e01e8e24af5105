import Foundation
import Testing

@testable import TryoutCore

/// What each preset really sends, looked at on the wire.
@Suite(.timeLimit(.minutes(1)))
struct NeighbourTests {
  /// What a suite may write for all of its targets at once.
  private static let parameters = """
    temperature: 0.5, top_p: 0.9, max_tokens: 64, stop: END, seed: 7, n: 1, user: me,
    frequency_penalty: 0.1, presence_penalty: 0.1, logit_bias: { "5": 1 }, logprobs: true,
    top_logprobs: 2, top_k: 40, min_p: 0.05, top_a: 0.1, repetition_penalty: 1.1,
    reasoning: { effort: low }, reasoning_effort: low, include_reasoning: true,
    thinking: { type: enabled, budget_tokens: 1024 }, enable_thinking: true,
    chat_template_kwargs: { thinking: true }, provider: { sort: price }, plugins: [], transforms: [],
    response_format: { type: json_object }, store: false, metadata: { a: b }, verbosity: low
    """

  /// Fields that were seen to be refused, or that the vendor's own pages say are.
  private static let refused: [String: Set<String>] = [
    "azure": ["top_k", "reasoning", "thinking", "provider"],
    "openai-responses": [
      "max_tokens", "max_completion_tokens", "stop", "seed", "n", "logit_bias", "response_format",
      "reasoning_effort", "stream_options", "messages", "top_k", "provider",
    ],
    "anthropic": [
      "stop", "seed", "n", "user", "response_format", "reasoning_effort", "reasoning",
      "stream_options", "frequency_penalty", "logprobs", "min_p", "provider",
    ],
    "groq": ["logprobs", "logit_bias", "top_logprobs", "store", "metadata", "top_k", "provider"],
    "mistral": [
      "max_completion_tokens", "stream_options", "seed", "user", "logprobs", "logit_bias", "top_k",
      "store", "metadata", "provider",
    ],
    "gemini": ["frequency_penalty", "presence_penalty", "seed", "store", "top_k", "provider"],
    "xai": ["presence_penalty", "frequency_penalty", "stop", "logit_bias"],
    "fireworks": ["stream_options", "provider", "plugins", "store"],
  ]

  private struct Sent {
    var head: String
    var body: JSON
  }

  /// What a suite with one target for each preset sends, streamed or not, by preset.
  private static func sent(stream: Bool, _ parameters: String = parameters) async throws
    -> [String: Sent]
  {
    let server = try RawServer { _, _ in RawServer.response("400 Bad Request", #"{"error":"no"}"#) }
    let base = server.url.dropLast(3)
    // The generic rows follow their rules at home alone, and that is not on this machine.
    let presets = Provider.presets.filter { $0 != .simulator && !$0.isGeneric }
    let suite = """
      version: 1
      suite: wire
      accounts:
      \(presets.map {
        "  \($0.name): { provider: \($0.name), base_url: \"\(base)/\($0.name)/v1\", key_env: KEY }"
      }.joined(separator: "\n"))
      targets:
      \(presets.map { "  - { id: \($0.name), account: \($0.name), model: m }" }.joined(separator: "\n"))
      defaults: { stream: \(stream), params: { \(parameters) } }
      prompts: [{ id: p, system: Be brief., user: Hello }]
      checks: [not_empty]
      run: { retry: { attempts: 1 } }
      """
    let folder = try ScratchFolder.remote(suite)
    _ = try await folder.tryout(
      "run", "suite.yaml", environment: ["KEY": "canary-0123456789abcdef"])
    var sent: [String: Sent] = [:]
    for request in server.requests where request.hasPrefix("POST /") {
      let parts = request.components(separatedBy: "\r\n\r\n")
      let name = request.dropFirst("POST /".count).prefix { $0 != "/" }
      sent[String(name)] = Sent(head: parts[0], body: try JSON(parsing: Array(parts[1].utf8)))
    }
    #expect(Set(sent.keys) == Set(presets.map(\.name)))
    return sent
  }

  @Test(arguments: [true, false])
  func noPresetSendsWhatItsVendorRefuses(stream: Bool) async throws {
    for (name, sent) in try await Self.sent(stream: stream) {
      guard case .object(let body) = sent.body else {
        Issue.record("\(name)")
        continue
      }
      let preset = try #require(Provider.preset(named: name))
      let wrong = Set(body.keys).intersection(
        (Self.refused[name] ?? []).union(preset.refuses).union(preset.renames.keys))
      #expect(wrong.isEmpty, "\(name): \(wrong)")
      #expect(body["stream"] == .bool(stream) && body["model"] == "m" && body["temperature"] == 0.5)
      let allowances = body.filter { Provider.tokenLimits.contains($0.key) }
      #expect(allowances == [preset.tokenLimit ?? "max_tokens": 64], "\(name)")
      let asksForUsage = stream && preset.asksForUsage
      #expect(
        body["stream_options"] == (asksForUsage ? ["include_usage": true] : nil), "\(name)")
      let header = preset.keyHeader.map { "\($0): " } ?? "Authorization: Bearer "
      #expect(sent.head.contains("\r\n\(header)canary-0123456789abcdef"), "\(name)")
      #expect(sent.head.components(separatedBy: "canary").count == 2, "\(name)")
    }
  }

  /// A setting that has a name in every dialect reaches all of them.
  @Test func stopsAndEffortsAreTranslated() async throws {
    let sent = try await Self.sent(stream: true, "stop: END, reasoning_effort: low")
    #expect(sent["anthropic"]?.body["stop_sequences"] == ["END"])
    #expect(sent["openai-responses"]?.body["reasoning"] == ["effort": "low"])
    for name in ["openrouter", "groq", "mistral", "deepseek", "azure", "ollama", "vllm"] {
      #expect(sent[name]?.body["stop"] == "END", "\(name)")
      #expect(sent[name]?.body["reasoning_effort"] == "low", "\(name)")
    }
    #expect(sent["anthropic"]?.body["max_tokens"] == 4096)
    #expect(sent["anthropic"]?.body["system"] == "Be brief.")
  }
}

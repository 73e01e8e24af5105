/// An API dialect with what is known about those who speak it: one row of the preset table.
package struct Provider: Sendable, Hashable, Codable {
  package enum Dialect: String, Sendable, Codable {
    case chatCompletions = "chat-completions"
    case anthropicMessages = "anthropic-messages"

    /// Completion tokens that are allowed where a suite names no number and the dialect wants one.
    ///
    /// 4096 is what even the smallest model at Anthropic may answer.
    package static let messageTokens = 4096
  }

  package var name: String
  package var dialect: Dialect
  /// Nil where the suite must say it, and for the simulator.
  package var baseURL: String?
  package var keyVariable: String?
  /// Whether usage in streams must be asked for with `stream_options`.
  package var asksForUsage: Bool
  /// Whether a stream without `[DONE]` was cut, even if it told a finish reason.
  package var endsWithDone: Bool
  /// Whether `provider` preferences and `:free` ids mean something here.
  package var routes: Bool
  /// What the provider's free models allow an account, for targets without a limit of their own.
  package var freeWindows: [Limit.Window]
  /// What `/day` means: a day from 00:00 UTC, or one that slides.
  package var day: Limit.Window.Period

  private init(
    _ name: String, _ baseURL: String?, key: String?, dialect: Dialect = .chatCompletions,
    asksForUsage: Bool = true, endsWithDone: Bool = false, routes: Bool = false,
    freeWindows: [Limit.Window] = [], day: Limit.Window.Period = .day
  ) {
    self.name = name
    self.dialect = dialect
    self.baseURL = baseURL
    self.keyVariable = key
    self.asksForUsage = asksForUsage
    self.endsWithDone = endsWithDone
    self.routes = routes
    self.freeWindows = freeWindows
    self.day = day
  }

  /// The preset of a name that suites may write.
  package static func preset(named name: String) -> Provider? {
    presets.first { $0.name == name }
  }

  /// Every preset, in the order in which errors and documents list them.
  ///
  /// OpenRouter's free models allow 20 requests a minute; 16 were observed, so 15 is what is used. Its days begin at
  /// 00:00 UTC. Those of others refill continuously or begin at a midnight elsewhere: a sliding day keeps to either.
  package static let presets: [Provider] = [
    Provider(
      "openrouter", "https://openrouter.ai/api/v1", key: "OPENROUTER_API_KEY",
      asksForUsage: false, endsWithDone: true, routes: true,
      freeWindows: [.init(.requests, 15, per: .minute), .init(.requests, 1000, per: .day)]),
    Provider("openai", "https://api.openai.com/v1", key: "OPENAI_API_KEY", day: .rolling),
    Provider(
      "anthropic", "https://api.anthropic.com/v1", key: "ANTHROPIC_API_KEY",
      dialect: .anthropicMessages, day: .rolling),
    Provider("groq", "https://api.groq.com/openai/v1", key: "GROQ_API_KEY", day: .rolling),
    Provider("together", "https://api.together.xyz/v1", key: "TOGETHER_API_KEY", day: .rolling),
    Provider(
      "mistral", "https://api.mistral.ai/v1", key: "MISTRAL_API_KEY", asksForUsage: false,
      day: .rolling),
    Provider("deepseek", "https://api.deepseek.com/v1", key: "DEEPSEEK_API_KEY", day: .rolling),
    Provider(
      "fireworks", "https://api.fireworks.ai/inference/v1", key: "FIREWORKS_API_KEY",
      day: .rolling),
    Provider(
      "gemini", "https://generativelanguage.googleapis.com/v1beta/openai", key: "GEMINI_API_KEY",
      day: .rolling),
    Provider("ollama", "http://127.0.0.1:11434/v1", key: nil),
    Provider("llamacpp", "http://127.0.0.1:8080/v1", key: nil),
    Provider("vllm", "http://127.0.0.1:8000/v1", key: nil),
    Provider("litellm", "http://127.0.0.1:4000/v1", key: "LITELLM_API_KEY"),
    simulator,
  ]

  /// The embedded provider, which answers on a loopback port of its own.
  package static let simulator = Provider("simulator", nil, key: nil, endsWithDone: true)
}

/// An API dialect with what is known about those who speak it: one row of the preset table.
package struct Provider: Sendable, Hashable {
  package enum Dialect: String, Sendable, Codable {
    case chatCompletions = "chat-completions"
    case anthropicMessages = "anthropic-messages"
    case openAIResponses = "openai-responses"

    /// Completion tokens that are allowed where a suite names no number and the dialect wants one.
    ///
    /// 4096 is what even the smallest model at Anthropic may answer.
    package static let messageTokens = 4096
  }

  package var name: String
  package var dialect = Dialect.chatCompletions
  /// Nil where the suite must say it, and for the simulator.
  package var baseURL: String?
  package var keyVariable: String?
  /// The header that carries the key by itself; nil for `Authorization: Bearer`.
  package var keyHeader: String?
  /// Whether usage in streams must be asked for with `stream_options`.
  package var asksForUsage = true
  /// Whether a stream without `[DONE]` was cut, even if it told a finish reason.
  package var endsWithDone = false
  /// What the allowance of completion tokens is called; nil leaves it as suites write it.
  package var tokenLimit: String?
  /// Parameters that go by another name here.
  package var renames: [String: String] = [:]
  /// Parameters that the provider does not take: most refuse a request that has one of them.
  package var refuses: [String] = []
  /// Whether the row also stands for any other server of its dialect, which has rules of its own.
  package var isGeneric = false
  /// Whether `provider` preferences and `:free` ids mean something here.
  package var routes = false
  /// What the provider's free models allow an account, for targets without a limit of their own.
  package var freeWindows: [Limit.Window] = []
  /// What `/day` means: a day from 00:00 UTC, or one that slides.
  package var day = Limit.Window.Period.rolling
  /// The headers in which answers tell limits; empty where there are none.
  package var limitHeaders: [String] = []
  /// What is particular about its answers and borne with, half a sentence each.
  package var quirks: [String] = []

  private init(
    _ name: String, _ baseURL: String?, key: String?, _ change: (inout Provider) -> Void = { _ in }
  ) {
    self.name = name
    self.baseURL = baseURL
    keyVariable = key
    change(&self)
  }

  /// The preset of a name that suites may write.
  package static func preset(named name: String) -> Provider? {
    presets.first { $0.name == name }
  }

  /// The parameters as they may be sent to a base URL, and the names of those that were left out.
  ///
  /// What a suite writes for all of its targets must not make one of them refuse.
  package func fitting(
    _ parameters: [String: JSON], at url: String?
  ) -> (sent: [String: JSON], dropped: [String]) {
    guard !isGeneric || url == baseURL else { return (parameters, []) }
    var sent = parameters
    if let tokenLimit {
      for name in Provider.tokenLimits where name != tokenLimit {
        guard let value = sent.removeValue(forKey: name) else { continue }
        if sent[tokenLimit] == nil { sent[tokenLimit] = value }
      }
    }
    for (name, other) in renames {
      guard let value = sent.removeValue(forKey: name) else { continue }
      if sent[other] == nil { sent[other] = value }
    }
    let dropped = refuses.filter { sent.removeValue(forKey: $0) != nil }
    return (sent, dropped)
  }

  /// The parameters with another allowance of completion tokens, as they may be sent to a base URL.
  package func allowing(
    _ tokens: Int, in parameters: [String: JSON], at url: String?
  ) -> [String: JSON] {
    let name = Provider.tokenLimits.first { parameters[$0] != nil } ?? "max_tokens"
    var parameters = parameters.filter { !Provider.tokenLimits.contains($0.key) }
    parameters[name] = .integer(Int64(tokens))
    return fitting(parameters, at: url).sent
  }

  /// The most completion tokens that parameters allow, if they or the dialect say.
  ///
  /// What is no number of tokens, such as the -1 by which some servers mean any, bounds nothing.
  package func allowance(in parameters: [String: JSON]) -> Int? {
    for name in Provider.tokenLimits {
      guard let limit = parameters[name] else { continue }
      return Usage.believed(limit.int).flatMap { $0 > 0 ? $0 : nil }
    }
    return dialect == .anthropicMessages ? Provider.Dialect.messageTokens : nil
  }

  /// The names that the allowance of completion tokens has among dialects.
  package static let tokenLimits = ["max_completion_tokens", "max_tokens", "max_output_tokens"]

  // MARK: The table

  /// Every preset, in the order in which errors and documents list them.
  ///
  /// OpenRouter's free models allow 20 requests a minute; 16 were observed, so 15 is what is used. Its days begin at
  /// 00:00 UTC. Those of others refill continuously or begin at a midnight elsewhere: a sliding day keeps to either.
  package static let presets: [Provider] = [
    Provider("openrouter", "https://openrouter.ai/api/v1", key: "OPENROUTER_API_KEY") {
      $0.asksForUsage = false
      $0.endsWithDone = true
      $0.routes = true
      $0.freeWindows = [.init(.requests, 15, per: .minute), .init(.requests, 1000, per: .day)]
      $0.day = .day
      $0.quirks = [
        "comments before and between events", "white space before a whole body",
        "errors in answers with status 200 and within streams",
        "usage in chunks of three shapes", "limits only in the body of a 429",
      ]
    },
    Provider("openai", "https://api.openai.com/v1", key: "OPENAI_API_KEY") {
      $0.tokenLimit = "max_completion_tokens"
      $0.isGeneric = true
      $0.refuses = samplers + routing + templates
      $0.limitHeaders = openAIHeaders
      $0.quirks = [
        "`usage: null` in every chunk but the last", "padding as `obfuscation`",
        "`insufficient_quota` as a 429 that no wait ends",
      ]
    },
    Provider("openai-responses", "https://api.openai.com/v1", key: "OPENAI_API_KEY") {
      $0.dialect = .openAIResponses
      $0.asksForUsage = false
      $0.tokenLimit = "max_output_tokens"
      $0.refuses =
        [
          "frequency_penalty", "logit_bias", "logprobs", "n", "presence_penalty", "response_format",
          "seed", "stop", "verbosity",
        ] + samplers + routing.filter { $0 != "reasoning" } + templates
      $0.limitHeaders = openAIHeaders
      $0.quirks = ["ends with `response.completed` and without `[DONE]`"]
    },
    Provider("anthropic", "https://api.anthropic.com/v1", key: "ANTHROPIC_API_KEY") {
      $0.dialect = .anthropicMessages
      $0.keyHeader = "x-api-key"
      $0.asksForUsage = false
      $0.tokenLimit = "max_tokens"
      $0.renames = ["stop": "stop_sequences"]
      $0.refuses =
        [
          "frequency_penalty", "logit_bias", "logprobs", "n", "parallel_tool_calls",
          "presence_penalty", "reasoning_effort", "response_format", "seed", "store",
          "top_logprobs", "user", "verbosity",
        ] + samplers.filter { $0 != "top_k" } + routing
        + templates.filter { $0 != "thinking" }
      $0.limitHeaders = [
        "anthropic-ratelimit-{requests,tokens,input-tokens,output-tokens}-{limit,remaining,reset}",
        "retry-after",
      ]
      $0.quirks = [
        "`ping` anywhere", "ends with `message_stop` and without `[DONE]`", "errors as events",
        "529 where it is overloaded",
      ]
    },
    Provider("groq", "https://api.groq.com/openai/v1", key: "GROQ_API_KEY") {
      $0.tokenLimit = "max_completion_tokens"
      $0.refuses =
        ["logit_bias", "logprobs", "metadata", "store", "top_logprobs", "verbosity"] + samplers
        + routing.filter { $0 != "include_reasoning" } + templates
      $0.limitHeaders = openAIHeaders
      $0.quirks = [
        "`event: error` within a stream of status 200, without `[DONE]`",
        "reasoning as `reasoning`", "times beside the usage, in seconds",
      ]
    },
    Provider("together", "https://api.together.xyz/v1", key: "TOGETHER_API_KEY") {
      $0.tokenLimit = "max_tokens"
      $0.limitHeaders = ["x-ratelimit-{limit,remaining,reset}"]
      $0.quirks = [
        "`retry-after` beside answers, which means nothing there", "thinking within the answer",
        "the text of a chunk twice, as `delta` and as `text`", "`cached_tokens` beside the others",
      ]
    },
    Provider("mistral", "https://api.mistral.ai/v1", key: "MISTRAL_API_KEY") {
      $0.asksForUsage = false
      $0.tokenLimit = "max_tokens"
      $0.renames = ["seed": "random_seed"]
      $0.refuses =
        [
          "logit_bias", "logprobs", "metadata", "service_tier", "store", "top_logprobs", "user",
          "verbosity",
        ] + samplers + routing + templates
      $0.limitHeaders = ["x-ratelimit-{limit,remaining}-{req,tokens}-minute"]
      $0.quirks = [
        "content as a list of parts, thinking among them", "padding as `p`",
        "usage beside the finish reason", "errors as `detail`",
        "a limit of 0 is that of another plan",
      ]
    },
    Provider("deepseek", "https://api.deepseek.com/v1", key: "DEEPSEEK_API_KEY") {
      $0.tokenLimit = "max_tokens"
      $0.quirks = [
        "comments and blank lines that keep the connection alive",
        "reasoning as `reasoning_content`",
        "`prompt_cache_hit_tokens` beside the others",
        "errors as `application/octet-stream`", "402 where the balance is spent",
      ]
    },
    Provider("fireworks", "https://api.fireworks.ai/inference/v1", key: "FIREWORKS_API_KEY") {
      $0.asksForUsage = false
      $0.refuses = ["store", "top_a", "verbosity"] + routing
      $0.limitHeaders = [
        "x-ratelimit-{limit,remaining}-{requests,tokens-prompt,tokens-generated}",
        "x-ratelimit-over-limit",
      ]
      $0.quirks = ["usage beside the finish reason"]
    },
    Provider(
      "gemini", "https://generativelanguage.googleapis.com/v1beta/openai", key: "GEMINI_API_KEY"
    ) {
      $0.refuses =
        [
          "frequency_penalty", "logit_bias", "logprobs", "metadata", "presence_penalty", "seed",
          "store", "top_logprobs", "verbosity",
        ] + samplers + routing + templates
      $0.quirks = [
        "errors as a list", "`retryDelay` in the body and no `retry-after`",
        "answers without `message` or `completion_tokens`",
      ]
    },
    Provider("xai", "https://api.x.ai/v1", key: "XAI_API_KEY") {
      $0.tokenLimit = "max_completion_tokens"
      $0.refuses =
        ["frequency_penalty", "logit_bias", "presence_penalty", "stop", "verbosity"] + samplers
        + routing + templates
      $0.limitHeaders = ["x-ratelimit-{limit,remaining}-{requests,tokens}"]
      $0.quirks = ["errors as a text", "a bad key is a 400"]
    },
    Provider("azure", nil, key: "AZURE_OPENAI_API_KEY") {
      $0.keyHeader = "api-key"
      $0.refuses = samplers + routing + templates
      $0.limitHeaders = openAIHeaders + ["retry-after-ms"]
      $0.quirks = [
        "a first chunk without choices, about filters", "codes of errors as texts",
        "resets in bare seconds",
        "`base_url` ends in `/openai/v1`",
      ]
    },
    Provider("ollama", "http://127.0.0.1:11434/v1", key: nil) {
      $0.tokenLimit = "max_tokens"
      $0.day = .day
      $0.quirks = ["reasoning as `reasoning`", "errors as a text"]
    },
    Provider("llamacpp", "http://127.0.0.1:8080/v1", key: nil) {
      $0.day = .day
      $0.quirks = [
        "`timings` beside the usage", "503 while a model is loaded",
        "relatives that end without `[DONE]`",
      ]
    },
    Provider("vllm", "http://127.0.0.1:8000/v1", key: nil) {
      $0.day = .day
      $0.quirks = [
        "reasoning under either name", "usage in every chunk, of which the last counts",
        "errors without `error` around them",
      ]
    },
    Provider("lmstudio", "http://127.0.0.1:1234/v1", key: nil) {
      $0.tokenLimit = "max_tokens"
      $0.day = .day
      $0.quirks = ["reasoning under either name"]
    },
    Provider("litellm", "http://127.0.0.1:4000/v1", key: "LITELLM_API_KEY") {
      $0.day = .day
      $0.quirks = ["codes of errors as texts", "ids of models may be rewritten"]
    },
    simulator,
  ]

  /// Samplers that servers of open models have beyond OpenAI's.
  private static let samplers = ["min_p", "repetition_penalty", "top_a", "top_k"]
  /// What only a router wants to know, and its own name for the reasoning.
  private static let routing = [
    "include_reasoning", "plugins", "provider", "reasoning", "transforms",
  ]
  /// How models are told to think where no effort can be named.
  private static let templates = ["chat_template_kwargs", "enable_thinking", "thinking"]

  private static let openAIHeaders = [
    "x-ratelimit-{limit,remaining,reset}-{requests,tokens}", "retry-after",
  ]

  /// The embedded provider, which answers on a loopback port of its own.
  package static let simulator = Provider("simulator", nil, key: nil) {
    $0.endsWithDone = true
    $0.day = .day
  }
}

/// A preset is kept by its name, so that what was learnt about it since is known of older runs, too.
extension Provider: Codable {
  private enum Key: CodingKey { case name }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let name = try container.decode(String.self, forKey: .name)
    guard let preset = Provider.preset(named: name) else {
      throw DecodingError.dataCorruptedError(
        forKey: .name, in: container, debugDescription: "there is no provider \(name)")
    }
    self = preset
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
  }
}

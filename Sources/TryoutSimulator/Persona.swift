/// A model of the simulator: how fast it is, how it fails, what it knows.
package struct Persona: Equatable, Sendable {
  /// When a stream carries a usage chunk; an answer in one piece has usage unless `none`.
  package enum UsageReport: String, CaseIterable, Sendable {
    case none
    case onRequest = "on_request"
    case always
  }

  /// What stands beside the usage in its chunk.
  package enum UsageChunk: String, CaseIterable, Sendable {
    /// A choice without a finish reason, as in 2025.
    case nullFinish = "null_finish"
    /// No choice, as documented.
    case emptyChoices = "empty_choices"
    /// A choice that tells the finish reason again, as since June 2026.
    case repeatedFinish = "repeated_finish"
  }

  /// From the request to the first token of any kind.
  package var firstToken = Latency(median: .milliseconds(120), sigma: 0.3)
  /// From one token to the next.
  package var perToken = Latency(median: .milliseconds(8), sigma: 0.2)
  /// Words of an answer that is neither scripted nor known.
  package var answerTokens = 24
  /// Tokens of reasoning before the answer.
  package var reasoningTokens = 0
  /// Whether the whole answer comes in one chunk, when its last token is due.
  package var burst = false
  /// Whether what it knows is told wrong.
  package var wrong = false
  /// What goes wrong, at most one of them for each request.
  package var faults: [Fault] = []
  /// Its own quotas, beside those that all personas share.
  package var quotas: [Quota] = []
  /// When a stream tells its token counts.
  package var usage = UsageReport.onRequest
  /// US dollars for each token, of the prompt as of the answer.
  package var costPerToken = 0.0
  /// How the catalogue shows it.
  package var listing = Listing()
  /// In which of three shapes OpenRouter's usage chunk comes.
  package var usageChunk = UsageChunk.emptyChoices
  /// Comments in a stream before its first token, and one after every fifth.
  package var comments = 0
  /// Lines of white space before an answer in one piece, while the model thinks.
  package var padding = 0
  /// Its own scripted answers, told even by a persona that is `wrong`.
  package var answers: [ScriptedAnswer] = []

  /// The built-in `steady`.
  package init() {}
}

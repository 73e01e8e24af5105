/// What is known of one answer after it was given.
package struct Generation: Equatable, Sendable {
  package var id: String
  var created: Int64
  var model: String
  var promptTokens: Int
  var completionTokens: Int
  var reasoningTokens: Int
  var finishReason: String
  /// From the request to the first token, and to the last.
  var firstToken: Duration
  var end: Duration
  /// US dollars.
  var cost: Double
  var isStream: Bool

  init(_ answer: Answer, to request: ChatRequest, by wire: Wire) {
    id = wire.id
    created = wire.created
    model = wire.model
    promptTokens = answer.promptTokens
    completionTokens = answer.completionTokens
    reasoningTokens = answer.reasoningTokens
    finishReason = answer.finishReason
    firstToken = answer.firstToken
    end = answer.end
    cost = Double(answer.promptTokens + answer.completionTokens) * wire.costPerToken
    isStream = request.stream
  }
}

/// The answers that can be asked about: the latest, from the moment at which they are whole.
struct GenerationBook {
  private var known: [String: (generation: Generation, from: ContinuousClock.Instant)] = [:]
  private var order: [String] = []

  /// A longer memory would grow with every benchmark.
  private static let capacity = 10_000

  mutating func enter(_ generation: Generation, from moment: ContinuousClock.Instant) {
    if known.updateValue((generation, moment), forKey: generation.id) == nil {
      order.append(generation.id)
    }
    guard order.count >= 2 * GenerationBook.capacity else { return }
    for id in order.prefix(GenerationBook.capacity) { known[id] = nil }
    order.removeFirst(GenerationBook.capacity)
  }

  /// Nil for answers that nobody knows, or not yet.
  func generation(_ id: String, at now: ContinuousClock.Instant) -> Generation? {
    known[id].flatMap { $0.from <= now ? $0.generation : nil }
  }
}

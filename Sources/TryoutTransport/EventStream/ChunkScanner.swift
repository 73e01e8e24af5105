import TryoutCore

/// Reads the events of one answer and keeps what they told so far.
///
/// Here is what all dialects share; how each of them writes an event stands in `Dialects/`, in the
/// extensions that alone set these properties.
struct ChunkScanner {
  /// What one event carried.
  struct Delta: Equatable {
    /// Some text or a piece of a tool call, even if it is only white space.
    var isFilled = false
    /// Something other than white space.
    var isVisible = false
    /// Visible content or a piece of a tool call.
    var isAnswer = false
    /// Nothing but a sign that the connection is alive.
    var isKeepAlive = false
    /// The marker that ends an answer.
    var isEnd = false

    /// A piece of a tool call came.
    mutating func addToolCall() { (isFilled, isVisible, isAnswer) = (true, true, true) }
  }

  let dialect: Provider.Dialect
  private(set) var answer: [UInt8] = []
  private(set) var reasoning: [UInt8] = []
  var finishReason: String?
  var model: String?
  var upstream: String?
  var id: String?
  var usage = Usage()
  var cost: Double?
  /// Whether any event had a member by which the dialect is known.
  var isInDialect = false
  /// Whether the last event told of an error.
  var tellsError = false
  /// Chat completions: whole messages count only in streams without deltas, for elsewhere they
  /// repeat what was sent.
  var hasDeltas = false
  /// Messages: the parts of the usage, which come in two events.
  var messageUsage = MessageUsage()

  init(dialect: Provider.Dialect = .chatCompletions) { self.dialect = dialect }

  /// Bytes of text kept so far.
  var textCount: Int { answer.count + reasoning.count }

  /// Reads one event; nil, with nothing of its text kept, where it is no JSON object.
  mutating func scan(_ chunk: UnsafeRawBufferPointer) -> Delta? {
    tellsError = false
    guard var walker = JSONWalker(chunk), walker.enterObject() else { return nil }
    let (answered, reasoned) = (answer.count, reasoning.count)
    var delta = Delta()
    switch dialect {
    case .chatCompletions: scanCompletion(&walker, &delta)
    case .anthropicMessages: scanMessageEvent(&walker, &delta)
    }
    guard walker.isAtEnd() else {
      answer.removeLast(answer.count - answered)
      reasoning.removeLast(reasoning.count - reasoned)
      return nil
    }
    return delta
  }

  /// Reads one count out of an object of counts.
  static func scanDetail(
    _ name: StaticString,
    _ count: inout Int?,
    _ walker: inout JSONWalker
  ) {
    guard walker.enterObject() else { return }
    while let key = walker.nextKey() {
      if key == name {
        count = walker.count() ?? count
      } else {
        walker.skipValue()
      }
    }
  }

  /// Notes an error unless the member says that there is none.
  mutating func scanError(_ walker: inout JSONWalker) {
    if walker.peek() == UInt8(ascii: "{") || walker.peek() == UInt8(ascii: "\"") {
      tellsError = true
    }
    walker.skipValue()
  }

  /// Keeps the first text that is not empty.
  static func keep(_ text: JSONText?, in property: inout String?) {
    guard property == nil, let text, !text.isEmpty else { return }
    property = text.string
  }

  /// Keeps visible text.
  mutating func keepAnswer(_ text: JSONText, _ delta: inout Delta) {
    guard !text.isEmpty else { return }
    delta.isFilled = true
    guard Self.append(text, to: &answer) else { return }
    delta.isVisible = true
    delta.isAnswer = true
  }

  /// Keeps text that was thought aloud.
  mutating func keepReasoning(_ text: JSONText, _ delta: inout Delta) {
    guard !text.isEmpty else { return }
    delta.isFilled = true
    if Self.append(text, to: &reasoning) { delta.isVisible = true }
  }

  /// Appends what a text means; true where that is more than white space.
  private static func append(_ text: JSONText, to bytes: inout [UInt8]) -> Bool {
    let start = bytes.count
    text.append(to: &bytes)
    return bytes[start...].contains { $0 > 0x20 }
  }
}

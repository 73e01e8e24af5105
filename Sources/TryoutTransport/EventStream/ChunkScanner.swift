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
  /// Chat completions and responses: whole texts count only in streams without deltas, for elsewhere they
  /// repeat what was sent.
  var hasDeltas = false
  /// Responses: whether a tool was called, which the end does not tell.
  var hasToolCall = false
  /// Messages: the parts of the usage, which come in two events.
  var messageUsage = MessageUsage()

  /// What the last chunk looked like around its text.
  private var mould = ChunkMould()
  /// Where the last text of the chunk under way stands in memory, and how many pieces there were of any kind.
  private var text: (address: Int, count: Int, kind: ChunkMould.Kind)?
  private var pieces = 0

  init(dialect: Provider.Dialect = .chatCompletions) { self.dialect = dialect }

  /// Bytes of text kept so far.
  var textCount: Int { answer.count + reasoning.count }

  /// Reads one event; nil, with nothing of its text kept, where it is no JSON object.
  mutating func scan(_ chunk: UnsafeRawBufferPointer) -> Delta? {
    tellsError = false
    if let (text, kind) = mould.text(in: chunk) {
      var delta = Delta()
      if kind == .answer { keepAnswer(text, &delta) } else { keepReasoning(text, &delta) }
      return delta
    }
    (text, pieces) = (nil, 0)
    guard var walker = JSONWalker(chunk), walker.enterObject() else { return nil }
    let (answered, reasoned) = (answer.count, reasoning.count)
    var delta = Delta()
    switch dialect {
    case .chatCompletions: scanCompletion(&walker, &delta)
    case .anthropicMessages: scanMessageEvent(&walker, &delta)
    case .openAIResponses: scanResponseEvent(&walker, &delta)
    }
    guard walker.isAtEnd() else {
      answer.removeLast(answer.count - answered)
      reasoning.removeLast(reasoning.count - reasoned)
      return nil
    }
    if let text, pieces == 1, !tellsError, !delta.isEnd, !delta.isKeepAlive {
      let prefix = text.address - Int(bitPattern: chunk.baseAddress)
      mould.take(chunk, prefix: prefix, count: text.count, text.kind)
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
    note(text, .answer)
    delta.isFilled = true
    guard Self.append(text, to: &answer) else { return }
    delta.isVisible = true
    delta.isAnswer = true
  }

  /// Keeps text that was thought aloud.
  mutating func keepReasoning(_ text: JSONText, _ delta: inout Delta) {
    guard !text.isEmpty else { return }
    note(text, .reasoning)
    delta.isFilled = true
    if Self.append(text, to: &reasoning) { delta.isVisible = true }
  }

  /// A piece of a tool call came.
  mutating func keepToolCall(_ delta: inout Delta) {
    pieces += 1
    (delta.isFilled, delta.isVisible, delta.isAnswer) = (true, true, true)
  }

  /// What the event told depends on more than its text.
  mutating func noteMore() { pieces += 1 }

  private mutating func note(_ text: JSONText, _ kind: ChunkMould.Kind) {
    self.text = (Int(bitPattern: text.start), text.count, kind)
    pieces += 1
  }

  /// Appends what a text means; true where that is more than white space.
  private static func append(_ text: JSONText, to bytes: inout [UInt8]) -> Bool {
    let start = bytes.count
    text.append(to: &bytes)
    return bytes[start...].contains { $0 > 0x20 }
  }
}

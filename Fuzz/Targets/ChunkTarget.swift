import TryoutCore

@testable import TryoutTransport

/// The chunk scanner finds in a chunk what Foundation's reading of the same bytes finds.
///
/// It may be more lenient, but never less.
enum ChunkTarget: FuzzTarget {
  static func check(_ input: [UInt8]) {
    var scanner = ChunkScanner()
    let delta = input.withUnsafeBytes { scanner.scan($0) }
    Fuzz.require(delta != nil || scanner.textCount == 0, "text was kept of a broken chunk")
    // Foundation takes bytes with zeros for UTF-16, and skips a byte order mark.
    guard input.first == UInt8(ascii: "{"), !input.contains(0),
      let json = try? JSON(parsing: input), case .object = json, !hasDuplicates(json, input)
    else { return }
    guard let delta else { return Fuzz.require(false, "a chunk was refused") }
    compare(scanner, delta, with: ExpectedChunk(json), input)
  }

  private static func compare(
    _ scanner: ChunkScanner,
    _ delta: ChunkScanner.Delta,
    with expected: ExpectedChunk,
    _ input: [UInt8]
  ) {
    let answer = String(repairing: scanner.answer)
    let reasoning = String(repairing: scanner.reasoning)
    Fuzz.require(
      expected.answers.contains { $0.utf8.elementsEqual(answer.utf8) },
      "the answer is \(answer.debugDescription), expected \(expected.answers)"
    )
    Fuzz.require(
      expected.reasonings.contains { $0.utf8.elementsEqual(reasoning.utf8) },
      "the reasoning is \(reasoning.debugDescription), expected \(expected.reasonings)"
    )
    Fuzz.require(
      delta == expected.delta(answer: answer, reasoning: reasoning),
      "the delta is \(delta)"
    )
    let names = [scanner.finishReason, scanner.id, scanner.model, scanner.upstream]
    Fuzz.require(names == expected.names, "names \(names), expected \(expected.names)")
    Fuzz.require(scanner.isInDialect == expected.hasChoices, "choices \(scanner.isInDialect)")
    Fuzz.require(scanner.tellsError == expected.tellsError, "an error \(scanner.tellsError)")
    compare(scanner.usage, scanner.cost, with: expected, input)
  }

  /// Counts are digits alone; Foundation reads `2.0` and `-0` as whole numbers, too.
  private static func compare(
    _ usage: Usage,
    _ cost: Double?,
    with expected: ExpectedChunk,
    _ input: [UInt8]
  ) {
    let isPlain = !input.contains { ".eE-".utf8.contains($0) }
    let counts = [usage.prompt, usage.completion, usage.reasoning, usage.cached, usage.total]
    for (count, other) in zip(counts, expected.counts) {
      Fuzz.require(
        count == other || count == nil && !isPlain,
        "a count is \(String(describing: count)), expected \(String(describing: other))"
      )
    }
    Fuzz.require(
      cost == expected.cost || cost == nil && expected.cost == 0,
      "the cost is \(String(describing: cost)), expected \(String(describing: expected.cost))"
    )
  }

  /// Whether a name stands twice in an object: which of both counts is nobody's promise.
  private static func hasDuplicates(_ json: JSON, _ text: [UInt8]) -> Bool {
    var colons = 0
    var isInString = false
    var isEscaped = false
    for byte in text {
      if isInString {
        if !isEscaped, byte == UInt8(ascii: "\"") { isInString = false }
        isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
      } else if byte == UInt8(ascii: "\"") {
        isInString = true
      } else if byte == UInt8(ascii: ":") {
        colons += 1
      }
    }
    return colons != members(of: json)
  }

  private static func members(of json: JSON) -> Int {
    switch json {
    case .object(let members): members.values.reduce(members.count) { $0 + Self.members(of: $1) }
    case .array(let elements): elements.reduce(0) { $0 + Self.members(of: $1) }
    default: 0
    }
  }
}

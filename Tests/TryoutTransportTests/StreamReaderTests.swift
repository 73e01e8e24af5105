import Testing
import TryoutCore

@testable import TryoutTransport

struct StreamReaderTests {
  /// What a reader has to say at the end, apart from stamps.
  struct Reading: Equatable {
    var answer: String
    var reasoning: String
    var finishReason: String?
    var usage: Usage
    var chunks: Int
    var events: Int
    var isDone: Bool
    var error: String?
    var unreadable: String?

    init(_ reader: StreamReader) {
      let events = reader.events
      answer = String(repairing: events.scanner.answer)
      reasoning = String(repairing: events.scanner.reasoning)
      finishReason = events.scanner.finishReason
      usage = events.scanner.usage
      chunks = events.chunks
      self.events = events.events
      isDone = events.isDone
      error = events.error.map { String(repairing: $0) }
      unreadable = events.unreadable.map { String(repairing: $0) }
    }
  }

  /// Reads pieces, the n-th of which comes at the moment n.
  private func reader(of pieces: [[UInt8]]) -> StreamReader {
    var reader = StreamReader()
    for (moment, piece) in pieces.enumerated() {
      #expect(piece.withUnsafeBytes { reader.consume($0, at: Int64(moment)) })
    }
    reader.finish(at: Int64(pieces.count))
    return reader
  }

  private func reading(_ text: String) -> Reading { Reading(reader(of: [Array(text.utf8)])) }

  /// Every kind of line: comments, named events, several lines of data, usage, text beyond ASCII.
  static let everything =
    [
      ": OPENROUTER PROCESSING", "",
      "data: {\"id\":\"gen-1\",\"choices\":[{\"delta\":{\"content\":\"\"}}]}",
      "", "event: chunk", "id: 7", "retry: 10",
      "data: {\"choices\":[{\"delta\":{\"content\":\"Grüße \\uD83D\\uDE00, \\\"du\\\"\"}}]}", "",
      "data:{\"choices\":[{\"delta\":", "data: {\"reasoning\":\"why 🤔\"}}]}", "", ":", "",
      "data: {\"choices\":[{\"delta\":{\"content\":\"\\n\"},\"finish_reason\":\"stop\"}]}", "",
      "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}", "",
      "data: [DONE]", "",
    ].joined(separator: "\n") + "\n"

  @Test func everythingIsRead() {
    let reading = reading(Self.everything)
    #expect(reading.answer == "Grüße 😀, \"du\"\n")
    #expect(reading.reasoning == "why 🤔")
    #expect(reading.finishReason == "stop")
    #expect(reading.usage == Usage(prompt: 3, completion: 2))
    #expect(reading.chunks == 3)
    #expect(reading.events == 6)
    #expect(reading.isDone)
    #expect(reading.error == nil)
    #expect(reading.unreadable == nil)
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func anySplitReadsTheSame(lineEnd: String) {
    let bytes = Array(Self.everything.replacing("\n", with: lineEnd).utf8)
    let whole = Reading(reader(of: [bytes]))
    #expect(whole == reading(Self.everything))
    for cut in 0...bytes.count {
      let pieces = [Array(bytes[..<cut]), Array(bytes[cut...])]
      #expect(Reading(reader(of: pieces)) == whole, "cut at \(cut)")
    }
    for size in 1...7 {
      let pieces = stride(from: 0, to: bytes.count, by: size).map {
        Array(bytes[$0..<min($0 + size, bytes.count)])
      }
      #expect(Reading(reader(of: pieces)) == whole, "pieces of \(size)")
    }
  }

  @Test(arguments: ["", "\n", "\r\n", "\n\n"])
  func theLastEventNeedsNoEnd(end: String) {
    let reading = reading(
      "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\ndata: [DONE]" + end
    )
    #expect(reading.answer == "x")
    #expect(reading.isDone)
  }

  @Test func aByteOrderMarkIsNoPartOfTheFirstLine() {
    #expect(reading("\u{FEFF}data: [DONE]\n\n").isDone)
  }

  @Test func fieldsThatOnlyBeginAlikeAreOthers() {
    let reading = reading("database: {\"a\":1}\n\ndatum\n\ndata\n\n")
    #expect(reading.events == 1)  // `data` alone is a field with an empty value
    #expect(reading.unreadable == nil)
  }

  @Test func anEventIsStampedWithItsDataNotWithTheBlankLine() {
    let pieces = [
      "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n",
      "\ndata: {\"choices\":[{\"delta\":{\"content\":\"b\"}}]}\n", "\n: comment\n\n",
    ]
    let events = reader(of: pieces.map { Array($0.utf8) }).events
    #expect(events.firstToken == 0)
    #expect(events.lastToken == 1)
    #expect(events.lastEvent == 1)
  }

  @Test func tokensAreWhatIsSeen() {
    let deltas = [
      #"{"role":"assistant","content":""}"#, #"{"content":" \n"}"#, #"{"reasoning":"hm"}"#,
      #"{"content":"\t"}"#, #"{"content":"yes"}"#, #"{"content":" "}"#, #"{"content":null}"#,
    ]
    let pieces = deltas.map { Array("data: {\"choices\":[{\"delta\":\($0)}]}\n\n".utf8) }
    let events = reader(of: pieces + [Array("data: {\"choices\":[],\"usage\":{}}\n\n".utf8)]).events
    #expect(events.firstToken == 2)
    #expect(events.firstAnswer == 4)
    #expect(events.lastToken == 5)
    #expect(events.lastEvent == 7)
    #expect(events.chunks == 4)
    #expect(String(repairing: events.scanner.answer) == " \n\tyes ")
  }

  @Test(arguments: [
    (#"data: {"error":{"code":502,"message":"down"},"choices":[]}"#, true),
    (#"data: {"error":"down"}"#, true),
    (#"data: {"choices":[{"delta":{},"error":{"code":502}}]}"#, true),
    (#"data: {"object":"error","message":"down","code":400}"#, true),
    (#"data: {"detail":"Unauthorized"}"#, true),
    (#"data: {"choices":[],"detail":"x"}"#, false),
    ("event: error\ndata: {\"message\":\"down\"}", true),
    ("event: error\ndata: upstream failed", true),
    (#"data: [{"error":{"code":429,"message":"down"}}]"#, true),
    (#"data: {"error":null,"choices":[]}"#, false),
    (#"data: {"choices":[{"error":null}]}"#, false),
  ])
  func errorsAreKeptFromEveryPlace(event: String, isError: Bool) {
    let reading = reading(event + "\n\ndata: {\"choices\":[]}\n\n")
    #expect((reading.error != nil) == isError)
    #expect(reading.unreadable == nil)
  }

  @Test func theFirstErrorStays() {
    let reading = reading("data: {\"error\":\"first\"}\n\ndata: {\"error\":\"second\"}\n\n")
    #expect(reading.error == #"{"error":"first"}"#)
  }

  @Test(arguments: ["{\"choices\":[{\"delta\":{\"content\":\"x\"}}", "{]", " {\"choices\":[}"])
  func aBrokenChunkIsRemembered(data: String) {
    let reading = reading("data: \(data)\n\n")
    #expect(reading.unreadable == String(data.trimming { $0 == " " }))
    #expect(reading.answer.isEmpty)
  }

  @Test(arguments: ["keep-alive", "[1]", "", "  ", "[DONE] "])
  func whatIsNoPartOfAnAnswerIsIgnored(data: String) {
    let reading = reading("data: \(data)\n\n")
    #expect(reading.unreadable == nil)
    #expect(reading.error == nil)
  }

  @Test func aLineWithoutEndIsTooLarge() {
    var reader = StreamReader()
    let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
    var pieces = 0
    while pieces < 64, piece.withUnsafeBytes({ reader.consume($0, at: 0) }) { pieces += 1 }
    #expect(pieces == Bounds.line >> 20)
    #expect(reader.isTooLarge)
  }

  @Test func anEventWithoutEndIsTooLarge() {
    var reader = StreamReader()
    let piece = Array("data: \(String(repeating: "x", count: (1 << 16) - 1))\n".utf8)
    var pieces = 0
    while pieces < 1024, piece.withUnsafeBytes({ reader.consume($0, at: 0) }) { pieces += 1 }
    #expect(pieces == Bounds.line >> 16)
    #expect(reader.isTooLarge)
  }

  @Test(arguments: [
    ("{\"a\":1}", BodyReader.Shape.whole), ("\n         \n{", .whole), ("\u{FEFF}[", .whole),
    ("<!DOCTYPE html>", .whole), (": comment", .stream), ("data: x", .stream), (" \n", .undecided),
  ])
  func theFirstByteTellsTheShape(text: String, shape: BodyReader.Shape) {
    var body = BodyReader()
    for byte in text.utf8 { #expect([byte].withUnsafeBytes { body.consume($0, at: 0) }) }
    #expect(body.shape == shape)
  }

  @Test func aBodyBeyondTheBoundIsRefused() {
    var body = BodyReader()
    let piece = [UInt8](repeating: UInt8(ascii: "{"), count: 1 << 20)
    var pieces = 0
    while pieces < 64, piece.withUnsafeBytes({ body.consume($0, at: 0) }) { pieces += 1 }
    #expect(pieces == Bounds.body >> 20)
    #expect(body.isTooLarge)
  }
}

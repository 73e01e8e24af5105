import Testing
import TryoutCore
import TryoutStatistics

@testable import TryoutTransport

struct ChunkScannerTests {
  private func scan(_ chunks: String...) -> ChunkScanner {
    var scanner = ChunkScanner()
    for chunk in chunks {
      let delta = Array(chunk.utf8).withUnsafeBytes { scanner.scan($0) }
      #expect(delta != nil, "\(chunk)")
    }
    return scanner
  }

  @Test(arguments: [
    (#"{"content":"a"}"#, "a", ""),
    (#"{"content":null,"reasoning_content":"r"}"#, "", "r"),
    (#"{"content":"","reasoning":"r"}"#, "", "r"),
    (#"{"reasoning":"r","reasoning_content":"r"}"#, "", "r"),
    (#"{"reasoning":null,"reasoning_content":"r"}"#, "", "r"),
    (#"{"reasoning":"r","reasoning_details":[{"text":"r"}]}"#, "", "r"),
    (#"{"content":[{"type":"text","text":"a"},{"text":"b","type":"text"}]}"#, "ab", ""),
    (#"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"r"}]}]}"#, "", "r"),
    (#"{"content":[{"type":"thinking","thinking":"r"}]}"#, "", "r"),
    (#"{"refusal":"no","content":null}"#, "no", ""),
    (#"{"content":7,"role":{"content":"x"}}"#, "", ""),
    (#"{"cont\u0065nt":"a"}"#, "a", ""),
  ])
  func deltasOfEveryShape(delta: String, answer: String, reasoning: String) {
    let scanner = scan(#"{"choices":[{"delta":\#(delta)}]}"#)
    #expect(String(repairing: scanner.answer) == answer)
    #expect(String(repairing: scanner.reasoning) == reasoning)
  }

  @Test func onlyTheFirstChoiceAndOnlyItsDeltaIsText() {
    let scanner = scan(
      #"""
      {"content":"x","choices":[{"text":"x","content":"x","logprobs":{"content":[{
      "content":"x"}]},"delta":{"content":"a"}},{"delta":{"content":"x"}}]}
      """#
    )
    #expect(String(repairing: scanner.answer) == "a")
  }

  @Test func aMessageCountsOnlyWhereNoDeltasCome() {
    let message = #"{"choices":[{"message":{"content":"all"}}]}"#
    #expect(String(repairing: scan(message).answer) == "all")
    let both = scan(
      #"{"choices":[{"message":{"content":"all"},"delta":{"content":"a"}}]}"#,
      message
    )
    #expect(String(repairing: both.answer) == "a")
  }

  @Test(arguments: [
    (#"[{"index":0,"id":"c","function":{"name":"f","arguments":""}}]"#, true),
    (#"[{"index":0,"function":{"arguments":"{\"a"}}]"#, true),
    (#"[{"function":{"arguments":{"a":1}}}]"#, true),
    (#"[{"index":0,"function":{"arguments":""}}]"#, false),
    ("[]", false), ("null", false),
  ])
  func toolCallsThatSaySomething(calls: String, says: Bool) {
    var scanner = ChunkScanner()
    let chunk = #"{"choices":[{"delta":{"content":null,"tool_calls":\#(calls)}}]}"#
    let delta = Array(chunk.utf8).withUnsafeBytes { scanner.scan($0) }
    #expect(delta == .init(isFilled: says, isVisible: says, isAnswer: says))
  }

  /// The usage chunks of 2025-12, 2026-03 and 2026-06, and those of other servers.
  @Test(arguments: [
    #"{"choices":[{"delta":{"content":""},"finish_reason":null}],"usage":USAGE}"#,
    #"{"choices":[],"usage":USAGE}"#,
    #"{"usage":USAGE,"choices":[{"delta":{"content":""},"finish_reason":"stop"}]}"#,
  ])
  func usageOfEveryDialect(chunk: String) {
    let usage =
      #"""
      {"prompt_tokens":43,"completion_tokens":36,"total_tokens":79,"cost":0.000669,
      "is_byok":false,"prompt_tokens_details":{"audio_tokens":0,"cached_tokens":5},
      "completion_tokens_details":{"reasoning_tokens":13}}
      """#
    let scanner = scan(
      #"{"choices":[{"delta":{},"finish_reason":"length"}],"usage":null}"#,
      chunk.replacing("USAGE", with: usage),
      #"{"choices":[],"usage":null}"#
    )
    #expect(scanner.usage == Usage(prompt: 43, completion: 36, reasoning: 13, cached: 5, total: 79))
    #expect(scanner.cost == 0.000669)
    #expect(scanner.finishReason == "length")
  }

  /// What came from a cache is told beside the other counts, too.
  @Test(arguments: [
    #""cached_tokens":5"#, #""prompt_cache_hit_tokens":5,"prompt_cache_miss_tokens":4"#,
    #""prompt_tokens_details":{"cached_tokens":5}"#,
  ])
  func cachedTokensOfEveryDialect(member: String) throws {
    let usage = #"{"prompt_tokens":9,"completion_tokens":1,\#(member)}"#
    let scanner = scan(#"{"choices":[],"usage":\#(usage)}"#)
    #expect(scanner.usage == Usage(prompt: 9, completion: 1, cached: 5))
    let body = #"{"choices":[{"message":{"content":"Hi"}}],"usage":\#(usage)}"#
    let whole = WholeBody.json(Array(body.utf8)).flatMap { WholeBody(completion: $0) }
    #expect(whole?.usage == Usage(prompt: 9, completion: 1, cached: 5))
  }

  @Test(arguments: [
    "-1", "1.5", "\"3\"", "null", "{}", "99999999999999999999", "true", "9223372036854775807",
    "1000000001",
  ])
  func countsThatAreNoneAreUnknown(count: String) {
    let usage = #"{"prompt_tokens":\#(count),"cost":-1,"completion_tokens":2}"#
    let scanner = scan(#"{"usage":\#(usage)}"#)
    #expect(scanner.usage == Usage(completion: 2))
    #expect(scanner.cost == nil)
    let body = #"{"choices":[{"message":{"content":"Hi"}}],"usage":\#(usage)}"#
    let whole = WholeBody.json(Array(body.utf8)).flatMap { WholeBody(completion: $0) }
    #expect(whole?.usage == Usage(completion: 2))
  }

  /// Their sum is what budgets and windows count.
  @Test func theGreatestBelievableCountsAddUp() {
    let scanner = scan(
      #"{"usage":{"prompt_tokens":1000000000,"completion_tokens":1000000000}}"#)
    #expect(scanner.usage.totalOrSum == 2_000_000_000)
  }

  @Test func theLastCountAndTheFirstNameStay() {
    let scanner = scan(
      #"{"id":"","model":"","provider":"A","usage":{"completion_tokens":1}}"#,
      #"{"id":"gen-1","model":"m","provider":"B","usage":{"completion_tokens":2}}"#,
      #"{"id":"gen-2","model":"n"}"#
    )
    #expect(scanner.id == "gen-1")
    #expect(scanner.model == "m")
    #expect(scanner.upstream == "A")
    #expect(scanner.usage.completion == 2)
  }

  @Test func aChunkThatEndsTooEarlyLeavesNoText() {
    let chunk = Array(
      #"{"choices":[{"delta":{"content":"abc","reasoning":"d"}}],"usage":{"cost":1}}"#.utf8
    )
    for count in 0..<chunk.count {
      var scanner = ChunkScanner()
      let delta = chunk[..<count].withUnsafeBytes { scanner.scan($0) }
      #expect(delta == nil, "\(count) bytes")
      #expect(scanner.textCount == 0)
    }
  }

  @Test(arguments: [
    "{]", "{\"a\":[}", "{\"a\":1}}", "{\"a\" 1}", "[]", "{\"a\":@}", "{\"a\":,}",
    "{\"choices\":[{]}",
  ])
  func whatIsNoObjectIsRefused(text: String) {
    var scanner = ChunkScanner()
    #expect(Array(text.utf8).withUnsafeBytes { scanner.scan($0) } == nil)
  }

  @Test(arguments: [
    (#"a\"b\\c\/d\b\f\n\r\t"#, "a\"b\\c/d\u{8}\u{C}\n\r\t"), (#"\u00e9\u20AC"#, "é€"),
    (#"\ud83d\ude00"#, "😀"), (#"\ud83d"#, "\u{FFFD}"), (#"\u12"#, "\u{FFFD}12"),
  ])
  func escapesMeanCharacters(escaped: String, text: String) {
    let scanner = scan(#"{"choices":[{"delta":{"content":"\#(escaped)"}}]}"#)
    #expect(String(repairing: scanner.answer) == text)
  }

  @Test func aCharacterMayBeSplitBetweenChunks() {
    let scanner = scan(
      #"{"choices":[{"delta":{"content":"<\ud83d"}}]}"#,
      #"{"choices":[{"delta":{"content":"\ude00>"}}]}"#
    )
    #expect(String(repairing: scanner.answer) == "<😀>")
  }

  @Test func bytesThatAreNoTextAreRepaired() {
    #expect(String(repairing: [0x61, 0xFF, 0x62]) == "a\u{FFFD}b")
    #expect(String(repairing: Array("é".utf8)) == "é")
  }

  /// Chunks that repeat the last one around another text are recognised by it; that must change nothing.
  @Test func aRepeatedShapeIsReadLikeANewOne() {
    let shapes: [(String) -> String] = [
      { #"{"id":"c","choices":[{"index":0,"delta":{"content":"\#($0)"},"finish_reason":null}]}"# },
      {
        #"{"id":"c","choices":[{"index":0,"delta":{"reasoning":"\#($0)"},"finish_reason":null}]}"#
      },
      { #"{"choices":[{"delta":{"content":"\#($0)","reasoning_content":"\#($0)"}}]}"# },
      { #"{"choices":[{"delta":{"content":"\#($0)","tool_calls":[{"function":{"name":"f"}}]}}]}"# },
      { #"{"choices":[{"delta":{"content":"\#($0)"}}],"error":{"message":"m"}}"# },
      { #"{"choices":[{"delta":{"content":[{"type":"text","text":"\#($0)"}]}}]}"# },
      {
        #"{"choices":[{"delta":{"content":"\#($0)"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3}}"#
      },
    ]
    let texts = [
      "", " ", "a", "bc", #"\n"#, #"\""#, #"\\"#, #"x\"#, #"a","role":"b"#, #"\u00e9"#, #"\ud83d"#,
      #"\ude00"#, "é", #""}}]}"#, #"","reasoning":"r"#,
    ]
    var random = SplitMix64(seed: 7)
    for _ in 0..<2000 {
      var scanner = ChunkScanner()
      var (answer, reasoning): ([UInt8], [UInt8]) = ([], [])
      var shape = shapes[0]
      for _ in 0..<8 {
        if Int.random(in: 0..<3, using: &random) == 0 {
          shape = shapes.randomElement(using: &random) ?? shape
        }
        let chunk = Array(shape(texts.randomElement(using: &random) ?? "").utf8)
        var fresh = ChunkScanner()
        let expected = chunk.withUnsafeBytes { fresh.scan($0) }
        let delta = chunk.withUnsafeBytes { scanner.scan($0) }
        answer += fresh.answer
        reasoning += fresh.reasoning
        #expect(delta == expected, "\(String(decoding: chunk, as: UTF8.self))")
        #expect(scanner.tellsError == fresh.tellsError)
      }
      #expect(scanner.answer == answer)
      #expect(scanner.reasoning == reasoning)
    }
  }
}

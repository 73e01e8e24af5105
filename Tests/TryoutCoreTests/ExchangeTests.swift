import Testing
import TryoutCore

struct ExchangeTests {
  /// An exchange whose times are milliseconds.
  private func exchange(
    first: Int64?, answer: Int64?, last: Int64?, chunks: Int, usage: Usage
  ) -> Exchange {
    var exchange = Exchange()
    exchange.timeline.firstToken = first.map { $0 * 1_000_000 }
    exchange.timeline.firstAnswer = answer.map { $0 * 1_000_000 }
    exchange.timeline.lastToken = last.map { $0 * 1_000_000 }
    exchange.chunks = chunks
    exchange.usage = usage
    return exchange
  }

  @Test func theDecodeRateLeavesOutTheFirstChunk() {
    let usage = Usage(completion: 100)
    #expect(
      exchange(first: 500, answer: 500, last: 1500, chunks: 10, usage: usage).decodeRate == 90)
  }

  /// Tokens that were thought before the first one came are not part of the rate; visible ones are.
  @Test(arguments: [(Int64(500), 18.0), (600, 90.0)])
  func reasoningCountsWhereItWasSeen(answer: Int64, rate: Double) {
    let usage = Usage(completion: 100, reasoning: 80)
    let exchange = exchange(first: 500, answer: answer, last: 1500, chunks: 10, usage: usage)
    #expect(exchange.decodeRate == rate)
  }

  @Test func whatWasNotMeasuredHasNoDecodeRate() {
    let usage = Usage(completion: 9)
    let unknown = exchange(first: 5, answer: 5, last: 9, chunks: 3, usage: Usage())
    let oneChunk = exchange(first: 5, answer: 5, last: 5, chunks: 1, usage: usage)
    let whole = exchange(first: nil, answer: nil, last: 9, chunks: 0, usage: usage)
    let allHidden = exchange(
      first: 5, answer: 5, last: 9, chunks: 3, usage: Usage(completion: 9, reasoning: 9))
    for exchange in [unknown, oneChunk, whole, allHidden] {
      #expect(exchange.decodeRate == nil)
      #expect(!exchange.buffered)
    }
  }

  @Test func aBurstOfChunksWasBuffered() {
    let usage = Usage(completion: 9)
    let burst = exchange(first: 5, answer: 5, last: 5, chunks: 3, usage: usage)
    #expect(burst.buffered)
    #expect(burst.decodeRate == nil)
    #expect(!exchange(first: 5, answer: 5, last: 6, chunks: 3, usage: usage).buffered)
  }

  /// Times in nanoseconds: the share must be above one per cent and above a millisecond.
  @Test(arguments: [
    (Int64(50_000_000), Int64(1_000_000), false), (50_000_000, 1_000_001, true),
    (500_000_000, 5_000_000, false), (500_000_000, 5_000_001, true),
  ])
  func theHarnessTaintsWhatItWasTheBottleneckOf(latency: Int64, harness: Int64, isTainted: Bool) {
    var exchange = Exchange()
    exchange.timeline.lastToken = latency
    #expect(exchange.tainted == nil)
    exchange.harness = harness
    #expect(exchange.tainted == isTainted)
  }
}

import TryoutCore

@testable import TryoutTransport

/// An event stream reads the same in whatever pieces it comes.
///
/// The first two bytes of the input decide where the rest is cut; all dialects read it.
enum StreamTarget: FuzzTarget {
  static func check(_ input: [UInt8]) {
    check(input, .chatCompletions)
    check(input, .anthropicMessages)
  }

  private static func check(_ input: [UInt8], _ dialect: Provider.Dialect) {
    let bytes = Array(input.dropFirst(2))
    let whole = reading([bytes], dialect)
    let pieces = Pieces.cut(bytes, seed: input.prefix(2))
    Fuzz.require(
      reading(pieces, dialect) == whole,
      "pieces read otherwise: \(reading(pieces, dialect)) \(whole)")
    Fuzz.require(
      reading(bytes.map { [$0] }, dialect) == whole, "single bytes read otherwise: \(whole)")
  }

  /// What a reader has to say at the end, apart from stamps.
  private struct Reading: Equatable {
    var answer: [UInt8]
    var reasoning: [UInt8]
    var names: [String?]
    var usage: Usage
    var cost: Double?
    var counts: [Int]
    var flags: [Bool]
    var oddities: [[UInt8]?]
  }

  private static func reading(_ pieces: [[UInt8]], _ dialect: Provider.Dialect) -> Reading {
    var reader = StreamReader(dialect: dialect)
    for (moment, piece) in pieces.enumerated() {
      let isRead = piece.withUnsafeBytes { reader.consume($0, at: Int64(moment)) }
      Fuzz.require(isRead, "a short stream was too large")
    }
    reader.finish(at: Int64(pieces.count))
    let events = reader.events
    let told = events.scanner
    let stamps = [events.firstToken, events.firstAnswer, events.lastToken, events.lastEvent]
    Fuzz.require(
      stamps.allSatisfy { $0 ?? 0 <= pieces.count },
      "a stamp later than the end: \(stamps)"
    )
    Fuzz.require(
      events.firstToken ?? 0 <= events.lastToken ?? 0, "the last token before the first: \(stamps)")
    return Reading(
      answer: told.answer,
      reasoning: told.reasoning,
      names: [told.finishReason, told.model, told.upstream, told.id],
      usage: told.usage,
      cost: told.cost,
      counts: [events.chunks, events.events],
      flags: [events.isDone, told.isInDialect, told.tellsError] + stamps.map { $0 != nil },
      oddities: [events.error, events.unreadable]
    )
  }
}

/// Cuts bytes into pieces, as a network would.
enum Pieces {
  /// Pieces of up to 16 bytes, or of up to 256 where the seed is odd; none is empty.
  static func cut(_ bytes: [UInt8], seed: some Sequence<UInt8>) -> [[UInt8]] {
    var state = seed.reduce(UInt32(1)) { $0 << 8 | UInt32($1) }
    let most: UInt32 = state & 1 == 0 ? 16 : 256
    var pieces: [[UInt8]] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      state = state &* 1_664_525 &+ 1_013_904_223
      let piece = rest.prefix(Int((state >> 16) % most) + 1)
      pieces.append(Array(piece))
      rest = rest.dropFirst(piece.count)
    }
    return pieces
  }
}

/// The key of an attempt's rows: its run, its sample's place in that run, and its number, from the highest bits down.
///
/// So a run's rows lie together, in the order of the samples' first requests, and a sample's attempts side by side.
struct AttemptKey: Equatable {
  /// Bits of the number; the views in `Schema` know them too.
  static let numberBits = 14
  static let sampleBits = 29

  let value: Int64

  init(value: Int64) { self.value = value }

  /// Throws where a database holds no more runs, a run no more samples, or a sample no more attempts.
  init(run: Int64, sample: Int64, number: Int) throws {
    guard run < 1 << (63 - Self.numberBits - Self.sampleBits), sample < 1 << Self.sampleBits,
      number < 1 << Self.numberBits
    else { throw TooMany() }
    value = (run << Self.sampleBits | sample) << Self.numberBits | Int64(number)
  }

  var sample: Int64 { value >> Self.numberBits & (1 << Self.sampleBits - 1) }
  var number: Int { Int(value & (1 << Self.numberBits - 1)) }

  /// Every key that a run may have.
  static func all(ofRun run: Int64) -> ClosedRange<Int64> {
    let bits = numberBits + sampleBits
    return run << bits...(run << bits | (1 << bits - 1))
  }

  /// A database has room for a million runs, a run for 500 million samples, a sample for 16,383 attempts.
  struct TooMany: Error {}
}

import Testing

@testable import TryoutStore

struct AttemptKeyTests {
  @Test func aKeyHoldsItsPartsAndOrdersByThem() throws {
    let key = try AttemptKey(run: 3, sample: 70_000, number: 9)
    #expect((key.sample, key.number) == (70_000, 9))
    #expect(AttemptKey.all(ofRun: 3).contains(key.value))
    #expect(!AttemptKey.all(ofRun: 4).contains(key.value))
    let next = try AttemptKey(run: 3, sample: 70_001, number: 0)
    #expect(key.value < next.value)
  }

  @Test func theLargestKeyIsStillOne() throws {
    let key = try AttemptKey(run: 1 << 20 - 1, sample: 1 << 29 - 1, number: 1 << 14 - 1)
    #expect(key.value == .max)
    #expect((key.sample, key.number) == (1 << 29 - 1, 1 << 14 - 1))
  }

  @Test(arguments: [
    (run: Int64(1) << 20, sample: Int64(0), number: 1), (1, 1 << 29, 1), (1, 0, 1 << 14),
  ])
  func whatDoesNotFitIsRefused(run: Int64, sample: Int64, number: Int) {
    #expect(throws: AttemptKey.TooMany.self) {
      try AttemptKey(run: run, sample: sample, number: number)
    }
  }
}

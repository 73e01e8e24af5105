import CStamps
import Testing

@testable import TryoutSimulator

struct StampScheduleTests {
  @Test func whatIsDueFirstComesFirstAndNothingBeforeItsMoment() {
    var schedule = StampSchedule()
    var randomness = Randomness(seed: 3)
    let moments = (0..<500).map { _ in Int64(randomness.next() % 1000) }
    for (index, moment) in moments.enumerated() {
      schedule.push(.init(moment: moment, connection: Int32(index), generation: 0))
    }
    #expect(schedule.next == moments.min())
    var popped: [Int64] = []
    for now in stride(from: Int64(0), through: 1000, by: 50) {
      while let due = schedule.pop(until: now) {
        #expect(due.moment <= now)
        #expect(moments[Int(due.connection)] == due.moment)
        popped.append(due.moment)
      }
    }
    #expect(popped == moments.sorted())
    #expect(schedule.next == nil)
  }

  @Test func aStampIsTheMomentInDigits() throws {
    var chunk = StampedChunk()
    let before = stamps_now()
    chunk.stamp()
    let after = stamps_now()
    let text = String(decoding: chunk.bytes, as: UTF8.self)
    let match = try #require(text.firstMatch(of: /"content":"(\d{19}) "/))
    let stamp = try #require(Int64(match.1))
    #expect((before...after).contains(stamp))
  }
}

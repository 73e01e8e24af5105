import Testing

struct ManualClockTests {
  @Test func timeMovesOnlyWhenTold() {
    let clock = ManualClock()
    let start = clock.now
    #expect(start.duration(to: clock.now) == .zero)
    clock.advance(by: .seconds(3))
    #expect(start.duration(to: clock.now) == .seconds(3))
    #expect(clock.now.duration(to: start) == .seconds(-3))
  }

  @Test func sleepersWakeAtTheirDeadline() async throws {
    let clock = ManualClock()
    let start = clock.now
    async let early: Void = clock.sleep(until: start.advanced(by: .seconds(1)), tolerance: nil)
    async let late: Void = clock.sleep(until: start.advanced(by: .seconds(5)), tolerance: nil)
    while clock.sleeperCount < 2 { await Task.yield() }
    clock.advance(by: .milliseconds(999))
    #expect(clock.sleeperCount == 2)
    clock.advanceToNextDeadline()
    try await early
    #expect(start.duration(to: clock.now) == .seconds(1))
    #expect(clock.sleeperCount == 1)
    clock.advanceToNextDeadline()
    try await late
    #expect(start.duration(to: clock.now) == .seconds(5))
  }

  @Test func aPastDeadlineIsNoSleep() async throws {
    let clock = ManualClock()
    try await clock.sleep(until: clock.now, tolerance: nil)
    #expect(clock.sleeperCount == 0)
  }

  @Test func cancelledSleepersWakeAtOnce() async {
    let clock = ManualClock()
    let errors = await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        do {
          try await clock.sleep(until: clock.now.advanced(by: .seconds(1)), tolerance: nil)
          return false
        } catch {
          return error is CancellationError
        }
      }
      while clock.sleeperCount < 1 { await Task.yield() }
      group.cancelAll()
      return await group.next()
    }
    #expect(errors == true)
    #expect(clock.sleeperCount == 0)
  }
}

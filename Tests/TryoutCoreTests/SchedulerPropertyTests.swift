import Testing
import TryoutCore

/// The scheduler against random suites, limits, policies and failures, under virtual time.
///
/// The plans hold a million samples, of which half are asked; the others belong to targets that are
/// given up and to runs that end early. Every one of them is followed to its end.
struct SchedulerPropertyTests {
  @Test(arguments: 1...200)
  func rulesHold(seed: Int) {
    var run = VirtualRun(seed: UInt64(seed), samples: 5200)
    run.play()
    #expect(run.referee.violations == [])
    #expect(run.ending != nil)
  }

  /// Under open load, with a loop that wakes late now and then.
  @Test(arguments: 1...150)
  func rulesOfOpenLoadHold(seed: Int) {
    var run = VirtualRun(seed: UInt64(seed), samples: 2600, isOpen: true)
    run.play()
    #expect(run.referee.violations == [])
    #expect(run.ending != nil)
  }
}

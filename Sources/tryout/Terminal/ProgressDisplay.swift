import Foundation
import Synchronization
import TryoutCore

/// Shows how a run goes: a block that redraws itself on a terminal, a line now and then elsewhere.
final class ProgressDisplay: Sendable {
  private let planned: Int
  private let totals: [String: Int]
  private let anchor: Int64
  private let alreadyDone: Int
  private let latest = Mutex<(progress: RunProgress, taken: ContinuousClock.Instant)?>(nil)

  init(plan: Plan, anchor: Int64, alreadyDone: Int) {
    planned = plan.measuredCount
    var totals: [String: Int] = [:]
    for index in plan.samples.indices {
      totals[plan.suite.targets[plan.targetIndex(of: index)].id, default: 0] += 1
    }
    self.totals = totals
    self.anchor = anchor
    self.alreadyDone = alreadyDone
  }

  /// Takes the newest state; returns at once.
  func take(_ progress: RunProgress) { latest.withLock { $0 = (progress, .now) } }

  /// Draws until the task is cancelled.
  func run() async {
    let pause = Console.isErrorTerminal ? Duration.milliseconds(100) : .seconds(10)
    while (try? await Task.sleep(for: pause)) != nil { draw() }
  }

  /// Removes what a terminal shows, so that the report begins on a clean line.
  func clear() { Console.redraw([]) }

  private func draw() {
    guard let latest = latest.withLock({ $0 }) else { return }
    var progress = latest.progress
    // Nothing may have happened for a while, but time has passed.
    progress.elapsed += latest.taken.duration(to: .now)
    let view = ProgressView(
      planned: planned,
      totals: totals,
      progress: progress,
      anchor: anchor,
      alreadyDone: alreadyDone
    )
    guard Console.isErrorTerminal else {
      Console.say(view.line)
      return
    }
    let size = Console.size
    Console.redraw(view.block(width: size.columns, height: size.rows))
  }
}

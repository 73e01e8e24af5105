import Foundation
import Synchronization
import TryoutCore

/// Shows how a run goes: a block that redraws itself on a terminal, a line now and then elsewhere.
final class ProgressDisplay: Sendable {
  private let planned: Int
  private let totals: [String: Int]
  private let anchor: Int64
  private let alreadyDone: Int
  private let latest = Mutex<RunProgress?>(nil)
  private let drawnLines = Mutex(0)

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
  func take(_ progress: RunProgress) { latest.withLock { $0 = progress } }

  /// Draws until the task is cancelled.
  func run() async {
    let pause = Console.isErrorTerminal ? Duration.milliseconds(100) : .seconds(10)
    while (try? await Task.sleep(for: pause)) != nil { draw() }
  }

  /// Removes what a terminal shows, so that the report begins on a clean line.
  func clear() {
    let lines = drawnLines.withLock { lines in
      defer { lines = 0 }
      return lines
    }
    if lines > 0 { Console.draw("\u{1B}[\(lines)A\u{1B}[J") }
  }

  private func draw() {
    guard let progress = latest.withLock({ $0 }) else { return }
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
    clear()
    let lines = view.block(width: Console.width)
    Console.draw(lines.map { $0 + "\n" }.joined())
    drawnLines.withLock { $0 = lines.count }
  }
}

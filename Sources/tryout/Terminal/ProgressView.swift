import TryoutCore
import TryoutReport

/// Progress in words: pure, so that it can be compared as text.
struct ProgressView {
  /// Samples to be counted, and of each target with its warm-ups.
  let planned: Int
  let totals: [String: Int]
  let progress: RunProgress
  /// Nanoseconds since 1970 at the run's zero.
  let anchor: Int64
  /// Samples that earlier processes of this run had ended.
  let alreadyDone: Int

  /// One line for logs.
  var line: String { line(with: hold) }

  private func line(with hold: String?) -> String {
    var parts = ["\(done)/\(planned) samples", rate]
    if progress.retries > 0 { parts.append("\(progress.retries) retried") }
    if let failures { parts.append(failures) }
    if let hold { parts.append(hold) }
    if let remaining { parts.append("about \(remaining.brief) left") }
    return parts.joined(separator: ", ")
  }

  /// A line for each target, as far as they fit, one for the whole and one for what is waited for, none as wide as the
  /// terminal.
  func block(width: Int, height: Int) -> [String] {
    let names = progress.lanes.map { VisibleText.truncated(VisibleText.line($0.target), to: 32) }
    let column = names.map(VisibleText.width).max() ?? 0
    let rows = zip(names, progress.lanes).map { name, lane in
      let total = totals[lane.target] ?? 0
      let padding = String(repeating: " ", count: column - VisibleText.width(name))
      let count = "\(total - lane.open)/\(total)"
      return "  \(name)\(padding)  \(bar(total - lane.open, of: total)) \(count)\(state(of: lane))"
    }
    // Beside the rest the middle of it, which says for whom, would be cut out.
    let whole = [line(with: nil), hold].compactMap(\.self).map { VisibleText.line($0) }
    // What is taller than the terminal could not be drawn again in its place.
    return (rows.prefix(max(height - 1 - whole.count, 0)) + whole)
      .map { VisibleText.truncated($0, to: max(width - 1, 20)) }
  }

  private var done: Int { alreadyDone + progress.done }

  private var rate: String {
    let seconds = progress.elapsed.inSeconds
    guard seconds > 0 else { return "0/min" }
    return "\(Int((Double(progress.done) / seconds * 60).rounded()))/min"
  }

  private var failures: String? {
    guard !progress.failures.isEmpty else { return nil }
    return progress.failures.sorted { $0.key.rawValue < $1.key.rawValue }
      .map { "\($0.value) \($0.key.rawValue)" }.joined(separator: " ")
  }

  private var hold: String? {
    guard let (until, hold) = progress.hold else { return nil }
    let end = timestamp(anchor + until.nanoseconds).dropFirst(11)
    let wait = max(until - progress.elapsed, .zero).brief
    return switch hold {
    case .rate(let limit, let window):
      "waiting \(wait) for \(limit) (\(window.count) \(window.resource.rawValue)/"
        + "\(window.period.rawValue)) until \(end)"
    case .server(let target): "waiting \(wait) as \(target)'s server asked, until \(end)"
    case .pool(let target):
      "waiting \(wait) as the pool behind \(target) was full, until \(end)"
    case .retry(let target): "waiting \(wait) to retry \(target), until \(end)"
    case .schedule: nil
    }
  }

  private var remaining: Duration? {
    let left = planned - done
    guard progress.done > 0, left > 0 else { return nil }
    let untilHold = progress.hold.map { $0.until - progress.elapsed } ?? .zero
    return max(progress.elapsed * left / progress.done, untilHold)
  }

  private func state(of lane: Scheduler.LaneProgress) -> String {
    if let failure = lane.givenUp { return "  given up: \(failure.rawValue)" }
    if let failure = lane.outage { return "  cannot be reached: \(failure.rawValue)" }
    if let until = lane.pausedUntil {
      return "  paused until \(timestamp(anchor + until.nanoseconds))"
    }
    return lane.inFlight > 0 ? "  \(lane.inFlight) in flight" : ""
  }

  private func bar(_ done: Int, of total: Int) -> String {
    let filled = total > 0 ? done * 20 / total : 0
    return String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
  }
}

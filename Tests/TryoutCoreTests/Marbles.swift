import TryoutCore

/// Plays a suite with scripted endings and draws the starts.
enum Marbles {
  /// 2026-01-02 00:00 UTC in nanoseconds since 1970.
  static let midnight: Int64 = 1_767_312_000_000_000_000

  static func play(
    _ suite: Suite, _ endings: String, anchor: Int64 = 0, prior: [Scheduler.Prior] = [],
    tokens: Int? = nil, usd: Double? = nil
  ) -> String {
    ends(suite, endings, anchor: anchor, prior: prior, tokens: tokens, usd: usd).line
  }

  /// The line with how many samples are left open at its end.
  static func ends(
    _ suite: Suite, _ endings: String, anchor: Int64 = 0, prior: [Scheduler.Prior] = [],
    tokens: Int? = nil, usd: Double? = nil, hasReplied: Bool = false
  ) -> (line: String, open: Int) {
    let plan = Plan(suite, seed: 1)
    var scheduler = Scheduler(plan: plan, anchor: anchor, prior: prior, hasReplied: hasReplied)
    var script = endings[...]
    var flights: [(end: Duration, dispatch: Scheduler.Dispatch, result: Scheduler.Result)] = []
    var columns: [Int64: String] = [:]
    var now = Duration.zero
    var skipped = 0
    func line(_ mark: String) -> (String, Int) {
      (draw(columns, skipped) + mark, scheduler.progress.reduce(0) { $0 + $1.open })
    }
    while true {
      let action = scheduler.next(at: now)
      skipped += scheduler.takeUnasked().count
      var until = flights.first?.end
      switch action {
      case .start(let dispatch):
        let target = suite.targets[plan.targetIndex(of: dispatch.sample)].id
        columns[now.components.seconds, default: ""] +=
          dispatch.attempt > 1 ? target.uppercased() : target
        var result = result(script.popFirst() ?? ".")
        if result.failure == nil { (result.tokens, result.usd) = (tokens, usd) }
        flights.append((now + .seconds(1), dispatch, result))
        continue
      case .wait(let moment, _): until = min(moment, until ?? moment)
      case .waitForResult: break
      case .look: return line("?")
      case .finish(.complete): return line("|")
      case .finish(.interrupted): return line("I")
      case .finish(.paused): return line("P")
      }
      guard let until, until > now else { return line("?") }
      now = until
      while let flight = flights.first, flight.end <= now {
        flights.removeFirst()
        _ = scheduler.ended(flight.dispatch, flight.result, at: now)
      }
    }
  }

  private static func result(_ ending: Character) -> Scheduler.Result {
    switch ending {
    case "s": Scheduler.Result(failure: .server)
    case "w": Scheduler.Result(failure: .overloaded, wait: .seconds(3))
    case "r": Scheduler.Result(failure: .rateMinute, wait: .seconds(4))
    case "u": Scheduler.Result(failure: .rateUpstream)
    case "e": Scheduler.Result(refill: .seconds(4))
    case "h": Scheduler.Result(refill: .seconds(1200))
    case "z": Scheduler.Result(refill: .seconds(7200))
    case "f": Scheduler.Result(failure: .empty, refill: .seconds(4))
    case "b": Scheduler.Result(failure: .badRequest, refill: .seconds(7200))
    case "y": Scheduler.Result(failure: .server, refill: .seconds(7200))
    case "x": Scheduler.Result(failure: .reset)
    case "d": Scheduler.Result(failure: .rateDay)
    case "g": Scheduler.Result(failure: .modelGone)
    case "t": Scheduler.Result(failure: .timeoutTotal)
    case "n": Scheduler.Result(failure: .connect, wasSent: false)
    case "l": Scheduler.Result(failure: .timeoutConnect, wasSent: false)
    case "c": Scheduler.Result(failure: .cancelled)
    default: Scheduler.Result()
    }
  }

  private static func draw(_ columns: [Int64: String], _ skipped: Int) -> String {
    let last = columns.keys.max() ?? -1
    let line = (0...max(last, 0)).map { second in
      let starts = columns[second] ?? "-"
      return starts.count > 1 ? "(\(starts))" : starts
    }
    return line.joined() + (skipped > 0 ? "x\(skipped)" : "")
  }
}

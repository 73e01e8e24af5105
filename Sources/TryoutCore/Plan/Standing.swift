/// How far an earlier run has carried a plan out.
///
/// Ids compare what is really sent, so that an edited prompt or a new target is missing and the rest is done.
package struct Standing: Sendable, Equatable {
  /// Samples that have ended, by position in the plan, and warm-ups of targets of which no other sample is left.
  package private(set) var done: Set<Int> = []
  /// Attempts made for samples that are still open.
  package private(set) var attempted: [Int: Int] = [:]
  /// Samples that have ended and that the plan does not have, warm-ups and votes left out.
  package private(set) var stale = 0
  /// Requests and US dollars that the run has used, stale samples included.
  package private(set) var requests: Int
  package private(set) var usd: Double

  /// Compares a plan with the ids of samples that have ended, and the attempts made for those that have not.
  package init(
    of plan: Plan, closed: Set<String> = [], attempts: [String: Int] = [:], requests: Int = 0,
    usd: Double = 0
  ) {
    self.requests = requests
    self.usd = usd
    guard !closed.isEmpty || !attempts.isEmpty else { return }
    var kept = 0
    for index in plan.samples.indices {
      let id = plan.id(of: index)
      if closed.contains(id) {
        done.insert(index)
        if !plan.samples[index].warmup { kept += 1 }
      } else if let count = attempts[id] {
        attempted[index] = count
      }
    }
    stale = closed.count { !Plan.isUncounted($0) } - kept
    var hasWork = Array(repeating: false, count: plan.suite.targets.count)
    for index in plan.samples.indices where !plan.samples[index].warmup && !done.contains(index) {
      hasWork[plan.targetIndex(of: index)] = true
    }
    for index in 0..<plan.warmupCount where !hasWork[plan.targetIndex(of: index)] {
      done.insert(index)
    }
  }

  /// What a standing becomes where a forecast comes true.
  init(_ earlier: Standing, after forecast: Forecast, requests: Int) {
    self = earlier
    done = Set(forecast.ended.indices.filter { forecast.ended[$0] })
    self.requests += requests
  }

  /// The standing in which nothing is left but what one target is asked.
  package func only(target: Int, of plan: Plan) -> Standing {
    var standing = self
    standing.done.formUnion(plan.samples.indices.filter { plan.targetIndex(of: $0) != target })
    return standing
  }

  /// Samples of a plan that are counted and have ended.
  package func doneCount(in plan: Plan) -> Int { done.count { !plan.samples[$0].warmup } }

  /// Whether nothing of a plan is left to ask.
  package func isComplete(_ plan: Plan) -> Bool { done.count == plan.samples.count }
}

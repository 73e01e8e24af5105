/// What two runs do not have in common, as far as it decides what may be compared.
package struct Comparability: Sendable, Equatable {
  /// Why times must not be compared: what moves them beside the model has changed.
  package let obstacles: [String]
  /// What a reader should know; it forbids nothing.
  package let remarks: [String]

  package init(base: RunRecord, head: RunRecord) {
    func change(_ name: String, _ base: String?, _ head: String?) -> String? {
      base == head ? nil : "\(name) \(base ?? "unknown") → \(head ?? "unknown")"
    }
    func changes(of keys: [(String, String)]) -> [String] {
      keys.compactMap { key, name in change(name, base.environment[key], head.environment[key]) }
    }
    var obstacles = changes(of: [("http", "HTTP library"), ("region", "region")])
    let hours = Comparability.hoursApart(base.startedAt, head.startedAt)
    if hours > Comparability.hourBand {
      obstacles.append(
        "hour of day \(Comparability.clock(base.startedAt)) → \(Comparability.clock(head.startedAt)) UTC"
      )
    }
    if base.suite.run.load != head.suite.run.load { obstacles.append("run.load") }
    if base.suite.run.concurrency != head.suite.run.concurrency {
      obstacles.append(
        "run.concurrency \(base.suite.run.concurrency) → \(head.suite.run.concurrency)")
    }
    self.obstacles = obstacles
    var remarks = changes(of: [
      ("system", "system"), ("processors", "processors"), ("tryout", "tryout"),
    ])
    if base.digest != head.digest {
      remarks.append("suite digest \(base.digest.prefix(8)) → \(head.digest.prefix(8))")
    }
    self.remarks = remarks
  }

  /// Providers are a third faster at night: a run is compared with those begun within so many hours of its own.
  package static let hourBand = 2.0

  /// Why the times of one target must not be compared, although they pair.
  package static func obstacles(of target: String, base: Suite, head: Suite) -> [String] {
    guard let (old, new) = both(target, base, head) else { return [] }
    let concurrency = (base.limit(of: old).concurrency, head.limit(of: new).concurrency)
    return concurrency.0 == concurrency.1
      ? [] : ["concurrency \(concurrency.0) → \(concurrency.1)"]
  }

  /// What is sent differently to a target, so that nothing of it pairs; names of keys, and values where they are short.
  package static func contentChanges(of target: String, base: Suite, head: Suite) -> [String] {
    guard let (old, new) = both(target, base, head) else { return [] }
    let (from, to) = (base.account(of: old), head.account(of: new))
    var changes: [String] = []
    if old.model != new.model { changes.append("model \(old.model) → \(new.model)") }
    if from.provider != to.provider || from.baseURL != to.baseURL { changes.append("provider") }
    if from.script != to.script { changes.append("simulator script") }
    if old.stream != new.stream { changes.append("stream \(old.stream) → \(new.stream)") }
    if old.parameters != new.parameters { changes.append("params") }
    if old.route != new.route { changes.append("route") }
    if old.freeOnly != new.freeOnly { changes.append("free_only") }
    if base.run.http != head.run.http {
      changes.append("http \(base.run.http.rawValue) → \(head.run.http.rawValue)")
    }
    return changes
  }

  private static func both(_ id: String, _ base: Suite, _ head: Suite) -> (Target, Target)? {
    guard let old = base.targets.first(where: { $0.id == id }),
      let new = head.targets.first(where: { $0.id == id })
    else { return nil }
    return (old, new)
  }

  private static func hoursApart(_ one: Int64, _ other: Int64) -> Double {
    let day = 86400.0
    let apart = (Double(one - other) / 1e9).magnitude.truncatingRemainder(dividingBy: day)
    return min(apart, day - apart) / 3600
  }

  private static func clock(_ time: Int64) -> String {
    let minutes = ((time / 60_000_000_000) % 1440 + 1440) % 1440
    func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(padded(minutes / 60)):\(padded(minutes % 60))"
  }
}

extension Suite {
  /// Ids of cases that are graded by the same checks as in another suite.
  package func casesGradedAlike(as other: Suite) -> Set<String> {
    let others = Dictionary(
      other.cases.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    return Set(
      cases.filter { item in
        // Checks may name variables that no prompt does.
        others[item.id].map { $0.checks == item.checks && $0.variables == item.variables } ?? false
      }.map(\.id))
  }
}

import TryoutCore

extension Reader {
  mutating func readGates(_ cursor: Cursor?) {
    guard let cursor else { return }
    guard let list = cursor.list("a list of gates") else {
      gateNames.isComplete = false
      return
    }
    for element in list {
      if let gate = element.isScalar ? shortGate(element) : fullGate(element) {
        gateNames.declare(gate.id, at: element.place, collector: collector)
        gates.append(gate)
      } else {
        gateNames.isComplete = false
      }
    }
  }

  /// Reads `answered >= 95%`: the estimate's interval is held against the limit.
  private func shortGate(_ cursor: Cursor) -> Gate? {
    let expected = "METRIC, one of <= >= ==, and a limit, such as \"latency.p95 <= 8s\""
    guard let text = cursor.text(expected) else { return nil }
    let signs: [Gate.Comparison] = [.atMost, .atLeast, .equal]
    guard
      let (comparison, range) = signs.lazy.compactMap({ sign in
        text.firstRange(of: sign.sign).map { (sign, $0) }
      }).first
    else { return cursor.refuse(expected) }
    let name = trimmed(text[..<range.lowerBound])
    let limit = trimmed(text[range.upperBound...])
    guard let metric = readMetric(name, at: cursor) else { return nil }
    if case .paired(let clock) = metric {
      return refuseBare(clock, at: cursor)
    }
    let number = self.limit(limit, of: metric, isRelative: false, at: cursor)
    let isPossible = isMeasurable(metric, Gate.Filter(), at: cursor)
    guard let number, isPossible else { return nil }
    return Gate(id: text, metric: metric, comparison, number, text: limit)
  }

  private func trimmed(_ text: Substring) -> String {
    let start = text.drop(while: \.isWhitespace)
    let length = start.reversed().drop(while: \.isWhitespace).count
    return String(start.prefix(length))
  }

  private mutating func fullGate(_ cursor: Cursor) -> Gate? {
    guard
      let fields = cursor.fields([
        "id", "metric", "at_least", "at_most", "equal", "bound", "severity", "where", "against",
        "paired",
      ])
    else { return nil }
    let named = fields.require("metric", "a metric such as answered or latency.p95")
    let metric = named.flatMap { named in
      named.text("a metric").flatMap { readMetric($0, at: named) }
    }
    let id = fields["id"]?.identifier()
    let filter = fields["where"].flatMap { readFilter($0) }
    let against = fields["against"]?.choice(among: ["baseline"])
    let bounds: [(Gate.Comparison, Cursor)] = [.atLeast, .atMost, .equal]
      .compactMap { comparison in
        fields[comparison.rawValue].map { (comparison, $0) }
      }
    if bounds.count != 1 {
      cursor.error(
        "\(cursor.path) has \(bounds.isEmpty ? "no limit" : "more than one limit")",
        expected: "one of at_least, at_most, equal"
      )
    }
    let bound = fields["bound"]?.choice(Gate.Bound.self)
    let severity = fields["severity"]?.choice(Gate.Severity.self)
    // A filter that could not be read would only lead to wrong conclusions.
    let isFiltered = !fields.has("where") || filter != nil
    guard let named, let metric else { return nil }
    if case .clock(let clock, .max) = metric, fields.has("against") {
      named.error(
        "\(metric.name) of two runs cannot be compared, since chance alone moves it without bound",
        expected: "\(clock.rawValue), or a statistic such as \(clock.rawValue).p95")
    }
    let paired = isPaired(metric, fields, named)
    let isPossible = !isFiltered || isMeasurable(metric, filter ?? Gate.Filter(), at: named)
    guard isPossible, bounds.count == 1, let (comparison, limitCursor) = bounds.first,
      let text = limitCursor.text("a limit"),
      let number = limit(text, of: metric, isRelative: fields.has("against"), at: limitCursor)
    else { return nil }
    return Gate(
      id: id ?? metric.name,
      metric: metric,
      comparison,
      number,
      text: text,
      bound: bound ?? .interval,
      severity: severity ?? .fail,
      filter: filter ?? Gate.Filter(),
      against: against,
      paired: paired
    )
  }

  /// A clock without a statistic is compared sample by sample, and nothing else is.
  private func isPaired(_ metric: Metric, _ fields: Fields, _ named: Cursor) -> Bool {
    let written = fields["paired"].flatMap { $0.bool() }
    guard case .paired(let clock) = metric else {
      if written == true {
        named.error(
          "\(metric.name) cannot be paired",
          expected: "a clock without a statistic, such as latency"
        )
      }
      return false
    }
    if !fields.has("against") {
      let _: Gate? = refuseBare(clock, at: named)
    } else if written == false {
      fields["paired"]?.error(
        "\(clock.rawValue) without a statistic is always paired",
        expected: "paired: true, or a statistic such as \(clock.rawValue).p95"
      )
    }
    return true
  }

  private func refuseBare(_ clock: Metric.Clock, at cursor: Cursor) -> Gate? {
    cursor.error(
      "\(clock.rawValue) has no statistic",
      expected: "\(clock.rawValue).p95 or the like",
      advice: "\(clock.rawValue) alone is for gates with against: baseline"
    )
    return nil
  }

  private mutating func readFilter(_ cursor: Cursor) -> Gate.Filter? {
    guard let fields = cursor.fields(["target", "prompt", "case", "tag"]) else { return nil }
    var filter = Gate.Filter()
    filter.target = fields["target"].flatMap { targetNames.reference($0) }
    filter.prompt = fields["prompt"].flatMap { promptNames.reference($0) }
    filter.caseID = fields["case"].flatMap { caseNames.reference($0) }
    var tags = Names("tag")
    for tag in Set(cases.flatMap(\.value.tags)).sorted() {
      tags.declare(tag, at: cursor.place, collector: collector)
    }
    tags.isComplete = caseNames.isComplete
    filter.tag = fields["tag"].flatMap { tags.reference($0) }
    if fields.entries.isEmpty {
      cursor.error("\(cursor.path) is empty", expected: "at least one of target, prompt, case, tag")
    } else if filter != Gate.Filter(), caseNames.isComplete, !hasSample(matching: filter) {
      cursor.error(
        "no planned sample matches \(cursor.path)",
        expected: "a combination that is not excluded"
      )
    }
    let read = [filter.target, filter.prompt, filter.caseID, filter.tag].compactMap(\.self)
    return read.count == fields.entries.count && !read.isEmpty ? filter : nil
  }

  /// The metric of a name; nil, with a diagnostic, where there is none.
  func readMetric(_ name: String, at cursor: Cursor) -> Metric? {
    if let metric = Metric(name) { return metric }
    if name.hasPrefix("error_rate{"), name.hasSuffix("}") {
      let kind = String(name.dropFirst(11).dropLast())
      let kinds = FailureKind.allCases.map(\.rawValue)
      cursor.error(
        "unknown failure kind \(quoted(kind))",
        expected: "one of \(kinds.joined(separator: ", "))",
        advice: Suggestion.advice(for: kind, among: kinds)
      )
    } else {
      cursor.error(
        "unknown metric \(quoted(name))",
        expected: "one of \(Reader.metrics)",
        advice: Suggestion.advice(for: name, among: Metric.allNames)
      )
    }
    return nil
  }

  /// Metrics as messages list them: statistics once and not for each clock.
  private static let metrics: String = {
    let clocks = Metric.Clock.allCases.map { "\($0.rawValue).*" }
    let statistics = Metric.Statistic.allCases.map(\.rawValue).joined(separator: " ")
    let plain = Metric.allNames.filter { name in
      !Metric.Clock.allCases.contains { name.hasPrefix($0.rawValue + ".") }
    }
    return (plain + clocks).joined(separator: ", ") + " with * = \(statistics)"
  }()

  /// Whether the planned samples can tell anything about a metric.
  func isMeasurable(_ metric: Metric, _ filter: Gate.Filter, at cursor: Cursor) -> Bool {
    let silent = targets.filter { (filter.target ?? $0.id) == $0.id && !$0.stream }
    if metric.needsStream, !silent.isEmpty {
      cursor.error(
        "\(metric.name) needs streamed answers, and \(listed(silent.map { quoted($0.id) })) "
          + "\(silent.count == 1 ? "does" : "do") not stream",
        expected: "stream: true",
        advice: "name a target that streams in where:, or gate latency"
      )
      return false
    }
    let needsChecks = [.passRate, .score, .usdPerPass].contains(metric)
    guard needsChecks, caseNames.isComplete, hasSample(matching: filter),
      !hasSample(matching: filter, where: { $0.checks.contains { $0.severity != .info } })
    else { return true }
    cursor.error(
      "\(metric.name) needs checks, and no case has one that counts",
      expected: "checks with severity must or score"
    )
    return false
  }

  /// A limit in the metric's unit.
  private func limit(
    _ text: String,
    of metric: Metric,
    isRelative: Bool,
    at cursor: Cursor
  ) -> Double? {
    let value: Double?
    let expected: String
    switch isRelative ? .ratio : metric.unit {
    case .share: (value, expected) = (Units.share(text), "a share from 0 to 1 such as 95% or 0.95")
    case .seconds:
      (value, expected) = (Units.duration(text)?.inSeconds, "a duration such as 8s or 250ms")
    case .tokensPerSecond: (value, expected) = (Units.rate(text), "tokens a second such as 20/s")
    case .tokens:
      (value, expected) = (Units.count(text).map(Double.init), "a count such as 400 or 2k")
    case .usd:
      value = Units.number(text).flatMap { $0 >= 0 ? $0 : nil }
      expected = "US dollars as a number such as 0.05"
    case .ratio: (value, expected) = (Units.ratio(text), "a ratio to the baseline such as 1.10x")
    }
    guard let value else {
      cursor.error(
        "the limit \(quoted(text)) does not fit \(metric.name)",
        expected: expected,
        advice: Units.number(text) == nil ? nil : "the unit is missing or the number out of range"
      )
      return nil
    }
    return value
  }
}

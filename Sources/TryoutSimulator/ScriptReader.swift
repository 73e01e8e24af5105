import Yams

extension Script {
  /// Reads a script; what it does not say stays as built in.
  package init(yaml: String) throws(ScriptError) {
    let root: Node?
    do {
      root = try Yams.compose(yaml: yaml, .default, .default, .utf8)
    } catch {
      throw ScriptError(yams: error)
    }
    guard let root else { throw ScriptError(line: 1, column: 1, problem: .missing("version")) }
    self = try ScriptReader().script(root)
  }
}

/// Makes a script from the nodes of a YAML document.
private struct ScriptReader {
  private static let personaKeys = [
    "like", "first_token", "per_token", "answer_tokens", "reasoning_tokens", "burst", "wrong",
    "faults", "quotas", "usage", "cost_per_token", "answers", "listing", "blocked", "gated",
    "ignores_max_price", "usage_chunk", "comments", "padding",
  ]

  func script(_ node: Node) throws(ScriptError) -> Script {
    let fields = try ScriptFields(
      node,
      allowed: [
        "version", "seed", "key", "key_limit", "quotas", "answers", "models", "nights", "night",
        "clock_ahead",
      ]
    )
    let version = try fields.required("version")
    guard try version.text() == "1" else { throw version.expected("version 1") }

    var script = Script()
    try fields.read("seed", into: &script.seed, by: seed)
    if let key = fields["key"] { script.key = try key.text() }
    try fields.read("quotas", into: &script.quotas, listOf: quota)
    try fields.read("answers", into: &script.answers, listOf: answer)
    if let limit = fields["key_limit"] { script.keyLimit = try limit.number(upTo: 1e6) }
    try fields.read("clock_ahead", into: &script.clockAhead)
    if let models = fields["models"] {
      script.personas = try personas(models, changing: Persona.builtIn)
    }
    var personas = script.personas
    for night in try fields["nights"]?.elements() ?? [] {
      personas = try self.night(night, after: personas)
      script.nights.append(personas)
    }
    try fields.read("night", into: &script.night)
    return script
  }

  // MARK: - Models

  private func personas(
    _ node: Node, changing old: [String: Persona]
  ) throws(ScriptError) -> [String: Persona] {
    var models: [String: Node] = [:]
    for (key, value) in try node.members() { models[key.name] = value }
    var personas = old
    for name in models.keys.sorted() {
      personas[name] = try persona(name, among: models, changing: old, path: [])
    }
    return personas
  }

  /// `gone` leaves, `ended` is left as a paid model only, `models` become otherwise.
  private func night(
    _ node: Node, after old: [String: Persona]
  ) throws(ScriptError) -> [String: Persona] {
    let fields = try ScriptFields(node, allowed: ["gone", "ended", "models"])
    var personas = old
    for element in try fields["gone"]?.elements() ?? [] {
      personas[try known(element, among: old)] = nil
    }
    for element in try fields["ended"]?.elements() ?? [] {
      let name = try known(element, among: old)
      personas[name]?.listing.isListed = false
      personas[name]?.faults = [Fault(.freeEnded)]
    }
    guard let models = fields["models"] else { return personas }
    return try self.personas(models, changing: personas)
  }

  private func known(
    _ node: Node, among personas: [String: Persona]
  ) throws(ScriptError) -> String {
    let name = try node.text()
    guard personas[name] == nil else { return name }
    throw node.error(.unknownModel(name, known: personas.keys.sorted()))
  }

  /// Follows `like:` from model to model; `path` holds the names on the way here.
  private func persona(
    _ name: String,
    among models: [String: Node],
    changing old: [String: Persona],
    path: [String]
  ) throws(ScriptError) -> Persona {
    guard let node = models[name] else { return old[name] ?? Persona() }
    let fields = try ScriptFields(node, allowed: Self.personaKeys)
    var persona = old[name] ?? Persona()
    if let like = fields["like"] {
      let other = try like.text()
      if other == name, let before = old[name] {
        persona = before
      } else if other == name || path.contains(other) {
        throw like.error(.likeItself(name))
      } else if models[other] == nil, old[other] == nil {
        let known = Set(models.keys).union(old.keys).subtracting([name])
        throw like.error(.unknownModel(other, known: known.sorted()))
      } else {
        persona = try self.persona(other, among: models, changing: old, path: path + [name])
      }
    }
    try change(&persona, by: fields)
    return persona
  }

  private func change(_ persona: inout Persona, by fields: ScriptFields) throws(ScriptError) {
    try fields.read("first_token", into: &persona.firstToken, by: latency)
    try fields.read("per_token", into: &persona.perToken, by: latency)
    try fields.read("answer_tokens", into: &persona.answerTokens)
    try fields.read("reasoning_tokens", into: &persona.reasoningTokens)
    try fields.read("burst", into: &persona.burst)
    try fields.read("wrong", into: &persona.wrong)
    try fields.read("faults", into: &persona.faults, listOf: fault)
    try fields.read("quotas", into: &persona.quotas, listOf: quota)
    try fields.read("usage", into: &persona.usage)
    try fields.read("cost_per_token", into: &persona.costPerToken, upTo: 1)
    try fields.read("answers", into: &persona.answers, listOf: answer)
    try fields.read("usage_chunk", into: &persona.usageChunk)
    try fields.read("comments", into: &persona.comments)
    try fields.read("padding", into: &persona.padding)
    try fields.read("blocked", into: &persona.listing.isBlocked)
    try fields.read("gated", into: &persona.listing.isGated)
    try fields.read("ignores_max_price", into: &persona.listing.ignoresMaxPrice)
    if let node = fields["listing"] { try change(&persona.listing, by: node) }
  }

  private func change(_ listing: inout Listing, by node: Node) throws(ScriptError) {
    let fields = try ScriptFields(
      node,
      allowed: [
        "listed", "slug", "created", "expires", "context", "max_completion", "parameters",
        "reasoning",
      ])
    try fields.read("listed", into: &listing.isListed)
    if let slug = fields["slug"] { listing.slug = try slug.text() }
    if let day = fields["created"] { listing.created = try self.day(day) }
    if let day = fields["expires"] { listing.expires = try self.day(day) }
    if let count = fields["context"] { listing.contextLength = try tokens(count) }
    if let count = fields["max_completion"] { listing.maxCompletionTokens = try tokens(count) }
    if let list = fields["parameters"] {
      listing.parameters = []
      for element in try list.elements() { listing.parameters.append(try element.text()) }
    }
    try fields.read("reasoning", into: &listing.reasoning)
  }

  // MARK: - Parts

  private func day(_ node: Node) throws(ScriptError) -> String {
    let text = try node.text()
    guard text.wholeMatch(of: #/[0-9]{4}-[0-9]{2}-[0-9]{2}/#) != nil else {
      throw node.expected("a date such as 2026-12-31")
    }
    return text
  }

  private func tokens(_ node: Node) throws(ScriptError) -> Int {
    guard let count = Int(try node.text()), (1...10_000_000).contains(count) else {
      throw node.expected("a whole number of tokens")
    }
    return count
  }

  private func seed(_ node: Node) throws(ScriptError) -> UInt64 {
    guard let seed = UInt64(try node.text()) else { throw node.expected("a whole number from 0") }
    return seed
  }

  /// `120ms`, `{ constant: 120ms }` or `{ median: 120ms, sigma: 0.3 }`.
  private func latency(_ node: Node) throws(ScriptError) -> Latency {
    if case .scalar = node { return Latency(median: try node.duration()) }
    let fields = try ScriptFields(node, allowed: ["median", "sigma", "constant"])
    if let constant = fields["constant"] {
      guard fields["median"] == nil, fields["sigma"] == nil else {
        throw constant.expected("either constant or median and sigma")
      }
      return Latency(median: try constant.duration())
    }
    var latency = Latency(median: try fields.required("median").duration())
    try fields.read("sigma", into: &latency.sigma, upTo: 5)
    return latency
  }

  private func fault(_ node: Node) throws(ScriptError) -> Fault {
    let fields = try ScriptFields(
      node,
      allowed: ["kind", "probability", "times", "after", "retry_after", "lasts"]
    )
    var fault = Fault(try fields.required("kind").choice())
    try fields.read("probability", into: &fault.probability, upTo: 1)
    try fields.read("times", into: &fault.times)
    try fields.read("after", into: &fault.after)
    try fields.read("retry_after", into: &fault.retryAfter)
    try fields.read("lasts", into: &fault.lasts)
    return fault
  }

  /// `{ requests: 20/min }`; the window is `s`, `min`, `hour`, `day` or a duration.
  private func quota(_ node: Node) throws(ScriptError) -> Quota {
    let rate = try ScriptFields(node, allowed: ["requests"]).required("requests")
    let parts = try rate.text().split(separator: "/", maxSplits: 1).map(String.init)
    guard let requests = parts.first.flatMap({ Int($0) }), requests >= 0, parts.count == 2,
      let window = Self.window(parts[1])
    else { throw rate.expected("requests per time, such as 20/min, 1000/day or 5/2s") }
    return Quota(requests: requests, per: window)
  }

  private static func window(_ text: String) -> Duration? {
    switch text {
    case "s": .seconds(1)
    case "min": .seconds(60)
    case "hour": .seconds(3600)
    case "day": .seconds(86_400)
    default: Duration(spelled: text).flatMap { $0 >= .milliseconds(1) ? $0 : nil }
    }
  }

  /// `when` is a text that the prompt holds, or a regular expression between slashes.
  private func answer(_ node: Node) throws(ScriptError) -> ScriptedAnswer {
    let fields = try ScriptFields(node, allowed: ["when", "say"])
    let when = try fields.required("when")
    let say = try fields.required("say").text()
    let text = try when.text()
    guard text.count > 2, text.hasPrefix("/"), text.hasSuffix("/") else {
      return ScriptedAnswer(when: .contains(text), say: say)
    }
    let pattern = String(text.dropFirst().dropLast())
    do {
      _ = try Regex(pattern)
    } catch {
      throw when.expected("a regular expression between slashes; this one is none: \(error)")
    }
    return ScriptedAnswer(when: .matches(pattern), say: say)
  }
}

extension ScriptError {
  /// Puts the parser's words and position into ours.
  fileprivate init(yams error: any Error) {
    switch error {
    case YamlError.scanner(_, let problem, let mark, _),
      YamlError.parser(_, let problem, let mark, _),
      YamlError.composer(_, let problem, let mark, _):
      self.init(line: mark.line, column: mark.column, problem: .syntax(problem))
    case YamlError.duplicatedKeysInMapping(let duplicates, let context):
      let keys = duplicates.sorted().joined(separator: ", ")
      self.init(
        line: context.mark.line,
        column: context.mark.column,
        problem: .syntax("the same key twice: \(keys)")
      )
    case YamlError.reader(let problem, _, _, _):
      self.init(line: 1, column: 1, problem: .syntax(problem))
    default:
      self.init(line: 1, column: 1, problem: .syntax("\(error)"))
    }
  }
}

import TryoutCore

extension Reader {
  mutating func readTargets(_ cursor: Cursor?) {
    let expected = "at least one target such as openrouter:MODEL"
    guard let list = cursor?.list(expected, mayBeEmpty: false) else {
      targetNames.isComplete = false
      return
    }
    for element in list {
      if let target = element.isScalar ? shortTarget(element) : fullTarget(element) {
        targetNames.declare(target.id, at: element.place, collector: collector)
        targets.append(target)
      } else {
        targetNames.isComplete = false
      }
    }
  }

  /// `provider:model`: the first colon splits, and the model may have more of them.
  private mutating func shortTarget(_ cursor: Cursor) -> Target? {
    let expected = "provider:model such as openrouter:openai/gpt-oss-20b:free"
    guard let text = cursor.text(expected) else { return nil }
    guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else {
      return cursor.refuse(expected)
    }
    let model = String(text[text.index(after: colon)...])
    guard identifierProblem(model) == nil else { return cursor.refuse(expected) }
    let account = self.account(named: String(text[..<colon]), by: cursor)
    return target(id: model, account: account, model: model, fields: nil, place: cursor.place)
  }

  private mutating func fullTarget(_ cursor: Cursor) -> Target? {
    guard
      let fields = cursor.fields([
        "id", "account", "provider", "model", "limit", "free_only", "stream", "params", "route",
        "price",
      ])
    else { return nil }
    let model = fields.require("model", "the model's id at the provider")?.identifier()
    let source = fields["account"] ?? fields["provider"]
    if fields.has("account"), let other = fields["provider"] {
      other.error("\(cursor.path) has both account and provider", expected: "one of them")
    } else if source == nil {
      cursor.error(
        "\(cursor.path) has no account", expected: "account: ID or provider: NAME",
        advice: model.flatMap(Reader.splittingAdvice))
    }
    let account = source.flatMap { source in
      source.text("the id of an account").flatMap { self.account(named: $0, by: source) }
    }
    guard let id = fields["id"].map({ $0.identifier() }) ?? model else { return nil }
    return target(id: id, account: account, model: model ?? "", fields: fields, place: cursor.place)
  }

  /// Where a model is written as in a target of one line.
  private static func splittingAdvice(_ model: String) -> String? {
    let parts = model.split(separator: ":", maxSplits: 1)
    guard parts.count == 2, Provider.preset(named: String(parts[0])) != nil else { return nil }
    return "write provider: \(parts[0]), model: \(quoted(String(parts[1])))"
  }

  /// Fills in what is not written.
  ///
  /// A target without a readable account keeps its id for references.
  private mutating func target(
    id: String,
    account: Account?,
    model: String,
    fields: Fields?,
    place: Place
  ) -> Target {
    var target = Target(
      id: id,
      account: account?.id ?? "",
      model: model,
      limit: "",
      freeOnly: account?.provider.routes == true && model.hasSuffix(":free"),
      stream: streamsByDefault,
      parameters: defaultParameters
    )
    if let value = fields?["free_only"]?.bool() { target.freeOnly = value }
    if let value = fields?["stream"]?.bool() { target.stream = value }
    if let cursor = fields?["params"] {
      target.parameters.merge(readParameters(cursor)) { _, own in own }
    }
    if let account { fit(&target, to: account, at: fields?["params"]?.place ?? place) }
    target.price = fields?["price"].flatMap(readPrice)
    if target.freeOnly, let price = target.price, price.input + price.output > 0,
      let cursor = fields?["price"]
    {
      cursor.error(
        "the target \(quoted(id)) has a price and is free_only",
        expected: "one of them",
        advice: "write free_only: false if it may cost"
      )
    }
    guard let account else { return target }
    if let cursor = fields?["route"] { target.route = readRoute(cursor, account.provider) }
    target.limit = limit(
      for: target,
      at: account,
      named: fields?["limit"],
      place: place
    )
    return target
  }

  /// Gives parameters the names that they have at the provider, and leaves out those that it does not take.
  private func fit(_ target: inout Target, to account: Account, at place: Place) {
    let (sent, dropped) = account.provider.fitting(target.parameters, at: account.baseURL)
    target.parameters = sent
    guard !dropped.isEmpty else { return }
    let names = dropped.map(quoted).joined(separator: ", ")
    let subject = dropped.count == 1 ? "the parameter \(names) is" : "the parameters \(names) are"
    collector.warning(
      "\(subject) not sent for \(quoted(target.id))",
      at: place,
      advice: "\(account.provider.name) does not take \(dropped.count == 1 ? "it" : "them")"
    )
  }

  /// Parameters are passed through, except those that are tryout's own to set.
  func readParameters(_ cursor: Cursor) -> [String: JSON] {
    var parameters: [String: JSON] = [:]
    for entry in cursor.entries("a map of parameters") ?? [] {
      if entry.key == "models" {
        collector.error(
          "the parameter \(quoted(entry.key)) in \(cursor.path) lets other models answer",
          at: entry.keyPlace,
          expected: "one model for each target",
          advice: "write a target for each, and compare them"
        )
      } else if ["model", "messages", "input", "stream", "stream_options"].contains(entry.key) {
        collector.error(
          "the parameter \(quoted(entry.key)) in \(cursor.path) is set by tryout itself",
          at: entry.keyPlace,
          expected: "parameters such as temperature",
          advice: entry.key.hasPrefix("stream") ? "write stream: beside params:" : nil
        )
      } else if let value = entry.value.json() {
        parameters[entry.key] = value
      }
    }
    return parameters
  }

  private func readRoute(_ cursor: Cursor, _ provider: Provider) -> JSON? {
    guard provider.routes else {
      cursor.error(
        "route means nothing to the provider \(provider.name)",
        expected: "a provider that routes",
        advice: "take it out"
      )
      return nil
    }
    guard cursor.isMap else { return cursor.refuse("a map of routing preferences") }
    return cursor.json()
  }

  private func readPrice(_ cursor: Cursor) -> Price? {
    let expected = "US dollars as a number such as 0.15"
    guard let fields = cursor.fields(["input", "output", "per"]),
      let input = fields.require("input", expected)?.number(0...1e6, expected),
      let output = fields.require("output", expected)?.number(0...1e6, expected),
      let per = fields.require("per", "the tokens which that buys: per: 1M")?.count(
        1...1_000_000_000
      )
    else { return nil }
    return Price(input: input / Double(per), output: output / Double(per))
  }
}
